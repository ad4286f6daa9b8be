"""Rows counted by a column's values, and the values that a filter may be given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.inventory.errors import InvalidQuery
from seatbeacon.inventory.querying import order
from seatbeacon.inventory.querying.binding import Binder, Times
from seatbeacon.inventory.querying.statement import Statement, checked, clause, where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seatbeacon.inventory.filters import Filter
    from seatbeacon.inventory.listings import Listing

_SORTS = ("count", "value", "users")


def groups(
    listing: Listing,
    by: str,
    *,
    filters: Sequence[Filter],
    search: str | None,
    sort: Sequence[str],
    limit: int | None,
    times: Times,
    prefix: str = "",
) -> Statement:
    """The statement for the groups of a column: rows of value, count, users, then the sums in the order of
    `summed`. `prefix` keeps values that contain it, those that begin with it first. Raises `InvalidQuery`."""
    checked(listing, times)
    if limit is not None and limit < 0:
        raise InvalidQuery("A limit is below zero.", "Give a number from 0 on.")
    past = times.moment is not None
    column = order.column_of(listing, by)
    binder = Binder(times)
    met = where(listing, filters, search, binder)
    value = column.expression(past=past)
    if column.type == "texts":
        value = f"unnest(CASE WHEN len({value}) > 0 THEN {value} ELSE [NULL] END)"
    elif column.type == "text":
        value = f"nullif({value}, '')"
    inner = [f"{value} AS value"]
    if listing.repeats:
        inner.append(f"{listing.person} AS person")
    sums = summed(listing)
    inner += [f"{order.column_of(listing, key).expression(past=past)} AS {key}" for key in sums]
    source = listing.from_clause(" ".join((*inner, *met)), past=past)
    people = "count(DISTINCT person)" if listing.repeats else "count(*)" if listing.person else "NULL::BIGINT"
    wide = {"number": "BIGINT", "money": "DECIMAL(38, 4)"}
    totals = "".join(f", sum({key})::{wide[order.column_of(listing, key).type]}" for key in sums)
    sql = (
        f"SELECT value, count(*) AS count, {people} AS users{totals} "
        f"FROM (SELECT {', '.join(inner)} FROM {source}{clause(met)})"
    )
    ranked = ""
    if prefix:
        mark = f"lower({binder.bind(prefix)}::VARCHAR)"
        sql += f" WHERE contains(lower(value::VARCHAR), {mark})"
        ranked = f"starts_with(lower(value::VARCHAR), {mark}) DESC, "
    sql += f" GROUP BY value ORDER BY {ranked}{_sorted(sort)}"
    if limit is not None:
        sql += f" LIMIT {binder.bind(limit)}"
    return Statement(binder.settle(sql), tuple(binder.values))


def summed(listing: Listing) -> tuple[str, ...]:
    """The keys of the columns that groups sum."""
    return tuple(column.key for column in listing.columns if column.summed)


def _sorted(sort: Sequence[str]) -> str:
    terms = []
    for text in sort or ("-count",):
        key = text.removeprefix("-")
        if key not in _SORTS:
            raise InvalidQuery(f"Groups cannot be sorted by {key!r}.", f"There are: {', '.join(_SORTS)}.")
        terms.append(f"{key} {'DESC' if text.startswith('-') else 'ASC'} NULLS LAST")
    return ", ".join((*terms, "value ASC NULLS LAST"))
