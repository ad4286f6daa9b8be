"""All tenants together, from what is kept of each version in brief: no inventory is opened for it, but for a
few that have no brief yet."""

from __future__ import annotations

import heapq
import threading
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatbeacon.beacon.imports.briefs import kept_briefs
from seatbeacon.beacon.models import InventoryVersion
from seatbeacon.beacon.settings import load_settings
from seatbeacon.inventory.errors import BadVersion
from seatbeacon.inventory.overview.brief import Sums, brief_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from pathlib import Path

    from seatbeacon.inventory.overview.brief import Brief
    from seatbeacon.inventory.overview.summary import Renewal, Series

READ_AT_ONCE = 8
"""Versions without a brief that one request reads itself; workers make up for the others."""


@dataclass(frozen=True)
class Member:
    """A tenant among all: its id, its name as of now, and its current version in brief."""

    key: str
    name: str
    brief: Brief


@dataclass(frozen=True)
class Together:
    """All tenants: sums, trends, and the members by name. `missing` is the number of tenants that are not
    among them yet; `broken` are those that cannot be read, by name, and why."""

    members: tuple[Member, ...]
    totals: Counter[str]
    seats: Series
    people: Series
    missing: int
    broken: tuple[tuple[str, str], ...]

    @property
    def oldest(self) -> datetime:
        """When the tenant was imported that waits longest for its next import."""
        return min(member.brief.description.imported_at for member in self.members)

    def renewals(self, today: date, limit: int) -> list[tuple[Renewal, Member]]:
        """The renewals from `today` on that come first."""
        ahead = (
            (one, member) for member in self.members for one in member.brief.renewals if one.day >= today
        )
        return heapq.nsmallest(limit, ahead, key=lambda one: (one[0].day, one[1].name, one[0].name))


def totals_of(brief: Brief) -> dict[str, int]:
    """What is summed of a tenant, by the names of `PEOPLE` and of the seats."""
    seats = {"purchased": brief.purchased, "assigned": brief.assigned, "available": brief.available}
    return brief.users | seats


@dataclass(frozen=True)
class _Current:
    """A current version, as told apart from any other that a process may have met."""

    file: Path
    number: int
    schema: int


class _Kept:
    """What this process has added up so far. A version never changes: only others than before are read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._briefs: dict[_Current, Brief] = {}
        self._seats, self._people = Sums(), Sums()
        self._totals: Counter[str] = Counter()
        self._lines: tuple[Series, Series] | None = None

    def now(self) -> Together:
        """All tenants as of now."""
        inventory = load_settings().inventory
        rows = InventoryVersion.objects.filter(current=True).order_by("tenant__display_name", "tenant_id")
        named = {
            _Current(inventory / file, number, schema): (tenant, name)
            for number, file, schema, tenant, name in rows.values_list(
                "pk", "file", "schema", "tenant_id", "tenant__display_name"
            )
        }
        with self._lock:
            for gone in self._briefs.keys() - named.keys():
                self._count(self._briefs.pop(gone), -1)
            wanted = [one for one in named if one not in self._briefs]
            by_number = {one.number: one for one in wanted}
            for number, brief in kept_briefs(by_number):
                self._take(by_number[number], brief)
            broken = self._read(one for one in wanted if one not in self._briefs)
            if self._lines is None:
                self._lines = self._seats.series(), self._people.series()
            members = [Member(*named[one], self._briefs[one]) for one in named if one in self._briefs]
            return Together(
                tuple(members),
                Counter(self._totals),
                *self._lines,
                missing=len(named) - len(members) - len(broken),
                broken=tuple((named[one][1], error) for one, error in broken.items()),
            )

    def _read(self, wanted: Iterable[_Current]) -> dict[_Current, str]:
        """Read a few versions that have no brief; answers those that cannot be read, and why."""
        broken = {}
        for _, one in zip(range(READ_AT_ONCE), wanted, strict=False):
            try:
                self._take(one, brief_of(one.file))
            except BadVersion as error:
                broken[one] = str(error)
        return broken

    def _take(self, one: _Current, brief: Brief) -> None:
        self._briefs[one] = brief
        self._count(brief, 1)

    def _count(self, brief: Brief, times: int) -> None:
        self._lines = None
        self._seats.add(brief.days, brief.seats, times)
        self._people.add(brief.days, brief.people, times)
        for name, value in totals_of(brief).items():
            self._totals[name] += times * value


_kept = _Kept()


def all_together() -> Together:
    """All tenants that have a published inventory."""
    return _kept.now()
