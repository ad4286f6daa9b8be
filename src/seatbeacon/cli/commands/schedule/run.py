"""`seatbeacon schedule run`."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import click

from seatbeacon.cli.lazy import Command
from seatbeacon.inventory.neutral import neutral_line


@click.command(cls=Command)
@click.argument("name")
def run(name: str) -> None:
    """Import all connections of the schedule NAME now, as many at once as it says.

    The workers do it: `seatbeacon serve` has one. Connections that import already, or that are disabled, are
    left out, and told. The schedule's own times stay as they are.
    """
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.models import Trigger
    from seatbeacon.beacon.schedules.run_now import run_now
    from seatbeacon.beacon.schedules.services import find_schedule
    from seatbeacon.cli.actor import command_line

    schedule = find_schedule(name)
    begun = run_now(settings, schedule, Trigger.CLI, actor=command_line())
    for skipped, note in begun.skipped:
        click.echo(neutral_line(f"{skipped}: {note}"), err=True)
    if not begun.importing:
        raise click.ClickException("Nothing was queued.")
    click.echo(neutral_line(f"Queued: {', '.join(begun.importing)}"))
    click.echo(f"At once: {schedule.at_once}. See how far they are with: seatbeacon import list", err=True)
