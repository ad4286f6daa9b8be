"""Prepare what became current, so that pages about large tenants are quick. Until then they take longer."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.locks import LockBusyError, file_lock
from seatbeacon.beacon.models import InventoryVersion
from seatbeacon.inventory.errors import InventoryError
from seatbeacon.inventory.preparing.prepare import prepare, worth_preparing

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.settings import Settings

logger = logging.getLogger(__name__)

AGAIN = 3600.0
"""Seconds after which a version that could not be prepared is tried again."""


class Preparing:
    """Prepares current versions as they come."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._clock = settings, clock
        self._failed: dict[int, float] = {}

    def prepare(self, check_stopping: Callable[[], None] = lambda: None) -> int:
        """Prepare what is to be prepared, and return how many versions were: none where another process of
        this machine is at it. What fails is logged, and tried again after a while. Raises what
        `check_stopping` does, and DatabaseError."""
        try:
            with file_lock(self._settings.home / "locks" / "preparing", wait=False):
                return sum(
                    self._one(one, check_stopping) for one in InventoryVersion.objects.filter(current=True)
                )
        except LockBusyError:
            return 0

    def _one(self, version: InventoryVersion, check_stopping: Callable[[], None]) -> bool:
        file = version_path(self._settings, version)
        if self._clock() < self._failed.get(version.pk, 0.0):
            return False
        try:
            if not worth_preparing(file):
                return False
            check_stopping()
            return prepare(file, memory_limit=self._settings.memory_limit, check_cancelled=check_stopping)
        except InventoryError as error:
            self._failed[version.pk] = self._clock() + AGAIN
            logger.warning(
                "Version %s could not be prepared, and its pages take longer: %s", version.pk, error
            )
            return False
