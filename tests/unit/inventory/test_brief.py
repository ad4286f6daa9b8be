"""Lines of many tenants add up by day, whichever of them change meanwhile."""

from __future__ import annotations

import random
from datetime import date, timedelta

from seatbeacon.inventory.overview.brief import Sums

FIRST = date(2026, 1, 1).toordinal()


def lines(chance: random.Random) -> dict[int, int]:
    """What one tenant counted on some days."""
    days = sorted(chance.sample(range(FIRST, FIRST + 40), chance.randint(1, 30)))
    return {day: chance.randint(0, 3) for day in days}


def steps(counted: dict[int, int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for day, value in counted.items():
        if not found or found[-1][1] != value:
            found.append((day, value))
    return found


def added_up(tenants: list[dict[int, int]]) -> list[tuple[date, int]]:
    """By day, a tenant counting as on the day before where it has none: the long way round."""
    days = sorted({day for one in tenants for day in one})
    return [
        (
            date.fromordinal(day),
            sum(next((one[on] for on in sorted(one, reverse=True) if on <= day), 0) for one in tenants),
        )
        for day in days
    ]


def test_lines_are_added_up_and_taken_out_again() -> None:
    chance = random.Random(7)  # noqa: S311 - figures of a test
    for _ in range(50):
        tenants = [lines(chance) for _ in range(chance.randint(1, 6))]
        left = [lines(chance) for _ in range(3)]
        sums = Sums()
        for one in tenants + left:
            sums.add(one, {"members": steps(one)})
        for one in left:
            sums.add(one, {"members": steps(one)}, -1)
        assert list(sums.series()["members"]) == added_up(tenants)


def test_a_line_begins_on_the_first_day_on_which_anybody_knows_it() -> None:
    sums = Sums()
    sums.add([FIRST, FIRST + 1, FIRST + 2], {"assigned": [(FIRST, 5)], "active_90": [(FIRST + 1, 2)]})
    series = sums.series()
    first = date.fromordinal(FIRST)
    assert series["assigned"] == tuple((first + timedelta(days=n), 5) for n in range(3))
    assert series["active_90"] == tuple((first + timedelta(days=n), 2) for n in (1, 2))


def test_nothing_is_left_of_tenants_that_are_gone() -> None:
    sums = Sums()
    sums.add([FIRST], {"members": [(FIRST, 5)]})
    sums.add([FIRST], {"members": [(FIRST, 5)]}, -1)
    assert sums.series() == {}
