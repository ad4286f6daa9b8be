"""What keeps the queue right: silent workers' runs are put back, and lost messages sent again."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from django.db import DatabaseError
from django.db import connections as databases

from seatbeacon.beacon.models import ImportRun, RunState
from seatbeacon.beacon.runs.lookout import BEATS_PER_LEASE, Lookout
from seatbeacon.beacon.runs.recovery import interrupt_silent_runs

if TYPE_CHECKING:
    import threading

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.beacon.worker.queue import Queue

logger = logging.getLogger(__name__)

RESEND_SECONDS = 60.0
"""How often it is seen whether there is a message for every run that waits."""


class Keeper:
    """Looks for silent workers as often as workers beat. Without a `queue`, as in the web's process, it sends
    nothing: workers do."""

    def __init__(self, settings: Settings, queue: Queue | None = None) -> None:
        self._settings = settings
        self._queue = queue
        self._lookout = Lookout(settings.lease)
        self._sent_at: float | None = None

    def look(self) -> None:
        """Put the runs of workers that died back into the queue, and see to their messages. Raises
        DatabaseError."""
        interrupted = interrupt_silent_runs(self._settings, self._lookout)
        now = time.monotonic()
        due = self._sent_at is None or now - self._sent_at >= RESEND_SECONDS
        if self._queue is not None and (interrupted or due):
            self._sent_at = now
            send_waiting(self._queue)

    def run(self, stopping: threading.Event) -> None:
        """Look, now and until `stopping` is set. A database that is away is waited for."""
        while not stopping.is_set():
            try:
                self.look()
            except DatabaseError as error:
                logger.warning("Silent workers could not be looked for: %s", error)
                databases.close_all()
            except Exception:
                # Were it to end, runs would be stuck and nobody would know.
                logger.exception("Silent workers could not be looked for")
                databases.close_all()
            stopping.wait(self._settings.lease / BEATS_PER_LEASE)
        databases.close_all()


def send_waiting(queue: Queue) -> int:
    """See to it that there are as many messages as runs that wait; returns how many were sent.

    Messages go lost with a worker that is killed. Any message does for any run, so that none is sent twice
    for those that wait for their turn, however many workers look.
    """
    waiting = list(
        ImportRun.objects.filter(state=RunState.QUEUED).order_by("pk").values_list("pk", flat=True)
    )
    missing = max(0, len(waiting) - queue.huey.pending_count()) if waiting else 0
    for run_id in waiting[:missing]:
        queue.send(run_id)
    return missing
