"""A version in brief: what a page of many tenants tells of it, small enough to be kept beside its record, so
that nobody opens a thousand inventories to add them up."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from seatbeacon.inventory.describe import Description, describe
from seatbeacon.inventory.overview.summary import Renewal, overview, renewals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from seatbeacon.inventory.overview.summary import Series

FORMAT = 1
"""Of what `encoded` gives. Raise it with any change of a brief; those of another format are made anew."""

TREND_DAYS = 365

Steps = dict[str, list[tuple[int, int]]]
"""By name: the days (`date.toordinal`) on which the value became another one, the oldest first."""


@dataclass(frozen=True)
class Brief:
    """`purchased`, `assigned` and `available` leave out free products, as the overview does. `renewals` are
    those ahead when it was imported; `days` (ordinals) those on which the trends counted."""

    description: Description
    users: dict[str, int]
    purchased: int
    assigned: int
    available: int
    renewals: tuple[Renewal, ...]
    days: tuple[int, ...]
    seats: Steps
    people: Steps


def brief_of(version_file: Path) -> Brief:
    """Read a version in brief. Raises `BadVersion`."""
    described = describe(version_file)
    imported = described.imported_at.date()
    found = overview(version_file, imported - timedelta(days=TREND_DAYS))
    lines = [*found.seats.values(), *found.people.values()]
    return Brief(
        described,
        found.users,
        found.purchased,
        found.assigned,
        found.available,
        tuple(renewals(version_file, imported)),
        tuple(sorted({day.toordinal() for points in lines for day, _ in points})),
        _steps(found.seats),
        _steps(found.people),
    )


def encoded(brief: Brief) -> str:
    """The brief as text."""
    return msgspec.json.encode(brief).decode()


def decoded(text: str) -> Brief:
    """What `encoded` made text of. Raises msgspec.MsgspecError where it is of another format."""
    return _DECODER.decode(text)


@dataclass
class Sums:
    """Lines of many tenants added up by day. On a day without an import a tenant counts as on the day before,
    so it is the steps that are added: a tenant that changes is taken out and put in again."""

    _days: Counter[int] = field(default_factory=Counter)
    _steps: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    _begun: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, days: Iterable[int], lines: Steps, times: int = 1) -> None:
        """Add a tenant's lines; with `times` -1 take them out again."""
        for day in days:
            self._days[day] += times
        for name, steps in lines.items():
            before = 0
            if steps:
                self._begun[name][steps[0][0]] += times
            for day, value in steps:
                self._steps[name][day] += times * (value - before)
                before = value

    def series(self) -> Series:
        """The sums, each from the first day on which it is known."""
        summed: Series = {}
        days = sorted(day for day, count in self._days.items() if count)
        for name, begun in self._begun.items():
            first = min((day for day, count in begun.items() if count), default=None)
            if first is None:
                continue
            steps, value, points = self._steps[name], 0, []
            for day in days:
                value += steps.get(day, 0)
                if day >= first:
                    points.append((date.fromordinal(day), value))
            summed[name] = tuple(points)
        return summed


def _steps(series: Series) -> Steps:
    found: Steps = {}
    for name, points in series.items():
        steps = found[name] = []
        last = None
        for day, value in points:
            if value != last:
                steps.append((day.toordinal(), value))
                last = value
    return found


_DECODER = msgspec.json.Decoder(Brief)
