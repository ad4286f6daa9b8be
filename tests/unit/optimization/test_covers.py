"""Overlap and cheapest cover agree with trying everything, on small random catalogs."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from seatbeacon.optimization.covers import Item, cheapest, redundant, shares

MASKS = st.integers(0, 0b111111)
COSTS = st.one_of(st.none(), st.integers(0, 9))


@st.composite
def licenses(draw: st.DrawFn) -> list[Item]:
    """A few licenses; each gives what it is wanted for, and perhaps more (the rungs below)."""
    wanted = draw(st.lists(MASKS, min_size=1, max_size=6))
    return [
        Item(str(place), mask | draw(st.sampled_from([0, 0, 1, 2, 6])), mask, draw(COSTS))
        for place, mask in enumerate(wanted)
    ]


def given_by(items: list[Item]) -> int:
    """The union of what items give."""
    mask = 0
    for item in items:
        mask |= item.gives
    return mask


def every_subset(count: int) -> list[tuple[int, ...]]:
    """All choices of places."""
    return [chosen for size in range(count + 1) for chosen in combinations(range(count), size)]


@given(licenses(), st.integers(0, 63))
def test_what_is_redundant_agrees_with_trying_every_choice(items: list[Item], may: int) -> None:
    droppable = [bool(may >> place & 1) for place in range(len(items))]
    best = (0, 0)
    for gone in every_subset(len(items)):
        left = given_by([item for place, item in enumerate(items) if place not in gone])
        if all(
            droppable[place] and items[place].wanted and not items[place].wanted & ~left for place in gone
        ):
            best = max(best, (sum(items[place].cost or 0 for place in gone), len(gone)))
    found = redundant(items, droppable)
    left = given_by([item for place, item in enumerate(items) if place not in found])
    assert all(droppable[place] and not items[place].wanted & ~left for place in found)
    assert (sum(items[place].cost or 0 for place in found), len(found)) == best


@given(MASKS, st.lists(st.tuples(MASKS, COSTS), max_size=7), st.one_of(st.none(), st.integers(0, 20)))
def test_the_cheapest_cover_agrees_with_trying_every_choice(
    needs: int, catalog: list[tuple[int, int | None]], below: int | None
) -> None:
    products = [Item(str(place), gives, 0, cost) for place, (gives, cost) in enumerate(catalog)]
    answers = [
        (sum(products[place].cost or 0 for place in chosen), len(chosen))
        for chosen in every_subset(len(products))
        if not needs & ~given_by([products[place] for place in chosen])
        and all(products[place].cost is not None for place in chosen)
    ]
    answers = [answer for answer in answers if below is None or answer[0] < below]
    found = cheapest(needs, products, below=below)
    if not answers:
        assert found is None
    else:
        assert found is not None
        cost, places = found
        assert (cost, len(places)) == min(answers)
        assert not needs & ~given_by([products[place] for place in places])


def test_of_two_licenses_that_give_the_same_the_earlier_stays() -> None:
    assert redundant([Item("a", 1, 1), Item("b", 1, 1)]) == {1}


def test_a_license_of_which_nothing_is_known_stays() -> None:
    assert redundant([Item("unknown", 0, 0, 9), Item("other", 7, 7, 1)]) == frozenset()


@given(st.integers(-10_000, 10_000_000), st.lists(st.integers(0, 1000), min_size=1, max_size=9))
def test_shares_add_up_and_no_share_is_off_by_one_or_more(total: int, weights: list[int]) -> None:
    parts = shares(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    if whole:
        assert all(
            abs(part - total * weight / whole) < 1 for part, weight in zip(parts, weights, strict=True)
        )
