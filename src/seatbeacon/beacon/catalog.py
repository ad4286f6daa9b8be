"""Where the product catalog of this home stands. Without Django."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings


def catalog_copy(settings: Settings) -> Path:
    """Where `seatbeacon catalog update` puts its catalog; where there is none the shipped one holds."""
    return settings.home / "catalog.csv"
