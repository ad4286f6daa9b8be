"""`seatbeacon import list|show`."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import click

from seatbeacon.cli.lazy import Command
from seatbeacon.cli.output.rows import format_option, print_rows

SHORT = 80
"""Characters of a problem in a table; `show`, JSON and CSV have all of it."""

_COLUMNS = {
    "run": "Run",
    "connection": "Connection",
    "trigger": "Trigger",
    "state": "State",
    "started_at": "Started",
    "ended_at": "Ended",
    "users": "Users",
    "licenses": "Licenses",
    "assignments": "Assignments",
    "problem": "Problem",
}


@click.command("list", cls=Command)
@click.argument("name", required=False)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many runs.")
@format_option()
def list_(name: str | None, limit: int, format_: str) -> None:
    """List the import runs, newest first; those of the connection NAME alone where it is given."""
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.connections.services import find_connection
    from seatbeacon.beacon.models import ImportRun
    from seatbeacon.beacon.runs.recovery import interrupt_dead_runs

    interrupt_dead_runs(settings)
    runs = ImportRun.objects.order_by("-id")
    if name is not None:
        runs = runs.filter(connection=find_connection(name))
    rows = [
        (
            run.pk,
            run.connection_name or None,
            run.trigger,
            run.state,
            run.started_at,
            run.ended_at,
            *(run.counts.get(what, {}).get("total") for what in ("users", "licenses", "assignments")),
            _short(run.problem) if format_ == "table" else run.problem or None,
        )
        for run in runs[:limit]
    ]
    if not rows:
        click.echo("There is no import run yet. Start one with: seatbeacon import run NAME", err=True)
    if rows or format_ != "table":
        print_rows(format_, tuple(_COLUMNS), rows, tuple(_COLUMNS.values()))


def _short(problem: str) -> str | None:
    return f"{problem[:SHORT]}…" if len(problem) > SHORT else problem or None


@click.command(cls=Command)
@click.argument("run", type=click.IntRange(min=1))
@format_option("table", "json")
def show(run: int, format_: str) -> None:
    """Show the import run RUN: each dataset's outcome, what changed, and what to do."""
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.imports.held import find_run
    from seatbeacon.beacon.runs.recovery import interrupt_dead_runs
    from seatbeacon.cli.ending import tell_run

    interrupt_dead_runs(settings)
    found = find_run(run)
    if format_ == "table":
        tell_run(found)
        return
    keys = ("connection_name", "trigger", "state", "queued_at", "started_at", "ended_at", "tenant_id")
    more = ("problem", "remedy", "datasets", "counts", "notes", "package")
    names = (*keys, *more)
    print_rows(format_, ("run", *names), [(found.pk, *(getattr(found, name) for name in names))])
