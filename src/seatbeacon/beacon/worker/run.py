"""A worker process."""

from __future__ import annotations

import logging
import os
import signal
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import DatabaseError
from django.db import connections as databases
from huey.consumer import Consumer

from seatbeacon.beacon.chores.clockwork import chores, long_chores, start_chores
from seatbeacon.beacon.models import WorkerKind
from seatbeacon.beacon.runs.presence import present
from seatbeacon.beacon.schedules.dispatch import Dispatcher
from seatbeacon.beacon.worker.keeper import Keeper, send_waiting
from seatbeacon.beacon.worker.queue import open_queue
from seatbeacon.beacon.worker.stopping import ask_to_stop, stopping

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.beacon.worker.queue import Queue

T = TypeVar("T")
logger = logging.getLogger(__name__)

GIVES_WAY = 15
"""By how much a worker's priority is below the pages' (`nice`): it gets a thirtieth of a core that pages
want, and all of one that they do not."""

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
    those that this one leaves are handed to the next worker. A database that is away is waited for, at the
    beginning as later.
    """
    if hasattr(os, "nice"):
        # Where imports and pages share a machine, pages come first.
        os.nice(GIVES_WAY)
    with ExitStack() as registered:
        queue = _once_it_answers(lambda: open_queue(settings))
        if queue is None or not _once_it_answers(
            lambda: registered.enter_context(present(settings, WorkerKind.WORKER))
        ):
            return
        keeper = Keeper(settings, queue)
        threading.Thread(target=keeper.run, args=(stopping,), name="keeper", daemon=True).start()
        threading.Thread(
            target=Dispatcher(queue.send).run, args=(stopping,), name="dispatcher", daemon=True
        ).start()
        doing_chores = start_chores(chores(settings), stopping)
        start_chores(long_chores(settings), stopping, "long chores")
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
    _hand_over(queue)


def _once_it_answers(step: Callable[[], T]) -> T | None:
    """What `step` gives, tried until the database answers; None where the worker was asked to stop first."""
    while not stopping.is_set():
        try:
            return step()
        except Exception as error:
            # The queue speaks to its database without Django.
            if not isinstance(error, DatabaseError) and not type(error).__module__.startswith("psycopg"):
                raise
            logger.warning("The worker cannot begin yet: %s", error)
            databases.close_all()
            stopping.wait(LONGEST_WAIT)
    return None


def _hand_over(queue: Queue) -> None:
    """Tell the other workers of what this one left; they look for themselves as well."""
    try:
        send_waiting(queue)
    except Exception as error:  # noqa: BLE001 - of the database or of the queue, which is a database too
        logger.warning("The runs that wait could not be told of: %s", error)


def _end_with_parent() -> None:
    # The bare descriptor: a thread waiting in a buffered reader cannot be left behind at exit.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
