"""Judge what became current, by whichever way: an import, a held run published, a step back.

Nothing is sent for it: a current version that was not settled yet is found by looking, so that nothing is
lost where a process dies in between.
"""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import DatabaseError

from seatbeacon.beacon.models import InventoryVersion, Reckoning
from seatbeacon.beacon.savings.evaluate import recommendations_of
from seatbeacon.inventory.errors import InventoryError
from seatbeacon.optimization import OptimizationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.settings import Settings

logger = logging.getLogger(__name__)

AGAIN = 600.0
"""Seconds after which an evaluation that failed is tried again."""

_FAILED = "The rules could not be judged for %s, version %s; it is tried again in ten minutes. %s"


def unjudged() -> list[InventoryVersion]:
    """Current versions that were not settled yet, or not today: each day has its sums."""
    settled = {one.tenant_id: one for one in Reckoning.objects.all()}
    today = datetime.now(UTC).date()
    found = []
    for version in InventoryVersion.objects.filter(current=True).select_related("tenant", "run"):
        last = settled.get(version.tenant_id)
        if last is None or last.version != version.pk or last.at.date() != today:
            found.append(version)
    return found


class Judging:
    """Judges current versions as they come; of one that failed, it is tried again after a while only."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._clock = settings, clock
        self._failed: dict[int, float] = {}

    def judge(self, check_stopping: Callable[[], None] = lambda: None) -> int:
        """Judge what is to be judged, and return how many versions were. What fails is logged, with its
        tenant; the others are judged all the same. Raises what `check_stopping` does, and DatabaseError."""
        judged = 0
        waiting = unjudged()
        self._failed = {key: self._failed[key] for one in waiting if (key := one.pk) in self._failed}
        for version in waiting:
            check_stopping()
            if version.pk in self._failed and self._clock() < self._failed[version.pk]:
                continue
            try:
                recommendations_of(self._settings, version)
            except DatabaseError:
                raise  # it is away: all of them are tried at the next look
            except (OptimizationError, InventoryError) as error:
                self._put_off(version)
                logger.error(_FAILED, *_named(version), error)  # noqa: TRY400 - told in its own words
            except Exception as error:
                self._put_off(version)
                logger.exception(_FAILED, *_named(version), type(error).__name__)
            else:
                judged += 1
        return judged

    def _put_off(self, version: InventoryVersion) -> None:
        self._failed[version.pk] = self._clock() + AGAIN


def _named(version: InventoryVersion) -> tuple[str, int]:
    return version.tenant.display_name, version.pk
