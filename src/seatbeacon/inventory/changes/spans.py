"""The spans that people ask about most: from the end of a day to the end of the newest import's day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seatbeacon.inventory.changes.between import Import


def usual_starts(imports: Sequence[Import]) -> list[tuple[str, date]]:
    """What each is called, and the day at whose end it begins. `imports` are newest first, and at least
    one."""
    last = imports[0].at.date()
    before = next((one.at.date() for one in imports if one.at.date() < last), last - timedelta(days=1))
    return [
        ("Since the import before", before),
        ("7 days", last - timedelta(days=7)),
        ("This month", last.replace(day=1) - timedelta(days=1)),
        ("30 days", last - timedelta(days=30)),
        ("90 days", last - timedelta(days=90)),
        ("A year", last - timedelta(days=365)),
    ]


def usual_spans(imports: Sequence[Import]) -> list[tuple[datetime, datetime]]:
    """The moments (aware UTC) after which they begin and at which they end, each once."""
    last = end_of(imports[0].at.date())
    return list(dict.fromkeys((end_of(since), last) for _, since in usual_starts(imports)))


def end_of(day: date) -> datetime:
    """The last moment of a day, in UTC."""
    return datetime.combine(day, time.max, UTC)
