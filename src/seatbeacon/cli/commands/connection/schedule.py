"""`seatbeacon connection schedule`."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import click

from seatbeacon.cli.lazy import Command
from seatbeacon.inventory.neutral import neutral_line


@click.command(cls=Command)
@click.argument("name")
@click.argument("schedule", required=False)
@click.option("--none", "unschedule", is_flag=True, help="Take it off its schedule.")
def schedule(name: str, schedule: str | None, *, unschedule: bool) -> None:
    """Hang the connection NAME on SCHEDULE, or on none; with neither, say on which it hangs.

    A connection without a schedule imports only when somebody says so. What it imported stays.
    """
    from seatbeacon.beacon.start import start

    start()
    from seatbeacon.beacon.connections.services import find_connection
    from seatbeacon.beacon.schedules.overview import coming_runs, summary_of
    from seatbeacon.beacon.schedules.services import assign, find_schedule
    from seatbeacon.cli.actor import command_line

    if schedule is not None and unschedule:
        raise click.UsageError("Give a schedule or --none, not both.")
    connection = find_connection(name)
    if schedule is not None:
        assign(connection, find_schedule(schedule), actor=command_line())
    elif unschedule:
        assign(connection, None, actor=command_line())
    found = connection.schedule
    if found is None:
        click.echo(neutral_line(f"“{connection.name}” is not scheduled."))
        return
    click.echo(neutral_line(f"“{connection.name}” runs on “{found.name}”: {summary_of(found)}."))
    if not found.enabled:
        click.echo(
            f'The schedule is paused. Resume it with: seatbeacon schedule resume "{found.name}"', err=True
        )
        return
    for run in coming_runs(found):
        click.echo(f"  {run.words}")
    if not connection.enabled:
        told = f'The connection is disabled: seatbeacon connection enable "{connection.name}"'
        click.echo(neutral_line(told), err=True)
