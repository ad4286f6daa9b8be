"""Ask a version for the rows of a listing, now or as of a moment. The statement comes from the declaration;
every value is bound."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal  # noqa: TC003 - part of what is answered
from typing import TYPE_CHECKING

from seatbeacon.inventory.errors import InvalidQuery
from seatbeacon.inventory.filters import Filter, parse_filter
from seatbeacon.inventory.querying import cursors, grouping, order, pages, statement
from seatbeacon.inventory.querying.looking_up import look_up
from seatbeacon.inventory.querying.reading import (
    batches,
    fetch,
    fetch_kept,
    fetch_prepared,
    highest_number,
)
from seatbeacon.inventory.querying.statement import Asked, listing_named
from seatbeacon.inventory.querying.told import told_by
from seatbeacon.inventory.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from seatbeacon.inventory.listings import Column, Listing

__all__ = [
    "Filter", "Group", "InvalidQuery", "Result", "count", "group", "listing_named", "moment_of",
    "parse_filter", "run", "values",
]  # fmt: skip

_PAGE = 10_000  # rows up to which a page is read at once
_KEPT = 1_000  # groups up to which an answer is kept
_KEPT_ROWS = 250  # rows up to which a page is kept


class Result:
    """The columns asked for, and the rows: tuples of date, naive UTC datetime, list of str, bool, int, str
    or None; amounts of money as Decimal.

    `rows` reads while it is iterated and closes the version at its end; iterate it once. A page of up to
    10,000 rows is read at once.
    """

    def __init__(self, columns: tuple[Column, ...], rows: Iterator[tuple[object, ...]]) -> None:
        self.columns = columns
        self.rows = rows
        self.next: str | None = None
        """Where the next page begins, to be given as `after`; None where there is none, or no limit was
        given. Known once the rows have been read."""


@dataclass(frozen=True)
class Group:
    """The rows that share `value` (None: those without one): their `count`; how many distinct `users` they
    are of, None where rows are not of users; and `sums` of the columns declared so, by key."""

    value: object
    count: int
    users: int | None
    sums: dict[str, int | Decimal | None]


def moment_of(text: str) -> datetime:
    """The moment that a date or a time in ISO form means, aware: a day means its last moment, in UTC.

    Raises `InvalidQuery`.
    """
    try:
        if len(text) == len("2026-07-31"):
            day = datetime.combine(date.fromisoformat(text), time(), UTC)
            return day + timedelta(days=1, microseconds=-1)
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidQuery(
            f"{text!r} is no date.", "Write it as 2026-07-31, or with a time as 2026-07-31T08:00."
        ) from error


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
    after: str | None = None,
    as_of: datetime | None = None,
) -> Result:
    """Rows of a listing in a version, in a total order (nulls last, ties by the listing's keys).

    `search` finds rows whose search columns contain all its words. `sort` are keys, `-key` for descending.
    `columns` in the order wanted; none means the visible ones. `after` is the `next` of the page before; it
    goes with the same order. `as_of` (aware, or naive UTC) tells the listing as it was then; what is not
    known of then is None. Raises `InvalidQuery` before anything is read, and `BadVersion`.
    """
    file, found, times = told_by(version_file, listing, as_of)
    asked = statement.asked(
        found,
        filters=filters,
        search=look_up(file, found, search, times),
        sort=sort,
        columns=columns,
        limit=limit,
        offset=offset,
        after=after,
        times=times,
    )
    if limit is not None and limit <= _PAGE:
        return _page(file, asked, limit)
    result = Result(asked.columns, iter(()))
    rows = _rows(file, asked, result)
    first = next(rows, None)  # opens the version, so that a damaged one is told here
    result.rows = _chain(first, rows)
    return result


def count(
    version_file: Path,
    listing: str | Listing,
    *,
    filters: Sequence[Filter] = (),
    search: str | None = None,
    as_of: datetime | None = None,
) -> int:
    """How many rows a listing has under these filters. Raises `InvalidQuery` and `BadVersion`."""
    file, found, times = told_by(version_file, listing, as_of)
    words = look_up(file, found, search, times)
    [(rows,)] = fetch_kept(file, statement.count(found, filters=filters, search=words, times=times))
    return int(rows)


def group(
    version_file: Path,
    listing: str | Listing,
    by: str,
    *,
    filters: Sequence[Filter] = (),
    search: str | None = None,
    sort: Sequence[str] = (),
    limit: int | None = None,
    as_of: datetime | None = None,
) -> list[Group]:
    """The rows of a listing counted by the values of column `by`; the largest groups first.

    Rows whose list holds several values count in each of their groups. `sort` takes value, count and users,
    `-` for descending. Raises `InvalidQuery` and `BadVersion`.
    """
    file, found, times = told_by(version_file, listing, as_of)
    asked = grouping.groups(
        found,
        by,
        filters=filters,
        search=look_up(file, found, search, times),
        sort=sort,
        limit=limit,
        times=times,
        highest=highest_number(file) if found.repeats else 0,
    )
    sums = grouping.summed(found)
    few = order.column_of(found, by).groupable or (limit is not None and limit <= _KEPT)
    read = fetch if not few else fetch_prepared if times.prepared else fetch_kept
    rows = read(file, asked)
    return [Group(row[0], row[1], row[2], dict(zip(sums, row[3:], strict=True))) for row in rows]


def values(
    version_file: Path,
    listing: str | Listing,
    key: str,
    *,
    prefix: str = "",
    limit: int = 20,
    as_of: datetime | None = None,
) -> list[Group]:
    """Values that column `key` has, to choose a filter from: those that contain `prefix`, those that begin
    with it first, the commonest of them first. Raises `InvalidQuery` and `BadVersion`."""
    file, found, times = told_by(version_file, listing, as_of)
    asked = grouping.groups(
        found,
        key,
        filters=(),
        search=statement.NOTHING,
        sort=(),
        limit=limit,
        times=times,
        prefix=prefix,
    )
    rows = fetch_kept(file, asked)
    return [Group(row[0], row[1], row[2], {}) for row in rows]


def _page(version_file: Path, asked: Asked, limit: int) -> Result:
    """A page, read at once; a short one is kept."""
    if limit > _KEPT_ROWS:
        rows, following = _read(version_file, asked, limit)
    else:
        rows, following = remembered(version_file, asked.key, lambda: _read(version_file, asked, limit))
    result = Result(asked.columns, iter(rows))
    result.next = following
    return result


def _read(version_file: Path, asked: Asked, limit: int) -> tuple[pages.Rows, str | None]:
    """The rows of a page, and where the next one begins."""
    if not limit:
        return [], None
    if asked.listing.person:
        rows, places = pages.read(version_file, asked, limit)
    else:
        found, width = fetch(version_file, statement.rows(asked)), len(asked.columns)
        rows, places = [row[:width] for row in found[:limit]], [row[width:] for row in found]
    more = rows and len(places) > limit
    return rows, cursors.encode(asked.question, places[limit - 1]) if more else None


def _rows(version_file: Path, asked: Asked, result: Result) -> Iterator[tuple[object, ...]]:
    width, limit, given = len(asked.columns), asked.limit, 0
    last: tuple[object, ...] = ()
    for batch in batches(version_file, statement.rows(asked)):
        if limit is None:
            yield from batch
            continue
        for row in batch:
            if given == limit:
                result.next = cursors.encode(asked.question, last[width:])
                return
            last, given = row, given + 1
            yield row[:width]


def _chain(
    first: tuple[object, ...] | None, rest: Iterator[tuple[object, ...]]
) -> Iterator[tuple[object, ...]]:
    if first is not None:
        yield first
        yield from rest
