"""`seatbeacon settings`."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs

from __future__ import annotations

import click

from seatbeacon.cli.lazy import Command
from seatbeacon.cli.output.rows import format_option, print_rows


@click.command(cls=Command)
@format_option("table", "json")
def settings(format_: str) -> None:
    """List every setting, its value and where the value comes from. Secrets are masked."""
    from seatbeacon.beacon.settings import describe_settings

    rows = [(one.name, one.value, one.source, one.help) for one in describe_settings()]
    print_rows(format_, ("name", "value", "source", "help"), rows, ("Setting", "Value", "Source", "Meaning"))
