"""`seatbeacon schedule add|edit|delete|pause|resume`."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import sys
from typing import TYPE_CHECKING, Any

import click

from seatbeacon.cli.commands.schedule.options import given_schedule, schedule_options
from seatbeacon.cli.lazy import Command
from seatbeacon.inventory.neutral import neutral_line

if TYPE_CHECKING:
    from seatbeacon.beacon.models import Schedule

MOST_NAMES = 20


@click.command(cls=Command)
@click.argument("name")
@schedule_options
def add(name: str, **options: Any) -> None:
    """Add the schedule NAME. Nothing imports by it until a connection hangs on it.

    Times are local times of its zone. One that daylight saving skips runs at the next minute there is, one
    that comes twice runs once; --every and --hourly keep their pace through both nights.
    """
    from seatbeacon.beacon.start import start

    start()
    from seatbeacon.beacon.schedules.services import create_schedule
    from seatbeacon.cli.actor import command_line

    schedule = create_schedule(given_schedule(name, options), actor=command_line())
    _tell("Added", schedule)
    click.echo(
        f'Hang a connection on it with: seatbeacon connection schedule NAME "{schedule.name}"', err=True
    )


@click.command(cls=Command)
@click.argument("name")
@click.option("--name", "new_name", metavar="NAME", help="A new name for the schedule.")
@schedule_options
def edit(name: str, new_name: str | None, **options: Any) -> None:
    """Change the schedule NAME: only what is given changes. Its connections stay on it."""
    from seatbeacon.beacon.start import start

    start()
    from seatbeacon.beacon.schedules.services import edit_schedule, find_schedule
    from seatbeacon.cli.actor import command_line

    schedule = find_schedule(name)
    edit_schedule(schedule, given_schedule(new_name, options, schedule), actor=command_line())
    _tell("Changed", schedule)


@click.command(cls=Command)
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(name: str, *, yes: bool) -> None:
    """Delete the schedule NAME. Its connections stay, and are not scheduled any more."""
    from seatbeacon.beacon.start import start

    start()
    from seatbeacon.beacon.schedules.services import delete_schedule, find_schedule
    from seatbeacon.cli.actor import command_line

    schedule = find_schedule(name)
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("Nobody is there to ask: give --yes to delete it.")
        names = list(schedule.connections.order_by("name").values_list("name", flat=True))
        _say_moved(names, "would not be")
        if not click.confirm(neutral_line(f"Delete the schedule “{schedule.name}”?"), err=True):
            raise click.ClickException("Nothing was deleted.")
    moved = delete_schedule(schedule, actor=command_line())
    click.echo(neutral_line(f"Deleted schedule “{schedule.name}”."))
    _say_moved(moved, "are not")


@click.command(cls=Command)
@click.argument("name")
def pause(name: str) -> None:
    """Let nothing import by the schedule NAME until it is resumed."""
    _set_enabled(name, enabled=False)


@click.command(cls=Command)
@click.argument("name")
def resume(name: str) -> None:
    """Let connections import by the schedule NAME again. Times that passed are not made up for."""
    _set_enabled(name, enabled=True)


def _set_enabled(name: str, *, enabled: bool) -> None:
    from seatbeacon.beacon.start import start

    start()
    from seatbeacon.beacon.schedules.services import find_schedule, set_enabled
    from seatbeacon.cli.actor import command_line

    schedule = find_schedule(name)
    set_enabled(schedule, enabled=enabled, actor=command_line())
    schedule.refresh_from_db()
    _tell("Resumed" if enabled else "Paused", schedule)


def _tell(what: str, schedule: Schedule) -> None:
    from seatbeacon.beacon.schedules.overview import coming_runs, summary_of

    click.echo(neutral_line(f"{what} schedule “{schedule.name}”: {summary_of(schedule)}."))
    if schedule.next_run_at is not None:
        for run in coming_runs(schedule, count=1):
            click.echo(f"Next run: {run.words}")


def _say_moved(names: list[str], what: str) -> None:
    if not names:
        return
    told = ", ".join(names[:MOST_NAMES])
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    click.echo(neutral_line(f"These connections {what} scheduled any more: {told}{more}"), err=True)
