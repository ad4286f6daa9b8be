"""Prepare what became current, and days that somebody looks at, so that pages about large tenants are quick.
Until then they take longer."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from seatbeacon.beacon.errors import LowDiskSpace
from seatbeacon.beacon.imports.days import make_wanted, wanted_days
from seatbeacon.beacon.imports.space import require_room
from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.locks import LockBusyError, file_lock
from seatbeacon.beacon.models import InventoryVersion
from seatbeacon.inventory.errors import InventoryError
from seatbeacon.inventory.preparing.prepare import prepare, worth_preparing

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.models import WantedDay
    from seatbeacon.beacon.settings import Settings

logger = logging.getLogger(__name__)

AGAIN = 3600.0
"""Seconds after which what could not be prepared is tried again."""


class Preparing:
    """Prepares current versions as they come, and days that are wanted of them."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._clock = settings, clock
        self._failed: dict[object, float] = {}

    def prepare(self, check_stopping: Callable[[], None] = lambda: None) -> int:
        """Prepare what is to be prepared, and return how many versions and days were: none where another
        process of this machine is at it. What fails is logged, and tried again after a while. Raises what
        `check_stopping` does, and DatabaseError."""
        try:
            with file_lock(self._settings.home / "locks" / "preparing", wait=False):
                versions = InventoryVersion.objects.filter(current=True)
                prepared = sum([self._version(version, check_stopping) for version in versions])
                return prepared + sum([self._day(wish, check_stopping) for wish in wanted_days()])
        except LockBusyError:
            return 0

    def _version(self, version: InventoryVersion, check_stopping: Callable[[], None]) -> bool:
        def make() -> bool:
            file = version_path(self._settings, version)
            if not worth_preparing(file):
                return False
            require_room(self._settings, file.stat().st_size // 3)
            check_stopping()
            return prepare(file, memory_limit=self._settings.memory_limit, check_cancelled=check_stopping)

        return self._tried(version.pk, f"Version {version.pk}", make)

    def _day(self, wish: WantedDay, check_stopping: Callable[[], None]) -> bool:
        what = f"{wish.day} of version {wish.version_id}"
        check_stopping()
        return self._tried(what, what, lambda: make_wanted(self._settings, wish, check_stopping))

    def _tried(self, key: object, what: str, make: Callable[[], bool]) -> bool:
        """Whether something was made; what failed is not tried again for a while."""
        if self._clock() < self._failed.get(key, 0.0):
            return False
        try:
            return make()
        except (InventoryError, LowDiskSpace) as error:
            self._failed[key] = self._clock() + AGAIN
            logger.warning("%s could not be prepared, and its pages take longer: %s", what, error)
            return False
