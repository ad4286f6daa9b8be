"""Schedules as lists and pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Max
from django.db.models.functions import Lower

from seatbeacon.beacon.models import ImportRun, Occurrence, Schedule, Turn, TurnState
from seatbeacon.beacon.schedules.clock import coming, rule_of
from seatbeacon.beacon.schedules.zones import zone_of

if TYPE_CHECKING:
    from seatbeacon.beacon.models import Connection

OVERVIEW_COLUMNS = {
    "name": "Name",
    "kind": "Kind",
    "summary": "Runs",
    "time_zone": "Time zone",
    "next_run_at": "Next run",
    "connections": "Connections",
    "at_once": "At once",
    "jitter_seconds": "Jitter (s)",
    "status": "Status",
}

OVERDUE = timedelta(minutes=2)
"""What was due longer ago than this, no worker has looked at."""


@dataclass(frozen=True)
class ComingRun:
    """A time to come: in UTC, and in words as the clock of the schedule's zone shows it."""

    at: datetime
    words: str


@dataclass(frozen=True)
class LastTurn:
    """A connection's newest turn: when it was due, and what became of it, in words.

    `state` is waiting, skipped, or the state of the import that it began; empty where that is gone.
    """

    due_at: datetime
    state: str
    note: str
    run: int | None


def summary_of(schedule: Schedule) -> str:
    """How it recurs, in words, with its zone: `Every day at 02:00, Europe/Berlin`."""
    return f"{rule_of(schedule).summary()}, {schedule.time_zone}"


def overview() -> list[list[object]]:
    """A row per schedule, by name, in the order of `OVERVIEW_COLUMNS`."""
    schedules = Schedule.objects.annotate(hanging=Count("connections")).order_by(Lower("name"))
    return [
        [
            schedule.name,
            schedule.kind,
            rule_of(schedule).summary(),
            schedule.time_zone,
            schedule.next_run_at,
            schedule.hanging,
            schedule.at_once,
            schedule.jitter_seconds,
            "enabled" if schedule.enabled else "paused",
        ]
        for schedule in schedules
    ]


def coming_runs(schedule: Schedule, now: datetime | None = None, count: int = 5) -> list[ComingRun]:
    """The next times of a schedule as it is now, saved or not."""
    zone = zone_of(schedule.time_zone)
    return [
        ComingRun(at, at.astimezone(zone).strftime("%a %d %b %Y, %H:%M %Z"))
        for at in coming(schedule, now or datetime.now(UTC), count)
    ]


def is_overdue(schedule: Schedule, now: datetime | None = None) -> bool:
    """Whether its time has passed and nobody began it: no worker is running."""
    at = schedule.next_run_at
    return at is not None and at < (now or datetime.now(UTC)) - OVERDUE


def next_run_of(connection: Connection) -> datetime | None:
    """When a connection imports next by itself; None where it does not."""
    schedule = connection.schedule
    return schedule.next_run_at if schedule is not None and connection.enabled else None


def last_turns(connections: list[int]) -> dict[int, LastTurn]:
    """The newest turn of each of those connections that had one, by the connection's number."""
    turns = Turn.objects.filter(connection_id__in=connections)
    newest = turns.order_by().values("connection").annotate(newest=Max("pk")).values("newest")
    found = Turn.objects.filter(pk__in=newest).select_related("occurrence", "run")
    return {turn.connection_id: turn_told(turn) for turn in found}


def turn_told(turn: Turn) -> LastTurn:
    """A turn as it is told; its occurrence and run were read with it."""
    run: ImportRun | None = turn.run
    state = str(turn.state)
    if turn.state == TurnState.STARTED:
        state = run.state if run is not None else ""
    return LastTurn(turn.occurrence.due_at, state, turn.note, run.pk if run is not None else None)


def last_occurrences(schedule: Schedule, count: int = 10) -> list[Occurrence]:
    """The newest times of a schedule, with their turns, runs and connections read."""
    found = Occurrence.objects.filter(schedule=schedule).order_by("-due_at", "-pk")
    return list(found.prefetch_related("turns__run", "turns__connection")[:count])
