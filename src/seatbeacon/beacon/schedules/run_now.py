"""Run now: every connection of a schedule, one after the other as the schedule says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from seatbeacon.beacon.audit import COMMAND_LINE, Actor, record
from seatbeacon.beacon.errors import NothingScheduled
from seatbeacon.beacon.models import Occurrence, Schedule, TurnState
from seatbeacon.beacon.schedules.turns import advance, give_turns
from seatbeacon.beacon.worker.queue import open_queue

if TYPE_CHECKING:
    from seatbeacon.beacon.models import Trigger
    from seatbeacon.beacon.settings import Settings


@dataclass(frozen=True)
class Begun:
    """What a schedule that was run now does: names of connections that import, and why others do not."""

    occurrence: Occurrence
    importing: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]


def run_now(
    settings: Settings, schedule: Schedule, trigger: Trigger, *, actor: Actor = COMMAND_LINE
) -> Begun:
    """Import all connections of `schedule`, beginning now; the workers go on with what waits.

    Its own times stay as they are. Raises NothingScheduled where no connection is on it.
    """
    now = datetime.now(UTC)
    with transaction.atomic():
        schedule = Schedule.objects.select_for_update().get(pk=schedule.pk)
        if not schedule.connections.exists():
            raise NothingScheduled(
                f"No connection is on the schedule “{schedule.name}”: there is nothing to run."
            )
        occurrence = Occurrence.objects.create(schedule=schedule, trigger=trigger, due_at=now, begun_at=now)
        turns = give_turns(occurrence, now)
        waiting = tuple(turn.connection.name for turn in turns if turn.state == TurnState.WAITING)
        record(actor, "schedule.run", schedule.name, importing=list(waiting))
    for run in advance(schedule.pk, now):
        open_queue(settings).send(run.pk)
    skipped = tuple((turn.connection.name, turn.note) for turn in turns if turn.state == TurnState.SKIPPED)
    return Begun(occurrence, waiting, skipped)
