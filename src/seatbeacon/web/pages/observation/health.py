"""Whether the beacon can do its work. What is told is told to everybody, so it names no detail."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import DatabaseError

from seatbeacon.beacon.chores.heartbeat import living
from seatbeacon.beacon.start import applied_migration, newest_migration

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings


def health(settings: Settings) -> dict[str, str]:
    """Each check with *ok* or what is wrong. Without a `worker` pages are answered all the same."""
    try:
        tables = "ok" if applied_migration() == newest_migration() else "not up to date"
        worker = "ok" if living(datetime.now(UTC)) else "none was heard of in the last minute"
    except DatabaseError:
        return {"database": "cannot be reached"}
    inventory = "ok" if _usable(settings.inventory) else "cannot be read"
    return {"database": "ok", "tables": tables, "inventory": inventory, "worker": worker}


def is_ready(checks: dict[str, str]) -> bool:
    """Whether pages can be answered."""
    return all(told == "ok" for name, told in checks.items() if name != "worker")


def _usable(folder: Path) -> bool:
    """Whether versions can be read there; before the first import there is no folder yet."""
    place = next(path for path in (folder, *folder.parents) if path.exists())
    return os.access(place, os.R_OK | os.X_OK)
