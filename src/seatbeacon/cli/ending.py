"""Run an import with its progress, tell how it ended, and say it by the exit status."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
from typing import TYPE_CHECKING

import click

from seatbeacon.cli.output.neutral import neutral_line
from seatbeacon.cli.output.table import print_table
from seatbeacon.cli.progress import progress_display
from seatbeacon.cli.stopping import stoppable

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.imports.observer import Observer
    from seatbeacon.beacon.models import ImportRun

SUCCEEDED, FAILED, WITH_PROBLEMS = 0, 1, 3
COUNTED = ("users", "licenses", "assignments")


def told_ending(work: Callable[[Observer, Callable[[], None]], ImportRun]) -> int:
    """Do `work`, which is given an observer and a check for the wish to stop, and return the exit status.

    Ctrl-C raises KeyboardInterrupt, once the run says that it was cancelled.
    """
    from seatbeacon.graph.errors import Cancelled
    from seatbeacon.inventory.errors import ImportCancelled

    try:
        with stoppable() as stop, progress_display() as observer:
            run = work(observer, stop.check)
    except (Cancelled, ImportCancelled):
        raise KeyboardInterrupt from None
    tell_run(run)
    return exit_status(run)


def exit_status(run: ImportRun) -> int:
    """What the run's state is to a shell."""
    from seatbeacon.beacon.models import RunState

    return {RunState.SUCCEEDED: SUCCEEDED, RunState.SUCCEEDED_WITH_PROBLEMS: WITH_PROBLEMS}.get(
        RunState(run.state), FAILED
    )


def tell_run(run: ImportRun) -> None:
    """A run's datasets as a table, what it changed, and how it ended with what to do."""
    from seatbeacon.beacon.models import RunState

    if run.datasets:
        print_table(
            ("Dataset", "Outcome", "Count", "As of", "What is missing, and what to do"),
            [
                (one["name"], one["outcome"], one["count"], one["refresh_date"], _told(one))
                for one in run.datasets
            ],
        )
    for name in COUNTED:
        if name in run.counts:
            click.echo(_changes(name, run.counts[name]))
    for note in run.notes:
        click.echo(neutral_line(f"Note: {note}"))
    ended = f"Import run {run.pk} {_ended(run.state)}"
    if run.state == RunState.SUCCEEDED:
        click.echo(ended)
    else:
        click.echo(neutral_line(f"{ended} {run.problem} {run.remedy}"), err=True)


def _ended(state: str) -> str:
    from seatbeacon.beacon.models import RunState

    if state == RunState.HELD:
        return "is held: what was published before is still shown."
    if state in {RunState.CANCELLED, RunState.INTERRUPTED}:
        return f"was {state}."
    return f"is {state}." if state in {RunState.QUEUED, RunState.RUNNING} else f"{state}."


def _told(dataset: dict[str, object]) -> str | None:
    if dataset["outcome"] == "collected":
        notes = dataset["notes"]
        return " ".join(str(note) for note in notes) if isinstance(notes, list) else None
    return " ".join(str(dataset[key]) for key in ("problem", "remedy") if dataset[key])


def _changes(name: str, counts: dict[str, int]) -> str:
    total = f"{counts['total']:,} {name}"
    changes = [f"{counts[key]:,} {key}" for key in ("added", "removed", "changed") if counts[key]]
    return f"{total} ({', '.join(changes)})" if changes else f"{total} (nothing changed)"
