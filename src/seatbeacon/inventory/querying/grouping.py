"""Rows counted by a column's values, and the values that a filter may be given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.inventory.errors import InvalidQuery
from seatbeacon.inventory.querying import order
from seatbeacon.inventory.querying.binding import Binder, Times
from seatbeacon.inventory.querying.statement import Statement, asked_for, checked, clause, names_only, where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seatbeacon.inventory.filters import Filter
    from seatbeacon.inventory.listings import Column, Listing
    from seatbeacon.inventory.querying.searching import Search

MOST = 1_000
"""Groups that a page shows: grouping by what has more values is no overview."""
_SORTS = ("count", "value", "users")


def groups(
    listing: Listing,
    by: str,
    *,
    filters: Sequence[Filter],
    search: Search,
    sort: Sequence[str],
    limit: int | None,
    times: Times,
    prefix: str = "",
    highest: int = 0,
) -> Statement:
    """The statement for the groups of a column: rows of value, count, users, then the sums in the order of
    `summed`. `prefix` keeps values that contain it, those that begin with it first. `highest` is
    the highest number of a user, where it is known. Raises `InvalidQuery`."""
    checked(listing, times)
    if limit is not None and limit < 0:
        raise InvalidQuery("A limit is below zero.", "Give a number from 0 on.")
    past = times.moment is not None
    listing = asked_for(listing, filters, (by, *summed(listing)), times)
    column = order.column_of(listing, by)
    binder = Binder(times)
    met = where(listing, filters, search, binder)
    value = column.expression(past=past)
    if column.type == "texts":
        value = f"unnest(CASE WHEN len({value}) > 0 THEN {value} ELSE [NULL] END)"
    elif column.type == "text":
        value = f"nullif({value}, '')"
    by_user = listing.repeats and listing.beside_users and not past and names_only(column, "u", "k")
    counted = _by_user if by_user else _by_row
    sql = counted(listing, value, met, people=_people(listing, column, filters, highest), past=past)
    ranked = ""
    if prefix:
        mark = f"lower({binder.bind(prefix)}::VARCHAR)"
        sql += f" WHERE contains(lower(value::VARCHAR), {mark})"
        ranked = f"starts_with(lower(value::VARCHAR), {mark}) DESC, "
    sql += f" GROUP BY value ORDER BY {ranked}{order_by(sort)}"
    if limit is not None:
        sql += f" LIMIT {binder.bind(limit)}"
    return Statement(binder.settle(sql), tuple(binder.values))


def _by_row(listing: Listing, value: str, met: Sequence[str], *, people: str, past: bool) -> str:
    inner = [f"{value} AS value", *_sums(listing, "{}", past=past)]
    if listing.repeats:
        inner.append(f"{listing.person} AS person")
    source = listing.from_clause(" ".join((*inner, *met)), past=past, whole=True)
    return (
        f"SELECT value, count(*) AS count, {people} AS users{_totals(listing)} "
        f"FROM (SELECT {', '.join(inner)} FROM {source}{clause(met)})"
    )


def _by_user(listing: Listing, value: str, met: Sequence[str], *, people: str, past: bool) -> str:  # noqa: ARG001 - as `_by_row`
    """Rows are counted by user first, and users then joined: a tenth of the joins."""
    inner = [f"{listing.person} AS person", "count(*) AS number", *_sums(listing, "sum({})", past=past)]
    source = listing.from_clause(" ".join((*inner, *met)), past=past)
    beside = " ".join(join.text() for join in listing.joins if join.alias == "k" and join.named_in(value))
    outer = "".join(f", f.{key}" for key in summed(listing))
    return (
        f"SELECT value, sum(number)::BIGINT AS count, count(*) AS users{_totals(listing)} "
        f"FROM (SELECT {value} AS value, f.number{outer} "
        f"FROM (SELECT {', '.join(inner)} FROM {source}{clause(met)} GROUP BY {listing.person}) f "
        f"JOIN users u ON u.user_no = f.person {beside})"
    )


def _people(listing: Listing, column: Column, filters: Sequence[Filter], highest: int) -> str:
    """How the users of a group are counted: as its rows, where each user has one of them; by a bit for each
    where there are few groups."""
    if not listing.repeats:
        return "count(*)" if listing.person else "NULL::BIGINT"
    one = {each.key for each in filters if each.operator == "=" and isinstance(each.value, str)}
    if column.type != "texts" and set(listing.keys) <= {"user_id", column.key} | one:
        return "count(*)"
    if column.few and highest:
        return f"bit_count(bitstring_agg(person, 0, {int(highest)}))"
    return "count(DISTINCT person)"


def _totals(listing: Listing) -> str:
    wide = {"number": "BIGINT", "money": "DECIMAL(38, 4)"}
    return "".join(f", sum({key})::{wide[order.column_of(listing, key).type]}" for key in summed(listing))


def _sums(listing: Listing, shape: str, *, past: bool) -> list[str]:
    return [
        f"{shape.format(order.column_of(listing, key).expression(past=past))} AS {key}"
        for key in summed(listing)
    ]


def summed(listing: Listing) -> tuple[str, ...]:
    """The keys of the columns that groups sum."""
    return tuple(column.key for column in listing.columns if column.summed)


def order_by(sort: Sequence[str]) -> str:
    """What stands after ORDER BY. Raises `InvalidQuery`."""
    terms = []
    for text in sort or ("-count",):
        key = text.removeprefix("-")
        if key not in _SORTS:
            raise InvalidQuery(f"Groups cannot be sorted by {key!r}.", f"There are: {', '.join(_SORTS)}.")
        terms.append(f"{key} {'DESC' if text.startswith('-') else 'ASC'} NULLS LAST")
    return ", ".join((*terms, "value ASC NULLS LAST"))
