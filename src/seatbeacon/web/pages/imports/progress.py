"""How far an import is, as its page shows it while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from seatbeacon.beacon.runs.progress import run_progress
from seatbeacon.web.words import OUTCOMES, Look, long_duration, state_words

if TYPE_CHECKING:
    from seatbeacon.beacon.models import ImportRun
    from seatbeacon.beacon.runs.progress import DatasetProgress, RunProgress

PHASES = {
    "waiting": "Waiting for a worker",
    "signing in": "Signing in to Microsoft",
    "reading": "Reading from Microsoft Graph",
    "importing": "Bringing it into the inventory",
    "ended": "Ending",
}
LEAST_SHARE = 0.05
"""Before so much of the objects is there, a guess at the time left would be none."""


@dataclass(frozen=True)
class ShownDataset:
    """A dataset's row; `percent` is None where nobody knows how many objects there are."""

    name: str
    objects: int
    expected: int | None
    pages: int
    percent: int | None
    label: str
    look: Look
    turning: bool


@dataclass(frozen=True)
class ShownProgress:
    """The whole run; `percent` is None while it cannot be told, `left` is empty where nobody knows."""

    phase: str
    percent: int | None
    left: str
    done: int
    total: int
    objects: int
    pages: int
    cancelling: bool
    datasets: list[ShownDataset]


def shown_progress(run: ImportRun) -> ShownProgress:
    """The progress of `run`, which is queued or running."""
    told = run_progress(run)
    importing = told.phase in {"importing", "ended"}
    percent = min(99, int(100 * _overall(told))) if told.phase == "reading" else None
    return ShownProgress(
        phase=PHASES.get(told.phase, state_words(told.phase)),
        percent=100 if importing else percent,
        left=_left(told, run.started_at) if told.phase == "reading" else "",
        done=told.done,
        total=told.total,
        objects=told.objects,
        pages=told.pages,
        cancelling=told.cancelling,
        # What is being read stands first.
        datasets=sorted(map(_dataset, told.datasets), key=lambda dataset: not dataset.turning),
    )


def _overall(told: RunProgress) -> float:
    """The part that is read: of the datasets, or of the objects that Graph counted, whichever is less."""
    datasets = sum(map(_share, told.datasets)) / told.total if told.total else 0.0
    expected = sum(one.expected or 0 for one in told.datasets)
    there = sum(_share(one) * (one.expected or 0) for one in told.datasets)
    return min(datasets, there / expected) if expected else datasets


def _share(dataset: DatasetProgress) -> float:
    if dataset.outcome:
        return 1.0
    return min(1.0, dataset.objects / dataset.expected) if dataset.expected else 0.0


def _left(told: RunProgress, started: datetime | None) -> str:
    """What the objects still expected take at the pace so far."""
    counted = [one for one in told.datasets if one.expected]
    expected = sum(one.expected or 0 for one in counted)
    there = sum(min(one.objects, one.expected or 0) for one in counted)
    if started is None or not expected or there >= expected or there < LEAST_SHARE * expected:
        return ""
    seconds = (datetime.now(UTC) - started).total_seconds() * (expected - there) / there
    return long_duration(timedelta(seconds=max(1, round(seconds))))


def _dataset(dataset: DatasetProgress) -> ShownDataset:
    begun = dataset.pages > 0 or dataset.objects > 0
    if dataset.outcome:
        label, look = state_words(dataset.outcome), OUTCOMES.get(dataset.outcome, Look("secondary", "check"))
    elif begun:
        label, look = "Reading", Look("blue", "loader-2")
    else:
        label, look = "Waiting", Look("secondary", "clock")
    share = 1.0 if dataset.outcome else _share(dataset)
    return ShownDataset(
        name=dataset.name,
        objects=dataset.objects,
        expected=dataset.expected,
        pages=dataset.pages,
        percent=int(100 * share) if dataset.outcome or dataset.expected else None,
        label=label,
        look=look,
        turning=begun and not dataset.outcome,
    )
