"""`seatbeacon connection list|show`."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import click

from seatbeacon.cli.lazy import Command
from seatbeacon.cli.output.rows import format_option, print_rows


@click.command("list", cls=Command)
@format_option()
def list_(format_: str) -> None:
    """List the connections."""
    from seatbeacon.beacon.start import start

    start()
    from seatbeacon.beacon.connections.overview import OVERVIEW_COLUMNS, overview

    keys = tuple(OVERVIEW_COLUMNS)
    rows = overview()
    if not rows:
        click.echo("There is no connection yet. Add one with: seatbeacon connection add NAME", err=True)
    if rows or format_ != "table":
        print_rows(format_, keys, rows, tuple(OVERVIEW_COLUMNS.values()))


@click.command(cls=Command)
@click.argument("name")
@format_option("table", "json")
def show(name: str, format_: str) -> None:
    """Show every field of the connection NAME. Of its secrets: which it holds, and since when."""
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.connections.overview import details
    from seatbeacon.beacon.connections.services import find_connection
    from seatbeacon.beacon.secrets.keys import load_key_ring

    fields = details(lambda: load_key_ring(settings), find_connection(name))
    if format_ == "json":
        print_rows(format_, [field.key for field in fields], [[field.value for field in fields]])
    else:
        print_rows(format_, ("field", "value"), [(field.label, field.value) for field in fields])
