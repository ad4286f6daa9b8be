"""The thread of a worker that does the chores, each as often as it says."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import connections as databases

from seatbeacon.beacon.chores.heartbeat import BEAT_SECONDS, Heartbeat
from seatbeacon.beacon.chores.housekeeping import keep_house
from seatbeacon.beacon.notifications.notify import notify
from seatbeacon.beacon.secrets.keys import load_key_ring

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seatbeacon.beacon.settings import Settings

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0


@dataclass(frozen=True)
class Chore:
    """Something to do at once and every `seconds`, and once more when the worker ends."""

    name: str
    seconds: float
    do: Callable[[], object]
    at_end: Callable[[], object] | None = None


def chores(settings: Settings) -> tuple[Chore, ...]:
    """What every worker does."""
    heart = Heartbeat()
    return (
        Chore("heartbeat", BEAT_SECONDS, heart.beat, heart.end),
        Chore("notifications", 30, lambda: notify(settings, load_key_ring(settings), datetime.now(UTC))),
        Chore("housekeeping", 3600, lambda: keep_house(settings, datetime.now(UTC))),
    )


def start_chores(todo: Sequence[Chore], stopping: threading.Event) -> threading.Thread:
    """Do the chores in a thread until `stopping` is set. What fails is logged and tried again."""
    thread = threading.Thread(target=_work, args=(todo, stopping), name="chores", daemon=True)
    thread.start()
    return thread


def _work(todo: Sequence[Chore], stopping: threading.Event) -> None:
    due = {chore.name: 0.0 for chore in todo}
    while not stopping.is_set():
        for chore in todo:
            if time.monotonic() >= due[chore.name] and not stopping.is_set():
                due[chore.name] = time.monotonic() + chore.seconds
                _do(chore.name, chore.do)
        stopping.wait(LOOK_SECONDS)
    for chore in todo:
        if chore.at_end is not None:
            _do(chore.name, chore.at_end)


def _do(name: str, do: Callable[[], object]) -> None:
    try:
        do()
    except Exception as error:
        logger.exception("The chore %s failed: %s", name, type(error).__name__)
    finally:
        databases.close_all()
