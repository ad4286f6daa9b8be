"""An import's progress, on standard error: live bars in a terminal, a line per dataset elsewhere."""

from __future__ import annotations

# ruff: noqa: PLC0415 - rich is imported where a terminal is there
import sys
import threading
from typing import TYPE_CHECKING, Any, Self

import click

from seatbeacon.inventory.neutral import neutral_line

if TYPE_CHECKING:
    from rich.progress import TaskID

    from seatbeacon.beacon.models import ImportRun
    from seatbeacon.collection.progress import Progress


class PlainProgress:
    """A line for each dataset that ended. Called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing stays open."""

    def started(self, run: ImportRun) -> None:
        """Tell the run's number."""
        what = f"“{run.connection_name}”" if run.connection_name else "a package"
        self._say(f"Import run {run.pk} of {what} started.")

    def collected(self, progress: Progress) -> None:
        """Tell a dataset that ended."""
        if progress.finished is not None:
            self._say(f"{progress.dataset}: {progress.finished.value}, {progress.objects:,}")

    def merging(self, tenant: str) -> None:
        """Tell that the inventory is being written."""
        self._say(f"Importing into the inventory of {tenant} …")

    def _say(self, line: str) -> None:
        with self._lock:
            click.echo(neutral_line(line), err=True)


class LiveProgress:
    """Bars that move: one for all datasets, and one for each that is under way. Called from any thread."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        self._lock = threading.Lock()
        self._tasks: dict[str, TaskID] = {}
        self._done = 0
        self._live = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pages]}", markup=False),
            TimeRemainingColumn(compact=True),
            console=Console(stderr=True),
            transient=True,
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def started(self, run: ImportRun) -> None:
        """Show the bar of all datasets."""
        del run
        self._all()

    def collected(self, progress: Progress) -> None:
        """Move a dataset's bar, and take it away when the dataset has ended."""
        with self._lock:
            overall = self._all()
            task = self._tasks.get(progress.dataset)
            if task is None:
                task = self._live.add_task(progress.dataset, total=progress.expected, pages="")
                self._tasks[progress.dataset] = task
            pages = f"{progress.pages} pages" if progress.pages else ""
            fields: dict[str, Any] = {"completed": progress.objects, "pages": pages}
            if progress.expected:
                fields["total"] = max(progress.expected, progress.objects)
            self._live.update(task, **fields)
            if progress.finished is not None and self._live.tasks:
                self._live.update(task, visible=False)
                self._done += 1
                self._live.update(overall, completed=self._done)

    def merging(self, tenant: str) -> None:
        """Show that the inventory is being written."""
        with self._lock:
            self._live.add_task(neutral_line(f"importing {tenant}"), total=None, pages="")

    def _all(self) -> TaskID:
        from seatbeacon.collection.datasets import DATASETS

        if "" not in self._tasks:
            self._tasks[""] = self._live.add_task("datasets", total=len(DATASETS), pages="")
        return self._tasks[""]


def progress_display() -> PlainProgress | LiveProgress:
    """The display that suits standard error; use it as a context."""
    return LiveProgress() if sys.stderr.isatty() else PlainProgress()
