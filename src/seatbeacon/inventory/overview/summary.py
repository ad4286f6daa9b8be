"""The overview of one tenant."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date  # noqa: TC003 - asked for at run time, by who decodes a renewal
from functools import lru_cache
from typing import TYPE_CHECKING

from seatbeacon.inventory.engine import reading
from seatbeacon.inventory.statements import Statements

if TYPE_CHECKING:
    from pathlib import Path

Series = dict[str, tuple[tuple["date", int], ...]]
"""By name: points of day and value, the oldest first."""

MOST_RENEWALS = 50


@dataclass(frozen=True)
class ProductUse:
    """A product for users. `active` and so on count holders in 90 days, None where activity is not known.
    `unlimited`: free, with thousands of seats that nobody bought; left out of the sums of seats."""

    sku_id: str
    name: str
    part_number: str
    purchased: int
    assigned: int
    available: int
    active: int | None
    inactive: int | None
    never: int | None
    renewal: date | None
    status: str | None
    unlimited: bool

    @property
    def unassigned(self) -> int:
        """Purchased seats that nobody holds; 0 where more are assigned than purchased."""
        return max(0, self.available)


@dataclass(frozen=True)
class Renewal:
    """Seats of a product whose subscriptions end or renew on a day."""

    sku_id: str
    name: str
    day: date
    seats: int
    trial: bool
    status: str


@dataclass(frozen=True)
class Overview:
    """`users` counts all, members, guests, disabled, licensed. `seats` and `people` are trends by day."""

    users: dict[str, int]
    products: tuple[ProductUse, ...]
    seats: Series
    people: Series

    @property
    def limited(self) -> list[ProductUse]:
        """The products whose seats are counted."""
        return [one for one in self.products if not one.unlimited]

    @property
    def purchased(self) -> int:
        """Seats purchased, free products aside."""
        return sum(one.purchased for one in self.limited)

    @property
    def assigned(self) -> int:
        """Seats assigned, free products aside."""
        return sum(one.assigned for one in self.limited)

    @property
    def available(self) -> int:
        """Purchased seats that nobody holds."""
        return sum(one.unassigned for one in self.limited)


@lru_cache(maxsize=1024)  # the overview of all tenants asks for each of them
def overview(version_file: Path, since: date) -> Overview:
    """The overview of a version, trends from the day `since` on. A version never changes, so it is read once.

    Raises `BadVersion`.
    """
    with reading(version_file) as connection:
        sql = Statements(connection, "overview")
        return Overview(
            dict(sql.rows("users")),
            tuple(ProductUse(*row) for row in sql.rows("products")),
            _series(sql.rows("seats_by_day", since=since)),
            _series(sql.rows("users_by_day", since=since)),
        )


@lru_cache(maxsize=2048)
def trend(version_file: Path, key: str, since: date) -> Series:
    """What was counted of one product (its sku id) or application (its id), by day. Raises `BadVersion`."""
    with reading(version_file) as connection:
        return _series(Statements(connection, "overview").rows("one_by_day", key=key, since=since))


def renewals(version_file: Path, today: date, limit: int = MOST_RENEWALS) -> list[Renewal]:
    """The next renewals from `today` on, the first one first. Raises `BadVersion`."""
    with reading(version_file) as connection:
        found = Statements(connection, "overview").rows("renewals", today=today, limit=limit)
    return [Renewal(row[0], row[1], row[2], row[3] or 0, row[4], row[5]) for row in found]


def _series(rows: list[tuple[date, str, int]]) -> Series:
    found: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for day, name, value in rows:
        found[name].append((day, value))
    return {name: tuple(points) for name, points in found.items()}
