"""A worker process."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING, Any

from huey.consumer import Consumer

from seatbeacon.beacon.chores.clockwork import chores, start_chores
from seatbeacon.beacon.models import WorkerKind
from seatbeacon.beacon.runs.presence import present
from seatbeacon.beacon.schedules.dispatch import Dispatcher
from seatbeacon.beacon.worker.keeper import Keeper, send_waiting
from seatbeacon.beacon.worker.queue import open_queue
from seatbeacon.beacon.worker.stopping import ask_to_stop, stopping

if TYPE_CHECKING:
    from seatbeacon.beacon.settings import Settings

GIVES_WAY = 5
"""By how much a worker's priority is below that of the pages."""

LAST_WORDS = 5.0
"""Seconds that a worker which ends gives its chores."""

LONGEST_WAIT = 2.0
"""Seconds between two looks at an empty queue, at most."""


class _Consumer(Consumer):  # type: ignore[misc] # Huey has no type stubs
    """Huey's consumer, which waits for what runs, after asking it to stop, whichever signal tells it to
    end."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._signal_actions: dict[int, tuple[bool, bool]] = dict.fromkeys(
            self._signal_actions, (False, True)
        )

    def _handle_signal(self, signum: int, frame: Any) -> None:
        ask_to_stop()
        super()._handle_signal(signum, frame)


def run_worker(settings: Settings, *, with_parent: bool = False) -> None:
    """Work until SIGTERM or SIGINT; with `with_parent` also until standard input closes, as the parent dies.

    `seatbeacon.beacon.start.start` was called. Runs that a dead process left behind are put in order first;
    those that this one leaves are handed to the next worker.
    """
    if hasattr(os, "nice"):
        # Where imports and pages share a machine, pages come first.
        os.nice(GIVES_WAY)
    queue = open_queue(settings)
    with present(settings, WorkerKind.WORKER):
        keeper = Keeper(settings, queue)
        keeper.look()
        threading.Thread(target=keeper.run, args=(stopping,), name="keeper", daemon=True).start()
        threading.Thread(
            target=Dispatcher(queue.send).run, args=(stopping,), name="dispatcher", daemon=True
        ).start()
        doing_chores = start_chores(chores(settings), stopping)
        if with_parent:
            threading.Thread(target=_end_with_parent, daemon=True).start()
        consumer = _Consumer(
            queue.huey,
            workers=settings.imports_at_once,
            periodic=False,
            max_delay=LONGEST_WAIT,
            graceful_signal="TERM",
        )
        consumer.run()
        ask_to_stop()
        doing_chores.join(LAST_WORDS)
    send_waiting(queue)


def _end_with_parent() -> None:
    # The bare descriptor: a thread waiting in a buffered reader cannot be left behind at exit.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
