"""Whose turn it is: the connections of an occurrence, and the runs that are begun for them."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower

from seatbeacon.beacon.audit import SYSTEM, record
from seatbeacon.beacon.errors import ConnectionDisabled, RunIsActive
from seatbeacon.beacon.models import (
    ACTIVE_STATES,
    Connection,
    ImportRun,
    Occurrence,
    Schedule,
    Trigger,
    Turn,
    TurnState,
)
from seatbeacon.beacon.runs.queued import queue_run
from seatbeacon.beacon.runs.states import active_run

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

logger = logging.getLogger(__name__)

BATCH = 50
"""Runs that one transaction begins at most: whoever else writes waits no longer than for these."""

_ACTIVE = Q(state=TurnState.STARTED, run__state__in=ACTIVE_STATES)
"""Turns whose run is under way."""

DISABLED = "It was left out, because the connection is disabled."
TAKEN_OFF = "It was left out, because the connection was taken off the schedule."


@dataclass(frozen=True)
class _Busy:
    """What keeps a connection from a turn: an import under way, or an earlier turn that still waits."""

    runs: dict[int, ImportRun]
    waiting: dict[int, datetime]

    def note(self, connection: Connection) -> str:
        if connection.pk in self.runs:
            return _still(self.runs[connection.pk])
        if connection.pk in self.waiting:
            since = self.waiting[connection.pk]
            return f"It was skipped, because it still waited for its turn of {since:%Y-%m-%d %H:%M} UTC."
        return ""


def give_turns(occurrence: Occurrence, now: datetime) -> list[Turn]:
    """A turn for every connection of the occurrence's schedule, in the order of their names.

    Those that are disabled, or that still import, are skipped. Call it in the occurrence's transaction.
    """
    schedule = occurrence.schedule
    connections = list(Connection.objects.filter(schedule=schedule).order_by(Lower("name")))
    busy = _busy(schedule)
    turns = []
    for position, connection in enumerate(connections):
        note = busy.note(connection) if connection.enabled else DISABLED
        jitter = _jitter(schedule) if occurrence.trigger == Trigger.SCHEDULE else timedelta()
        turns.append(
            Turn(
                occurrence=occurrence,
                connection=connection,
                position=position,
                not_before=now + jitter,
                state=TurnState.SKIPPED if note else TurnState.WAITING,
                note=note,
            )
        )
    Turn.objects.bulk_create(turns)
    for turn in turns:
        if turn.state == TurnState.SKIPPED:
            _tell_skipped(occurrence, turn)
    return turns


def advance(schedule_id: int, now: datetime) -> list[ImportRun]:
    """Begin the turns that may begin now, and return their runs, queued; whoever calls tells the queue.

    Called by many processes at once it begins no turn twice, and no more than the schedule has at once.
    """
    queued: list[ImportRun] = []
    while True:
        with transaction.atomic():
            # The lock: SQLite has one writer, and PostgreSQL locks the row.
            schedule = Schedule.objects.select_for_update().filter(pk=schedule_id).first()
            if schedule is None:
                return queued
            batch, done = _advance(schedule, now)
        queued += batch
        if done:
            return queued


def _advance(schedule: Schedule, now: datetime) -> tuple[list[ImportRun], bool]:
    """As `advance`, a batch of it; and whether that was all."""
    under_way = Turn.objects.filter(occurrence__schedule=schedule, occurrence__ended_at__isnull=True)
    free = schedule.at_once - under_way.filter(_ACTIVE).count()
    waiting = under_way.filter(state=TurnState.WAITING, not_before__lte=now)
    turns = waiting.select_related("occurrence", "connection").order_by(
        "occurrence__due_at", "not_before", "position"
    )
    queued: list[ImportRun] = []
    looked_at = 0
    for turn in turns[:BATCH]:
        if len(queued) >= free:
            break
        looked_at += 1
        run = _begin(schedule, turn)
        if run is not None:
            queued.append(run)
    return queued, looked_at < BATCH


def _begin(schedule: Schedule, turn: Turn) -> ImportRun | None:
    """The run that was queued for a turn, or None where the turn was skipped."""
    note = ""
    run = None
    if turn.connection.schedule_id != schedule.pk:
        note = TAKEN_OFF
    else:
        try:
            run = queue_run(turn.connection, Trigger(turn.occurrence.trigger))
        except ConnectionDisabled:
            note = DISABLED
        except RunIsActive:
            active = active_run(turn.connection)
            note = _still(active) if active else "It was skipped, because an import was under way."
    turn.state = TurnState.SKIPPED if run is None else TurnState.STARTED
    turn.run, turn.note = run, note
    turn.save(update_fields=["state", "run", "note"])
    if run is None:
        _tell_skipped(turn.occurrence, turn)
    return run


def ready(now: datetime) -> list[int]:
    """The schedules of which a turn may begin now: one waits, and fewer are under way than may be at once."""
    mine = Turn.objects.filter(occurrence__schedule=OuterRef("pk"), occurrence__ended_at__isnull=True)
    active = mine.filter(_ACTIVE).order_by().values("occurrence__schedule").annotate(count=Count("pk"))
    schedules = Schedule.objects.filter(Exists(mine.filter(state=TurnState.WAITING, not_before__lte=now)))
    schedules = schedules.annotate(active=Coalesce(Subquery(active.values("count")), 0))
    return list(schedules.filter(active__lt=F("at_once")).order_by("pk").values_list("pk", flat=True))


def end_occurrences(now: datetime) -> None:
    """End the occurrences of which no turn waits or is under way."""
    mine = Turn.objects.filter(occurrence=OuterRef("pk"))
    over = ~Exists(mine.filter(Q(state=TurnState.WAITING) | _ACTIVE))
    # Found first: where there is none, nobody waits for a write.
    found = Occurrence.objects.filter(over, ended_at__isnull=True)
    if found.exists():
        found.update(ended_at=now)


def _busy(schedule: Schedule) -> _Busy:
    runs = ImportRun.objects.filter(connection__schedule=schedule, state__in=ACTIVE_STATES)
    waiting: Iterable[Turn] = Turn.objects.filter(
        connection__schedule=schedule, state=TurnState.WAITING, occurrence__ended_at__isnull=True
    ).select_related("occurrence")
    return _Busy(
        runs={run.connection_id: run for run in runs if run.connection_id is not None},
        waiting={turn.connection_id: turn.occurrence.due_at for turn in waiting},
    )


def _still(run: ImportRun) -> str:
    since = run.started_at or run.queued_at
    return f"It was skipped, because import {run.pk} was still {run.state}, since {since:%Y-%m-%d %H:%M} UTC."


def _jitter(schedule: Schedule) -> timedelta:
    milliseconds = schedule.jitter_seconds * 1000
    return timedelta(milliseconds=secrets.randbelow(milliseconds + 1) if milliseconds else 0)


def _tell_skipped(occurrence: Occurrence, turn: Turn) -> None:
    """In the worker's log; and in the audit log, unless somebody disabled the connection, which it tells."""
    logger.info("Schedule %s: %s: %s", occurrence.schedule_id, turn.connection_id, turn.note)
    if turn.note != DISABLED:
        due = occurrence.due_at.isoformat(timespec="seconds")
        name = turn.connection.name
        record(SYSTEM, "schedule.skipped", name, schedule=occurrence.schedule.name, due=due, why=turn.note)
