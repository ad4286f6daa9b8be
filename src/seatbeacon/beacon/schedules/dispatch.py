"""The dispatcher: begins what is due. Each worker has one; together they begin every time exactly once.

A schedule holds the next time at which it is due. Whichever dispatcher finds it passed moves it on and makes
the occurrence with its turns, in one transaction under the schedule's lock: the others then find nothing.
All else follows from what is stored, at every look anew, so that a process may die anywhere: the next
connection's turn comes when no run of the one before is active, not when somebody calls back.

Times that passed while no worker was there are made up for by one occurrence. The clock may jump: forwards it
is as if times were missed; backwards no time is taken twice, and times not yet taken come due again.
"""

from __future__ import annotations

import contextlib
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError, OperationalError, transaction
from django.db import connections as databases

from seatbeacon.beacon.audit import SYSTEM, record
from seatbeacon.beacon.models import Connection, Occurrence, Schedule, Trigger
from seatbeacon.beacon.schedules.clock import following, missed_until
from seatbeacon.beacon.schedules.turns import advance, end_occurrences, give_turns, ready

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Generator

logger = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
"""Between two looks. The next import of a sequence begins at most so long after the one before ended."""

LATE = timedelta(minutes=2)
"""An occurrence that begins later than this after its time was missed, and is being made up for."""

KEPT = timedelta(days=30)
"""How long occurrences that are over are kept, to tell what was skipped."""

PRUNE_EVERY = timedelta(hours=1)


class Dispatcher:
    """Looks once at each `look`. `send` tells the queue that a run, by its number, is queued."""

    def __init__(self, send: Callable[[int], None]) -> None:
        self._send = send
        self._last: datetime | None = None
        self._pruned: datetime | None = None

    def look(self, now: datetime) -> None:
        """Begin what is due at `now`. Raises DatabaseError; whatever was begun stays so."""
        if self._last is None or now < self._last:
            _set_right(now)
        self._last = now
        for schedule_id in _due(now):
            with _apart(schedule_id):
                _begin(schedule_id, now)
        for schedule_id in ready(now):
            with _apart(schedule_id):
                for run in advance(schedule_id, now):
                    self._send(run.pk)
        end_occurrences(now)
        if self._pruned is None or not timedelta() <= now - self._pruned < PRUNE_EVERY:
            self._pruned = now
            Occurrence.objects.filter(ended_at__lt=now - KEPT).delete()

    def run(self, stopping: threading.Event) -> None:
        """Look until `stopping` is set. A database that is away is waited for."""
        while not stopping.wait(EVERY_SECONDS):
            try:
                self.look(datetime.now(UTC))
            except DatabaseError as error:
                logger.warning("What is due could not be looked up: %s", error)
                databases.close_all()
            except Exception:
                # Were it to end, nothing would ever run by itself again, and nobody would know.
                logger.exception("What is due could not be looked up")
                databases.close_all()
        databases.close_all()


@contextlib.contextmanager
def _apart(schedule_id: int) -> Generator[None]:
    """What is wrong with one schedule keeps no other one from being due. A database that is away does."""
    try:
        yield
    except OperationalError:
        raise
    except Exception:
        logger.exception("Schedule %s could not go on", schedule_id)


def _due(now: datetime) -> list[int]:
    due = Schedule.objects.filter(enabled=True, next_run_at__lte=now).order_by("next_run_at", "pk")
    return list(due.values_list("pk", flat=True))


def _begin(schedule_id: int, now: datetime) -> None:
    """Take the schedule's time, unless another dispatcher came first, and give its connections their
    turns."""
    with transaction.atomic():
        due = Schedule.objects.select_for_update().filter(pk=schedule_id, enabled=True, next_run_at__lte=now)
        schedule = due.first()
        if schedule is None or schedule.next_run_at is None:
            return
        due_at, missed = schedule.next_run_at, missed_until(schedule, now)
        Schedule.objects.filter(pk=schedule_id).update(next_run_at=following(schedule, now))
        if not Connection.objects.filter(schedule=schedule).exists():
            return
        occurrence, new = Occurrence.objects.get_or_create(
            schedule=schedule,
            trigger=Trigger.SCHEDULE,
            due_at=due_at,
            defaults={"begun_at": now, "missed": missed},
        )
        if not new:
            return
        give_turns(occurrence, now)
        if missed or now - due_at > LATE:
            due_text = due_at.isoformat(timespec="seconds")
            record(SYSTEM, "schedule.caught-up", schedule.name, due=due_text, further_times_missed=missed)


def _set_right(now: datetime) -> None:
    """Compute the next times anew: the clock was set back, or the rules of time zones changed.

    A time that has passed stays: it is due.
    """
    for schedule in Schedule.objects.filter(enabled=True).order_by("pk"):
        coming = following(schedule, now)
        before = schedule.next_run_at
        if coming == before or (before is not None and before <= now):
            continue
        unchanged = Schedule.objects.filter(pk=schedule.pk, enabled=True, next_run_at=before)
        unchanged.update(next_run_at=coming)
