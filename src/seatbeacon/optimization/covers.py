"""Overlap and the cheapest cover: exact, over sets given as bit masks. No files, no database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Item:
    """A license or product: what it gives and what must be given for it to go (bit masks), and its cost (a
    whole number; None where no price is known).

    For a plan ladder, `gives` includes the rungs below; `wanted` is what it gives by itself.
    """

    name: str
    gives: int
    wanted: int
    cost: int | None = None


def redundant(items: Sequence[Item], droppable: Sequence[bool] | None = None) -> frozenset[int]:
    """Which items can go, all together, so that the rest still gives everything that they were wanted for.

    Places in `items`. Of all such choices: the one that saves most; then the one that drops most; then the
    one that keeps the earlier items. An item that is wanted for nothing stays: nothing is known of it.
    """
    may = [each.wanted != 0 and (droppable is None or droppable[place]) for place, each in enumerate(items)]
    # What only one item gives, it must stay for; that leaves few to choose among.
    for place, item in enumerate(items):
        others = 0
        for other, each in enumerate(items):
            others |= each.gives if other != place else 0
        may[place] = may[place] and item.wanted & ~others == 0
    places = [place for place, free in enumerate(may) if free]
    kept = 0
    for place, item in enumerate(items):
        kept |= 0 if may[place] else item.gives
    rest = [0] * (len(places) + 1)
    for at in range(len(places) - 1, -1, -1):
        rest[at] = rest[at + 1] | items[places[at]].gives
    saved_after = [0] * (len(places) + 1)
    for at in range(len(places) - 1, -1, -1):
        saved_after[at] = saved_after[at + 1] + (items[places[at]].cost or 0)

    best: tuple[int, int, tuple[int, ...]] = (-1, -1, ())

    def walk(at: int, given: int, needed: int, saved: int, dropped: tuple[int, ...]) -> None:
        nonlocal best
        if (
            needed & ~(given | rest[at])
            or (saved + saved_after[at], len(dropped) + len(places) - at) <= best[:2]
        ):
            return
        if at == len(places):
            best = (saved, len(dropped), dropped)
            return
        place = places[at]
        walk(at + 1, given | items[place].gives, needed, saved, dropped)
        # Tried second, so that at a tie the earlier item stays.
        walk(at + 1, given, needed | items[place].wanted, saved + (items[place].cost or 0), (*dropped, place))

    walk(0, kept, 0, 0, ())
    return frozenset(best[2])


def cheapest(
    needs: int, products: Sequence[Item], *, below: int | None = None
) -> tuple[int, tuple[int, ...]] | None:
    """The cheapest products that together give all of `needs`: cost and places, or None where none do, or
    none for less than `below`.

    Products without a cost are left out. Among equally cheap answers the one of fewest products, then the one
    whose products stand first. Nothing needed costs nothing.
    """
    useful = _undominated(needs, products)
    best: tuple[int, int, tuple[int, ...]] | None = None

    def walk(given: int, cost: int, chosen: tuple[int, ...]) -> None:
        nonlocal best
        found = (cost, len(chosen), tuple(sorted(chosen)))
        if (best is not None and found[:2] > best[:2]) or (below is not None and cost >= below):
            return
        missing = needs & ~given
        if not missing:
            best = found if best is None else min(best, found)
            return
        # One of those that give the first missing bit has to be chosen.
        bit = missing & -missing
        for place in useful:
            if products[place].gives & bit:
                walk(given | products[place].gives, cost + (products[place].cost or 0), (*chosen, place))

    walk(0, 0, ())
    return (best[0], best[2]) if best is not None else None


def _undominated(needs: int, products: Sequence[Item]) -> list[int]:
    """Places of the products worth looking at: no other gives as much of what is needed for less."""
    priced = [
        (place, each.gives & needs, each.cost) for place, each in enumerate(products) if each.cost is not None
    ]
    kept = []
    for place, gives, cost in priced:
        better = any(
            other_gives & gives == gives and (other_cost, other) < (cost, place) and other != place
            for other, other_gives, other_cost in priced
        )
        if gives and not better:
            kept.append(place)
    return kept


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """Split a whole number by weights so that the parts add up to it (largest remainder; earlier first).

    Weights that are all zero split evenly. `total` may be below zero.
    """
    if not weights:
        return []
    sum_of = sum(weights)
    if sum_of == 0:
        weights, sum_of = [1] * len(weights), len(weights)
    parts = [total * weight // sum_of for weight in weights]
    left = total - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % sum_of), place))
    for place in by_remainder[:left]:
        parts[place] += 1
    return parts
