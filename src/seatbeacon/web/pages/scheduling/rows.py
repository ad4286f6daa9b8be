"""Schedules and their connections as the pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Window
from django.db.models.functions import Lower, RowNumber

from seatbeacon.beacon.models import Schedule, TurnState
from seatbeacon.beacon.schedules.clock import rule_of
from seatbeacon.beacon.schedules.overview import LastTurn, is_overdue, last_turns
from seatbeacon.web.connections.rows import connection_rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from seatbeacon.beacon.models import Connection, Occurrence

SHOWN = 20
"""Connections that a row of the list unfolds to; the rest is on the schedule's own page."""


@dataclass(frozen=True)
class ShownConnection:
    """A connection, with `last_run`, `last_state` and `last_at` of `connection_rows`, and its newest turn."""

    connection: Connection
    turn: LastTurn | None
    next_run_at: datetime | None

    @property
    def note(self) -> str:
        """What the newest turn came to, where the last import does not say it."""
        if self.turn is None:
            return ""
        if self.turn.state == TurnState.WAITING:
            return "It waits for its turn."
        return self.turn.note


@dataclass(frozen=True)
class ShownSchedule:
    """A row of the list: a schedule, or *Not scheduled* where it is None."""

    schedule: Schedule | None
    summary: str
    overdue: bool
    count: int
    connections: list[ShownConnection]

    @property
    def key(self) -> str:
        """What the unfolded part is called in the page."""
        return str(self.schedule.pk) if self.schedule else "none"

    @property
    def more(self) -> int:
        """Connections that the row does not unfold to."""
        return self.count - len(self.connections)


@dataclass(frozen=True)
class ShownOccurrence:
    """A time that came: how many connections ended how, and why some were skipped."""

    occurrence: Occurrence
    outcomes: list[tuple[str, int]]
    notes: list[tuple[str, str]]


def shown_schedules(schedules: Iterable[Schedule], now: datetime) -> list[ShownSchedule]:
    """Rows for `schedules`, annotated with `hanging`, with their first connections."""
    rows = list(schedules)
    first = _first_connections([schedule.pk for schedule in rows])
    return [
        ShownSchedule(
            schedule=schedule,
            summary=rule_of(schedule).summary(),
            overdue=is_overdue(schedule, now),
            count=getattr(schedule, "hanging", 0),
            connections=first.get(schedule.pk, []),
        )
        for schedule in rows
    ]


def not_scheduled() -> ShownSchedule:
    """The row of connections without a schedule."""
    without = connection_rows().filter(schedule__isnull=True)
    return ShownSchedule(
        schedule=None,
        summary="",
        overdue=False,
        count=without.count(),
        connections=shown_connections(without.order_by(Lower("name"))[:SHOWN]),
    )


def shown_connections(connections: Iterable[Connection]) -> list[ShownConnection]:
    """Connections of `connection_rows`, with their newest turns."""
    found = list(connections)
    turns = last_turns([connection.pk for connection in found])
    return [
        ShownConnection(
            connection=connection,
            # A turn on a schedule that it hangs on no longer says nothing of it.
            turn=turns.get(connection.pk) if connection.schedule_id else None,
            next_run_at=connection.next_at,  # type: ignore[attr-defined] # annotated by connection_rows
        )
        for connection in found
    ]


def shown_occurrences(occurrences: Iterable[Occurrence]) -> list[ShownOccurrence]:
    """Occurrences whose turns, runs and connections were read with them."""
    shown = []
    for occurrence in occurrences:
        outcomes: dict[str, int] = {}
        notes = []
        for turn in sorted(occurrence.turns.all(), key=lambda turn: turn.position):
            state = turn.run.state if turn.run is not None else str(turn.state)
            outcomes[state] = outcomes.get(state, 0) + 1
            if turn.note:
                notes.append((turn.connection.name, turn.note))
        shown.append(ShownOccurrence(occurrence, sorted(outcomes.items()), notes))
    return shown


def _first_connections(schedules: list[int]) -> dict[int, list[ShownConnection]]:
    number = Window(RowNumber(), partition_by=F("schedule_id"), order_by=Lower("name"))
    rows = connection_rows().filter(schedule_id__in=schedules).annotate(number=number)
    first: dict[int, list[ShownConnection]] = {}
    for shown in shown_connections(rows.filter(number__lte=SHOWN).order_by(Lower("name"))):
        first.setdefault(shown.connection.schedule_id or 0, []).append(shown)
    return first
