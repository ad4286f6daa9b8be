"""A worker process."""

from __future__ import annotations

import logging
import os
import signal
import threading
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError
from django.db import connections as databases
from huey.consumer import Consumer

from seatbeacon.beacon.chores.clockwork import chores, start_chores
from seatbeacon.beacon.models import ImportRun, RunState
from seatbeacon.beacon.runs.recovery import interrupt_dead_runs
from seatbeacon.beacon.schedules.dispatch import Dispatcher
from seatbeacon.beacon.worker.queue import Queue, open_queue
from seatbeacon.beacon.worker.stopping import ask_to_stop, stopping

if TYPE_CHECKING:
    from seatbeacon.beacon.settings import Settings

logger = logging.getLogger(__name__)

THREADS = 2
"""How many imports run side by side; each is parallel in itself."""

RESEND_SECONDS = 60.0
"""How often queued runs are sent once more. A run that waits for its turn is sent in vain, which is cheap."""

LAST_WORDS = 5.0
"""Seconds that a worker which ends gives its chores."""

LONGEST_WAIT = 2.0
"""Seconds between two looks at an empty queue, at most."""


class _Consumer(Consumer):  # type: ignore[misc] # Huey has no type stubs
    """Huey's consumer, which on SIGTERM or SIGINT waits for what runs, after asking it to stop."""

    def _handle_signal(self, signum: int, frame: Any) -> None:
        ask_to_stop()
        super()._handle_signal(signum, frame)


def run_worker(settings: Settings, *, with_parent: bool = False) -> None:
    """Work until SIGTERM or SIGINT; with `with_parent` also until standard input closes, as the parent dies.

    `seatbeacon.beacon.start.start` was called. Runs that a dead process left behind are put in order first.
    """
    for run in interrupt_dead_runs(settings):
        logger.warning("Run %s was interrupted: its process died", run.pk)
    queue = open_queue(settings)
    send_waiting(queue)
    threading.Thread(target=_send_again, args=(queue,), name="sends again", daemon=True).start()
    threading.Thread(
        target=Dispatcher(queue.send).run, args=(stopping,), name="dispatcher", daemon=True
    ).start()
    doing_chores = start_chores(chores(settings), stopping)
    if with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    consumer = _Consumer(
        queue.huey, workers=THREADS, periodic=False, max_delay=LONGEST_WAIT, graceful_signal="TERM"
    )
    consumer.run()
    ask_to_stop()
    doing_chores.join(LAST_WORDS)


def send_waiting(queue: Queue) -> int:
    """Send every queued run once more: a message may have been lost. Returns how many there were."""
    waiting = list(
        ImportRun.objects.filter(state=RunState.QUEUED).order_by("pk").values_list("pk", flat=True)
    )
    for run_id in waiting:
        queue.send(run_id)
    return len(waiting)


def _send_again(queue: Queue) -> None:
    """A message goes lost where an import at the command line held the connection just then, say."""
    while not stopping.wait(RESEND_SECONDS):
        try:
            send_waiting(queue)
        except DatabaseError as error:
            logger.warning("Queued runs could not be looked up: %s", error)
        finally:
            databases.close_all()


def _end_with_parent() -> None:
    # The bare descriptor: a thread waiting in a buffered reader cannot be left behind at exit.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
