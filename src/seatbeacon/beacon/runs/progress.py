"""How far a run is: kept with the run for whoever polls, written at most twice a second."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, Self, cast

from django.db import DatabaseError
from django.db import connections as databases

from seatbeacon.beacon.models import ImportRun, RunState
from seatbeacon.beacon.runs.interruptions import LeaseLost
from seatbeacon.collection.datasets import DATASETS
from seatbeacon.graph.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from seatbeacon.beacon.imports.observer import Observer
    from seatbeacon.collection.progress import Progress as Told

logger = logging.getLogger(__name__)

INTERVAL = 0.5
"""Seconds between two writes, and between two looks whether somebody cancelled."""

Phase = Literal["waiting", "signing in", "reading", "importing", "ended"]


@dataclass(frozen=True)
class DatasetProgress:
    """One dataset: objects and pages so far, how many objects Graph expects, and its outcome once it has
    one."""

    name: str
    objects: int = 0
    expected: int | None = None
    pages: int = 0
    outcome: str | None = None


@dataclass(frozen=True, kw_only=True)
class RunProgress:
    """How far a run is, as of `at`. `done` of `total` datasets have their outcome."""

    phase: Phase
    at: datetime | None
    datasets: tuple[DatasetProgress, ...]
    cancelling: bool

    @property
    def done(self) -> int:
        """Datasets that have their outcome."""
        return sum(dataset.outcome is not None for dataset in self.datasets)

    @property
    def total(self) -> int:
        """Datasets that the run reads, as far as is known."""
        return max(len(DATASETS), len(self.datasets))

    @property
    def objects(self) -> int:
        """Objects and rows so far."""
        return sum(dataset.objects for dataset in self.datasets)

    @property
    def pages(self) -> int:
        """Pages so far."""
        return sum(dataset.pages for dataset in self.datasets)


def run_progress(run: ImportRun) -> RunProgress:
    """How far `run` was when it was read from the database."""
    stored = run.progress or {}
    phase: Phase = cast("Phase", stored.get("phase", "signing in"))
    if run.state == RunState.QUEUED:
        phase = "waiting"
    elif run.state != RunState.RUNNING:
        phase = "ended"
    datasets = tuple(DatasetProgress(*row) for row in stored.get("datasets", ()))
    return RunProgress(
        phase=phase,
        at=run.progress_at,
        datasets=datasets,
        cancelling=run.cancel_requested and run.state == RunState.RUNNING,
    )


class RunWatch:
    """Stands between a run and whoever observes it: keeps its progress, and listens for a wish to cancel, and
    whether the run is still this process's.

    One thread of its own does all the reading and writing, so that the collector's threads wait for no
    database. Use it as a context, around the run.
    """

    def __init__(self, observer: Observer, check_cancelled: Callable[[], None] | None) -> None:
        self._observer = observer
        self._inner_check = check_cancelled
        self._lock = threading.Lock()
        self._phase: Phase = "signing in"
        self._datasets: dict[str, DatasetProgress] = {}
        self._changed = False
        self._run: tuple[int, int] | None = None
        self._lost = threading.Event()
        self._cancelled = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="run watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def check(self) -> None:
        """Raise Cancelled where somebody asked to stop, here or in another process, and LeaseLost where the
        run was given to another process."""
        if self._lost.is_set():
            raise LeaseLost("The run was given to another process.")
        if self._cancelled.is_set():
            raise Cancelled("It was cancelled.")
        if self._inner_check is not None:
            self._inner_check()

    def started(self, run: ImportRun) -> None:
        """As `Observer.started`."""
        with self._lock:
            self._run, self._changed = (run.pk, run.token), True
        self._observer.started(run)

    def collected(self, progress: Told) -> None:
        """As `Observer.collected`."""
        before = self._datasets.get(progress.dataset) or DatasetProgress(progress.dataset)
        with self._lock:
            self._phase, self._changed = "reading", True
            self._datasets[progress.dataset] = replace(
                before,
                objects=progress.objects,
                expected=progress.expected,
                pages=progress.pages,
                outcome=progress.finished.value if progress.finished is not None else None,
            )
        self._observer.collected(progress)

    def merging(self, tenant: str) -> None:
        """As `Observer.merging`."""
        with self._lock:
            self._phase, self._changed = "importing", True
        self._observer.merging(tenant)

    def look(self) -> None:
        """Write what changed since the last look, and see whether somebody asked to cancel or took the
        run."""
        with self._lock:
            run, changed, self._changed = self._run, self._changed, False
            stored = self._stored()
        if run is None:
            return
        run_id, token = run
        mine = ImportRun.objects.filter(pk=run_id, token=token)
        if changed:
            mine.update(progress=stored, progress_at=datetime.now(UTC))
        asked = mine.filter(state=RunState.RUNNING).values_list("cancel_requested", flat=True).first()
        if asked is None:
            self._lost.set()
        elif asked:
            self._cancelled.set()

    def _stored(self) -> dict[str, Any]:
        rows = [
            [one.name, one.objects, one.expected, one.pages, one.outcome] for one in self._datasets.values()
        ]
        return {"phase": self._phase, "datasets": rows}

    def _watch(self) -> None:
        try:
            while not self._over.wait(INTERVAL):
                self._try_to_look()
            self._try_to_look()
        finally:
            databases.close_all()

    def _try_to_look(self) -> None:
        try:
            self.look()
        except DatabaseError as error:
            # What it would have learned, the end of the run learns.
            logger.warning("How far the run is could not be kept: %s", error)
            databases.close_all()
