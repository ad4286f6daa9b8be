"""Days that have gone by: who looks at one of a large tenant's has it put together, so that lists of it are
quick. Until then they are told from history, and take longer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from seatbeacon.beacon.errors import LowDiskSpace
from seatbeacon.beacon.imports.space import require_room
from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.models import InventoryVersion, WantedDay
from seatbeacon.inventory.errors import InventoryError
from seatbeacon.inventory.pool import identity
from seatbeacon.inventory.preparing.day import MOST, make_day, worth_making

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.settings import Settings


def want_day(settings: Settings, version: InventoryVersion, as_of: datetime) -> None:
    """Have a worker put together the day at whose end `as_of` (aware) is, where that is worth it. Raises
    `BadVersion` where the version's file is not there."""
    day = worth_making(version_path(settings, version), as_of)
    if day is not None:
        WantedDay.objects.get_or_create(version=version, day=day, defaults={"wanted_at": datetime.now(UTC)})


def wanted_days() -> list[WantedDay]:
    """What is to be put together, the last wish first. Older ones than are kept of a tenant are forgotten:
    who still looks at such a day wishes for it again."""
    wanted: dict[str, list[WantedDay]] = {}
    for wish in WantedDay.objects.select_related("version").order_by("-wanted_at", "-pk"):
        wanted.setdefault(wish.version.tenant_id, []).append(wish)
    late = [wish.pk for wishes in wanted.values() for wish in wishes[MOST:]]
    WantedDay.objects.filter(pk__in=late).delete()
    return [wish for wishes in wanted.values() for wish in wishes[:MOST]]


def make_wanted(settings: Settings, wish: WantedDay, check_stopping: Callable[[], None]) -> bool:
    """Put a day together; answers whether there was anything to do. The wish is gone then, also where that
    fails. Raises `InventoryError`s, LowDiskSpace, and what `check_stopping` does: then the wish stays."""
    file = version_path(settings, wish.version)
    try:
        require_room(settings, identity(file)[-1] // 2)
        made = make_day(file, wish.day, memory_limit=settings.memory_limit, check_cancelled=check_stopping)
    except (InventoryError, LowDiskSpace):
        wish.delete()
        raise
    wish.delete()
    return made
