"""Execute Now, for the faces: queue a run and tell the workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from seatbeacon.beacon.audit import COMMAND_LINE, Actor, record
from seatbeacon.beacon.runs.queued import queue_run
from seatbeacon.beacon.worker.queue import open_queue

if TYPE_CHECKING:
    from seatbeacon.beacon.models import Connection, ImportRun, Trigger
    from seatbeacon.beacon.settings import Settings


def execute_now(
    settings: Settings, connection: Connection, trigger: Trigger, *, actor: Actor = COMMAND_LINE
) -> ImportRun:
    """Queue an import of `connection` and return its run. Raises RunIsActive or ConnectionDisabled."""
    with transaction.atomic():
        run = queue_run(connection, trigger)
        record(actor, "import.queued", connection.name, run=run.pk, trigger=run.trigger)
    open_queue(settings).send(run.pk)
    return run
