"""An import as the steps that it takes, and what each came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatbeacon.beacon.imports.outcome import is_problem
from seatbeacon.beacon.models import ImportRun, InventoryVersion, RunState
from seatbeacon.beacon.runs.progress import run_progress
from seatbeacon.web.words import Look

if TYPE_CHECKING:
    from datetime import datetime

DONE = Look("green", "circle-check")
PROBLEMS = Look("yellow", "alert-triangle")
FAILED = Look("red", "alert-circle")
UNDER_WAY = Look("blue", "loader-2")
WAITING = Look("secondary", "circle-dashed")
STOPPED = Look("secondary", "ban")
HELD = Look("orange", "hand-stop")

ENDED_WELL = {RunState.SUCCEEDED, RunState.SUCCEEDED_WITH_PROBLEMS}
CHANGES = ("added", "removed", "changed")


@dataclass(frozen=True)
class Step:
    """One step: `key` says which part of the page unfolds under it, `told` what it came to in words."""

    key: str
    name: str
    look: Look
    told: str
    at: datetime | None = None

    @property
    def turning(self) -> bool:
        """Whether it is under way."""
        return self.look is UNDER_WAY


@dataclass(frozen=True)
class Difference:
    """What an import changed of one thing against the version before it."""

    name: str
    label: str
    total: int
    added: int
    removed: int
    changed: int
    leads: bool = False
    """Whether its numbers lead to rows: those of what readers were given do."""

    @property
    def anything(self) -> bool:
        """Whether something is different."""
        return bool(self.added or self.removed or self.changed)


def differences(run: ImportRun) -> list[Difference]:
    """Users, licenses and assignments against the run before; empty until the package was merged."""
    found = []
    for name, label in (("users", "Users"), ("licenses", "Licenses"), ("assignments", "Assignments")):
        counts = run.counts.get(name) if isinstance(run.counts, dict) else None
        if isinstance(counts, dict) and isinstance(counts.get("total"), int):
            told = {key: counts.get(key) or 0 for key in ("total", *CHANGES)}
            found.append(Difference(name, label, leads=run.state in ENDED_WELL, **told))
    return found


def steps(run: ImportRun) -> list[Step]:
    """Queue, read, import, publish: how far `run` came in each."""
    phase = run_progress(run).phase
    return [_queue(run), _read(run, phase), _merge(run, phase), _publish(run)]


def version_of(run: ImportRun) -> InventoryVersion | None:
    """The version that the run made, if it is still kept."""
    return InventoryVersion.objects.filter(run=run).select_related("tenant").first()


def _queue(run: ImportRun) -> Step:
    if run.started_at is not None:
        return Step("queue", "Queued", DONE, f"Begun by {run.host}" if run.host else "Begun", run.queued_at)
    if run.state == RunState.QUEUED:
        return Step("queue", "Queued", UNDER_WAY, "Waits for a worker", run.queued_at)
    return Step("queue", "Queued", STOPPED, "Ended before it was begun", run.queued_at)


def _read(run: ImportRun, phase: str) -> Step:
    name = "Read from Microsoft 365"
    collected = sum(dataset.get("outcome") == "collected" for dataset in run.datasets)
    told = f"{collected} of {len(run.datasets)} datasets collected" if run.datasets else ""
    if run.state == RunState.RUNNING and phase in {"signing in", "reading"}:
        return Step("read", name, UNDER_WAY, "Signing in" if phase == "signing in" else "Reading")
    if run.datasets and not _lacks_required(run):
        look = PROBLEMS if any(map(is_problem, run.datasets)) else DONE
        return Step("read", name, look, told)
    if run.started_at is None or run.state == RunState.QUEUED:
        return Step("read", name, WAITING, "")
    return Step("read", name, *_ended(run, told or "Nothing was read"))


def _merge(run: ImportRun, phase: str) -> Step:
    name = "Import into the inventory"
    if run.counts:
        users = next((one for one in differences(run) if one.name == "users"), None)
        told = f"Users: {users.added:,} added, {users.removed:,} removed" if users else ""
        return Step("merge", name, DONE, told)
    if run.state == RunState.RUNNING and phase == "importing":
        return Step("merge", name, UNDER_WAY, "")
    if run.state == RunState.FAILED and run.datasets and not _lacks_required(run):
        return Step("merge", name, *_ended(run, "Nothing was changed"))
    return Step("merge", name, WAITING, "")


def _publish(run: ImportRun) -> Step:
    if run.state in ENDED_WELL:
        return Step("publish", "Publish", DONE, "Readers see it since then", run.ended_at)
    if run.state == RunState.HELD:
        return Step("publish", "Publish", HELD, "Held until a person publishes or discards it")
    if run.state == RunState.CANCELLED and run.counts:
        return Step("publish", "Publish", STOPPED, "Discarded: what was published before is still published")
    return Step("publish", "Publish", WAITING, "")


def _lacks_required(run: ImportRun) -> bool:
    return any(one.get("required") and one.get("outcome") != "collected" for one in run.datasets)


def _ended(run: ImportRun, told: str) -> tuple[Look, str]:
    return (STOPPED if run.state in {RunState.CANCELLED, RunState.INTERRUPTED} else FAILED), told
