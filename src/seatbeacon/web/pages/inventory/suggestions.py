"""Values that a filter can be given: those that the column holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.inventory import query

if TYPE_CHECKING:
    from seatbeacon.inventory.listings import Column
    from seatbeacon.web.pages.inventory.opening import Opened

MOST = 30
HINTS = {
    "date": ("7d", "30d", "90d", "180d", "1y"),
    "time": ("7d", "30d", "90d", "180d", "1y"),
}
"""For days: so long before the day of the report, or today."""


def suggestions(opened: Opened, column: Column, typed: str) -> list[str]:
    """Values of a column of texts that contain what was typed, those that begin with it and the commonest
    first. Raises `BadVersion`."""
    if column.type in HINTS:
        return list(HINTS[column.type])
    if column.type not in {"text", "texts"}:
        return []
    found = query.values(
        opened.file, opened.listing, column.key, prefix=typed.strip(), limit=MOST, as_of=opened.as_of
    )
    return [str(group.value) for group in found if group.value is not None]
