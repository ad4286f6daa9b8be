"""`seatbeacon import run`: Execute Now."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import click

from seatbeacon.cli.lazy import Command


@click.command(cls=Command)
@click.argument("name")
def run(name: str) -> int:
    """Import the connection NAME now, and show how it goes.

    Exit status: 0 it succeeded, 3 it succeeded with problems, 1 it failed or is held, 130 it was stopped.
    """
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.connections.services import find_connection
    from seatbeacon.beacon.imports.execute import run_import
    from seatbeacon.beacon.models import Trigger
    from seatbeacon.cli.actor import command_line
    from seatbeacon.cli.ending import told_ending

    connection, actor = find_connection(name), command_line()
    return told_ending(
        lambda observer, check: run_import(
            settings, connection, Trigger.CLI, actor=actor, observer=observer, check_cancelled=check
        )
    )
