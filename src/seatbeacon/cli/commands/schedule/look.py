"""`seatbeacon schedule list|show`."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import click

from seatbeacon.cli.lazy import Command
from seatbeacon.cli.output.rows import format_option, print_rows


@click.command("list", cls=Command)
@format_option()
def list_(format_: str) -> None:
    """List the schedules: when each runs, and how many connections hang on it."""
    from seatbeacon.beacon.start import start

    start()
    from seatbeacon.beacon.schedules.overview import OVERVIEW_COLUMNS, overview

    rows = overview()
    if not rows:
        click.echo("There is no schedule yet. Add one with: seatbeacon schedule add NAME", err=True)
    if rows or format_ != "table":
        print_rows(format_, tuple(OVERVIEW_COLUMNS), rows, tuple(OVERVIEW_COLUMNS.values()))


@click.command(cls=Command)
@click.argument("name")
@format_option("table", "json")
def show(name: str, format_: str) -> None:
    """Show the schedule NAME: its next five runs, and its connections with what became of their last turn."""
    from seatbeacon.beacon.start import start

    start()
    from seatbeacon.beacon.schedules.clock import rule_of
    from seatbeacon.beacon.schedules.overview import coming_runs, last_turns
    from seatbeacon.beacon.schedules.services import find_schedule

    schedule = find_schedule(name)
    runs = coming_runs(schedule) if schedule.enabled else []
    connections = list(schedule.connections.order_by("name"))
    turns = last_turns([connection.pk for connection in connections])
    told = [
        {
            "connection": connection.name,
            "enabled": connection.enabled,
            "last_due_at": turn.due_at if turn else None,
            "last_outcome": turn.state if turn else None,
            "note": (turn.note if turn else "") or None,
        }
        for connection in connections
        for turn in [turns.get(connection.pk)]
    ]
    fields: dict[str, tuple[str, object]] = {
        "name": ("Name", schedule.name),
        "kind": ("Kind", schedule.kind),
        "summary": ("Runs", rule_of(schedule).summary()),
        "time_zone": ("Time zone", schedule.time_zone),
        "at_once": ("Connections at once", schedule.at_once),
        "jitter_seconds": ("Jitter, seconds", schedule.jitter_seconds),
        "status": ("Status", "enabled" if schedule.enabled else "paused"),
    }
    if format_ == "json":
        keys = (*fields, "rule", "next_runs", "connections")
        values = [value for _, value in fields.values()]
        print_rows(format_, keys, [[*values, schedule.rule, [run.at for run in runs], told]])
        return
    coming = [("Next run" if not place else "", run.words) for place, run in enumerate(runs)]
    print_rows(format_, ("field", "value"), [*fields.values(), *coming])
    if told:
        print_rows(
            format_,
            ("Connection", "Enabled", "Last due", "Outcome", "Note"),
            [list(one.values()) for one in told],
        )
    else:
        click.echo(
            f'No connection hangs on it: seatbeacon connection schedule NAME "{schedule.name}"', err=True
        )
