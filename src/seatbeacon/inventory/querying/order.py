"""The order of rows: total, nulls last in both directions; and what comes after a row in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.inventory.filters import unknown
from seatbeacon.inventory.listings.declaration import SQL_TYPES
from seatbeacon.inventory.querying.cursors import Term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seatbeacon.inventory.listings import Column, Listing
    from seatbeacon.inventory.querying.binding import Binder


def column_of(listing: Listing, key: str) -> Column:
    """The column that `key` names. Raises `InvalidQuery`, which names those that exist."""
    column = listing.column(key)
    if column is None:
        raise unknown(f"column of {listing.name}", key, (each.key for each in listing.columns))
    return column


def terms(listing: Listing, sort: Sequence[str]) -> tuple[Term, ...]:
    """The order that `sort` asks for (`-key` for descending), made total by the listing's ties or keys."""
    asked = [
        Term(column_of(listing, text.removeprefix("-")), text.startswith("-"))
        for text in sort or listing.default_sort
    ]
    ties = listing.ties or tuple(column_of(listing, key) for key in listing.keys)
    found: dict[str, Term] = {}
    for term in (*asked, *(Term(column, descending=False) for column in ties)):
        found.setdefault(term.column.key, term)
    return tuple(found.values())


def order_by(found: Sequence[Term], *, past: bool) -> str:
    """What stands after ORDER BY."""
    return ", ".join(
        f"{term.column.finding(past=past)} {'DESC' if term.descending else 'ASC'} NULLS LAST"
        for term in found
    )


def after(found: Sequence[Term], values: Sequence[object], binder: Binder, equal: str = "FALSE") -> str:
    """The condition that a row stands after the row with `values`; `equal` is what holds beside it."""
    past = binder.times.moment is not None
    text = equal
    for term, value in reversed(list(zip(found, values, strict=True))):
        expression = term.column.finding(past=past)
        if value is None:  # nothing stands after null but null
            text = f"(({expression}) IS NULL AND {text})"
            continue
        mark = f"{binder.bind(value)}::{SQL_TYPES[term.column.type]}"
        beyond = f"({expression} {'<' if term.descending else '>'} {mark} OR ({expression}) IS NULL)"
        text = f"({beyond} OR ({expression} = {mark} AND {text}))"
    return text
