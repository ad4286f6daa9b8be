"""Ask a version for the rows of a listing. The statement comes from the declaration; every value is bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatbeacon.inventory.engine import reading
from seatbeacon.inventory.errors import InvalidQuery
from seatbeacon.inventory.filters import Filter, condition, parse_filter, unknown
from seatbeacon.inventory.listings import LISTINGS, Column, Listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["Filter", "InvalidQuery", "Result", "Statement", "count", "parse_filter", "run", "statement"]

_BATCH = 2_000  # rows fetched at a time: enough to be fast, little enough to stream


@dataclass(frozen=True)
class Result:
    """The columns asked for, and the rows: tuples of date, naive UTC datetime, list of str, bool, int, str
    or None.

    `rows` reads while it is iterated and closes the version at its end; iterate it once.
    """

    columns: tuple[Column, ...]
    rows: Iterator[tuple[object, ...]]


@dataclass(frozen=True)
class Statement:
    """SQL and the values it binds, in order."""

    sql: str
    values: tuple[object, ...]
    columns: tuple[Column, ...]


def listing_named(name: str) -> Listing:
    """The listing `name`. Raises `InvalidQuery`, which names those that exist."""
    if name not in LISTINGS:
        raise unknown("listing", name, LISTINGS)
    return LISTINGS[name]


def run(
    version_file: Path,
    listing: str | Listing,
    *,
    filters: Sequence[Filter] = (),
    search: str | None = None,
    sort: Sequence[str] = (),
    columns: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Result:
    """Rows of a listing in a version, in a total order (nulls last, ties by the listing's keys).

    `search` finds rows whose search columns contain all its words. `sort` are keys, `-key` for descending.
    `columns` in the order wanted; none means the visible ones. Raises `InvalidQuery` before anything is
    read, and `BadVersion`.
    """
    asked = statement(
        listing, filters=filters, search=search, sort=sort, columns=columns, limit=limit, offset=offset
    )
    rows = _rows(version_file, asked)
    first = next(rows, None)  # opens the version, so that a damaged one is told here
    return Result(asked.columns, _chain(first, rows))


def count(
    version_file: Path, listing: str | Listing, *, filters: Sequence[Filter] = (), search: str | None = None
) -> int:
    """How many rows a listing has under these filters. Raises `InvalidQuery` and `BadVersion`."""
    found = listing_named(listing) if isinstance(listing, str) else listing
    where, values = _where(found, filters, search)
    with reading(version_file) as connection:
        row = connection.execute(f"SELECT count(*) FROM {found.source}{where}", values).fetchone()  # noqa: S608 - declared
    return int(row[0]) if row else 0


def statement(
    listing: str | Listing,
    *,
    filters: Sequence[Filter] = (),
    search: str | None = None,
    sort: Sequence[str] = (),
    columns: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Statement:
    """The statement that `run` executes. Raises `InvalidQuery`."""
    found = listing_named(listing) if isinstance(listing, str) else listing
    shown = tuple(_column(found, key) for key in columns) or tuple(
        c for c in found.columns if c.default_visible
    )
    if (limit is not None and limit < 0) or offset < 0:
        raise InvalidQuery("A limit or an offset is below zero.", "Give a number from 0 on.")
    where, values = _where(found, filters, search)
    picked = ", ".join(f"{column.expression} AS {column.key}" for column in shown)
    sql = f"SELECT {picked} FROM {found.source}{where} ORDER BY {_order(found, sort)}"  # noqa: S608 - declared
    if limit is not None or offset:
        sql += " LIMIT ? OFFSET ?"
        values += [limit if limit is not None else (1 << 62), offset]
    return Statement(sql, tuple(values), shown)


def _column(listing: Listing, key: str) -> Column:
    column = listing.column(key)
    if column is None:
        raise unknown(f"column of {listing.name}", key, (each.key for each in listing.columns))
    return column


def _where(listing: Listing, filters: Sequence[Filter], search: str | None) -> tuple[str, list[object]]:
    terms: list[str] = []
    values: list[object] = []
    for filter_ in filters:
        term, bound = condition(filter_, _column(listing, filter_.key))
        terms.append(term)
        values += bound
    for word in (search or "").split():
        places = [
            f"contains(lower({_column(listing, key).expression}), lower(?::VARCHAR))"
            for key in listing.search
        ]
        terms.append("(" + " OR ".join(f"coalesce({place}, FALSE)" for place in places) + ")")
        values += [word] * len(places)
    return (f" WHERE {' AND '.join(terms)}" if terms else ""), values


def _order(listing: Listing, sort: Sequence[str]) -> str:
    terms, seen = [], set()
    for term in (*(sort or listing.default_sort), *listing.keys):
        key = term.removeprefix("-")
        if key not in seen:
            seen.add(key)
            expression = _column(listing, key).expression
            terms.append(f"{expression} {'DESC' if term.startswith('-') else 'ASC'} NULLS LAST")
    return ", ".join(terms)


def _rows(version_file: Path, asked: Statement) -> Iterator[tuple[object, ...]]:
    with reading(version_file) as connection:
        answer = connection.execute(asked.sql, list(asked.values))
        while batch := answer.fetchmany(_BATCH):
            yield from batch


def _chain(
    first: tuple[object, ...] | None, rest: Iterator[tuple[object, ...]]
) -> Iterator[tuple[object, ...]]:
    if first is not None:
        yield first
        yield from rest
