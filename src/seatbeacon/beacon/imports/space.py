"""Disk space, watched before and during an import: it stops with words, not in the middle of a write."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

from seatbeacon.beacon.errors import LowDiskSpace
from seatbeacon.beacon.imports.versions import current_version, version_path
from seatbeacon.beacon.settings.values import bytes_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from seatbeacon.beacon.models import Connection
    from seatbeacon.beacon.settings import Settings

INTERVAL = 1.0
"""Seconds between two looks at the disk."""


def require_space(settings: Settings, connection: Connection | None) -> None:
    """Raise LowDiskSpace where an import would leave less than the setting says.

    A new version begins as a copy of the current one, and the package takes about as much again.
    """
    version = (
        current_version(connection.tenant_id) if connection is not None and connection.tenant_id else None
    )
    path = version_path(settings, version) if version is not None else None
    size = path.stat().st_size if path is not None and path.is_file() else 0
    _look(settings, {settings.home: size, settings.inventory: size}, "this import")


def require_room(settings: Settings, size: int) -> None:
    """Raise LowDiskSpace where as many bytes beside the versions would leave less than the setting says."""
    _look(settings, {settings.inventory: size}, "what is to be prepared")


def watching_space(settings: Settings, inner: Callable[[], None] | None) -> Callable[[], None]:
    """`inner`, called as ever, with a look at the disk now and then: raises LowDiskSpace."""
    looked = time.monotonic()

    def check() -> None:
        nonlocal looked
        if inner is not None:
            inner()
        now = time.monotonic()
        if now - looked >= INTERVAL:
            looked = now
            _look(settings, {settings.home: 0, settings.inventory: 0}, "")

    return check


def _look(settings: Settings, wanted: dict[Path, int], what: str) -> None:
    least = bytes_of(settings.least_free)
    for folder, size in wanted.items():
        free = _free(folder)
        if free is not None and free - size < least:
            need = f" and {what} needs about {_shown(size)}" if size else ""
            message = (
                f"The disk of {folder} has {_shown(free)} free{need}; Seatbeacon leaves "
                f"{settings.least_free} free. Make room there, or set SEATBEACON_LEAST_FREE to less."
            )
            raise LowDiskSpace(message)


def _free(folder: Path) -> int | None:
    for place in (folder, *folder.parents):
        try:
            return shutil.disk_usage(place).free
        except FileNotFoundError:
            continue
        except OSError:
            return None
    return None


def _shown(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
