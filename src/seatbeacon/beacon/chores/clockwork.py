"""The thread of a worker that does the chores, each as often as it says."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import connections as databases

from seatbeacon.beacon.chores.housekeeping import keep_house
from seatbeacon.beacon.imports.briefs import keep_missing_briefs
from seatbeacon.beacon.imports.leftovers import sweep_inventory
from seatbeacon.beacon.imports.preparing import Preparing
from seatbeacon.beacon.imports.upgrade import upgrade_versions
from seatbeacon.beacon.notifications.notify import notify
from seatbeacon.beacon.savings.afterwards import judge
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.beacon.worker.stopping import check_stopping
from seatbeacon.graph.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seatbeacon.beacon.settings import Settings

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0


@dataclass(frozen=True)
class Chore:
    """Something to do at once and every `seconds`."""

    name: str
    seconds: float
    do: Callable[[], object]


def chores(settings: Settings) -> tuple[Chore, ...]:
    """What every worker does."""
    return (
        Chore("upgrade", 3600, lambda: upgrade_versions(settings, check_stopping)),
        Chore("briefs", 600, lambda: keep_missing_briefs(settings, check_stopping)),
        Chore("leftovers", 600, lambda: sweep_inventory(settings)),
        Chore("notifications", 30, lambda: notify(settings, load_key_ring(settings), datetime.now(UTC))),
        Chore("housekeeping", 3600, lambda: keep_house(settings, datetime.now(UTC))),
    )


def long_chores(settings: Settings) -> tuple[Chore, ...]:
    """What takes its time, in a thread of its own, so that the others do not wait for it."""
    preparing = Preparing(settings)
    return (
        Chore("preparing", LOOK_SECONDS, lambda: preparing.prepare(check_stopping)),
        Chore("judging", LOOK_SECONDS, lambda: judge(settings, check_stopping)),
    )


def start_chores(todo: Sequence[Chore], stopping: threading.Event, name: str = "chores") -> threading.Thread:
    """Do the chores in a thread until `stopping` is set. What fails is logged and tried again."""
    thread = threading.Thread(target=_work, args=(todo, stopping), name=name, daemon=True)
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


def _do(name: str, do: Callable[[], object]) -> None:
    try:
        do()
    except Cancelled:
        logger.info("The chore %s was left for the next worker", name)
    except Exception as error:
        logger.exception("The chore %s failed: %s", name, type(error).__name__)
    finally:
        databases.close_all()
