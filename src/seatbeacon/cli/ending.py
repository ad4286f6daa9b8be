"""Run an import with its progress, tell how it ended, and say it by the exit status."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
from typing import TYPE_CHECKING, Any

import click

from seatbeacon.cli.output.table import print_table
from seatbeacon.cli.progress import progress_display
from seatbeacon.cli.stopping import stoppable
from seatbeacon.inventory.neutral import neutral_line

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
            ("Dataset", "Outcome", "Count", "As of", "Missing"),
            [
                (one["name"], one["outcome"], one["count"], one["refresh_date"], _missing(one))
                for one in run.datasets
            ],
        )
        for told in _told_together(run.datasets):
            click.echo(neutral_line(told))
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


def _missing(dataset: dict[str, Any]) -> str | None:
    """The permission and the role that a dataset lacks."""
    if dataset["outcome"] != "denied":
        return None
    return ", or the role ".join(dataset[key] for key in ("permission", "role") if dataset[key]) or None


def _told_together(datasets: list[dict[str, Any]]) -> list[str]:
    """What is to be told of datasets, once for all of which the same is to be told."""
    names: dict[tuple[str, str], list[str]] = {}
    problems: dict[tuple[str, str], str] = {}
    optional = [f"{one['name']} ({_missing(one)})" for one in datasets if one["extra"] and _missing(one)]
    for one in datasets:
        if one["outcome"] != "collected" and not (one["extra"] and _missing(one)):
            key = (one["outcome"], one["remedy"] or one["problem"] or "")
            problems.setdefault(key, one["problem"] or "")
            names.setdefault(key, []).append(one["name"])
        for note in one["notes"]:
            names.setdefault(("note", note), []).append(one["name"])
    lines = [f"Optional and not granted: {', '.join(optional)}."] if optional else []
    for (outcome, told), who in names.items():
        problem = problems.get((outcome, told), "")
        more = "" if told == problem else f" {told}"
        lines.append(f"{outcome.capitalize()}: {', '.join(who)}: {problem}{more}".replace("  ", " "))
    return lines


def _changes(name: str, counts: dict[str, int]) -> str:
    total = f"{counts['total']:,} {name}"
    changes = [f"{counts[key]:,} {key}" for key in ("added", "removed", "changed") if counts[key]]
    return f"{total} ({', '.join(changes)})" if changes else f"{total} (nothing changed)"
