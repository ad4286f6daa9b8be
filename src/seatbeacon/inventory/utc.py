"""Rows whose times say that they are UTC, for faces that print or send them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seatbeacon.inventory.query import Result


def aware(result: Result) -> Iterator[Sequence[object]]:
    """The rows, their times marked as the UTC that they are."""
    times = [index for index, column in enumerate(result.columns) if column.type == "time"]
    if not times:
        return iter(result.rows)
    return (_with_zone(row, times) for row in result.rows)


def _with_zone(row: Sequence[object], times: Sequence[int]) -> Sequence[object]:
    values = list(row)
    for index in times:
        value = values[index]
        if isinstance(value, datetime):
            values[index] = value.replace(tzinfo=UTC)
    return values
