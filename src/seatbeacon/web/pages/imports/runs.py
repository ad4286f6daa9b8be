"""Import runs as the pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Subquery

from seatbeacon.beacon.models import ACTIVE_STATES, Connection, ImportRun, RunState
from seatbeacon.web.pages.imports.progress import ShownProgress, shown_progress
from seatbeacon.web.pages.imports.steps import Difference, differences
from seatbeacon.web.words import OUTCOMES, Look, state_words

if TYPE_CHECKING:
    from collections.abc import Iterable

COUNTED = ("users", "licenses", "assignments")


@dataclass(frozen=True)
class Attention:
    """What the header tells: runs under way, and connections whose last run needs a person."""

    running: int
    failed: int
    held: int


@dataclass(frozen=True)
class ShownRun:
    """A run with what a row tells of it."""

    run: ImportRun
    counts: dict[str, int]
    datasets: tuple[ShownDataset, ...]

    @property
    def differences(self) -> list[Difference | None]:
        """What a row tells of users, licenses and assignments; None where that is not known."""
        found = {one.name: one for one in differences(self.run)}
        return [found.get(name) for name in COUNTED]

    @property
    def number(self) -> str:
        """The run's number as text."""
        return str(self.run.pk)

    @property
    def problems(self) -> int:
        """How many datasets were not collected, though the beacon's permissions should do."""
        return sum(dataset.outcome != "collected" and not dataset.not_granted for dataset in self.datasets)

    @property
    def is_active(self) -> bool:
        """Whether it is queued or running."""
        return self.run.state in ACTIVE_STATES

    @property
    def progress(self) -> ShownProgress | None:
        """How far it is, while it is under way."""
        return shown_progress(self.run) if self.is_active else None


OPTIONAL = Look("secondary", "circle-dashed")
NOT_GRANTED = "Optional: it takes a permission beyond the two that every import needs."


@dataclass(frozen=True)
class ShownDataset:
    """One dataset's outcome."""

    name: str
    outcome: str
    label: str
    look: Look
    count: int | None
    problem: str
    remedy: str
    permission: str
    refresh_date: str
    notes: tuple[str, ...]
    not_granted: bool
    """It needs a permission beyond the documented two, which was not given: no problem."""


def attention() -> Attention:
    """Counts over all connections; a failure counts until the connection's next run."""
    newest = ImportRun.objects.filter(connection=OuterRef("pk")).order_by("-pk").values("state")[:1]
    # A step into an index for each connection, however many runs there were.
    last = Connection.objects.annotate(last=Subquery(newest)).values("last").annotate(count=Count("pk"))
    states = dict(last.values_list("last", "count"))
    return Attention(
        running=ImportRun.objects.filter(state__in=ACTIVE_STATES).count(),
        failed=states.get(RunState.FAILED, 0) + states.get(RunState.INTERRUPTED, 0),
        held=states.get(RunState.HELD, 0),
    )


def runs_with_sums(runs: Iterable[ImportRun]) -> list[ShownRun]:
    """`runs` with their counts and datasets read from their JSON."""
    return [ShownRun(run, dict(_counts(run.counts)), tuple(_datasets(run.datasets))) for run in runs]


def _counts(counts: Any) -> Iterable[tuple[str, int]]:
    for name in COUNTED:
        value = counts.get(name) if isinstance(counts, dict) else None
        total = value.get("total") if isinstance(value, dict) else value
        if isinstance(total, int):
            yield name, total


def _datasets(datasets: Any) -> Iterable[ShownDataset]:
    for row in datasets if isinstance(datasets, list) else []:
        outcome = str(row.get("outcome", ""))
        count = row.get("count")
        not_granted = outcome == "denied" and bool(row.get("extra"))
        yield ShownDataset(
            name=str(row.get("name", "")),
            outcome=outcome,
            label="Not granted" if not_granted else state_words(outcome),
            look=OPTIONAL if not_granted else OUTCOMES.get(outcome, OPTIONAL),
            count=count if isinstance(count, int) else None,
            problem=NOT_GRANTED if not_granted else str(row.get("problem") or ""),
            remedy="" if not_granted else str(row.get("remedy") or ""),
            permission=str(row.get("permission") or ""),
            refresh_date=str(row.get("refresh_date") or ""),
            notes=tuple(map(str, row.get("notes") or ())),
            not_granted=not_granted,
        )
