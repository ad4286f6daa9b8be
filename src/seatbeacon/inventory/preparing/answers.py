"""What a version is asked beforehand: how the rows of each list of users fall into groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seatbeacon.inventory.querying import grouping
from seatbeacon.inventory.querying.binding import REFRESH, Times
from seatbeacon.inventory.querying.reading import PEOPLE
from seatbeacon.inventory.querying.statement import NOTHING, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import duckdb

    from seatbeacon.inventory.listings import Listing

_TABLE = "(question VARCHAR NOT NULL, rows VARCHAR NOT NULL)"
_PLAIN = (str, int, bool, type(None))
"""What JSON gives back as it was."""


def answer(
    connection: duckdb.DuckDBPyConnection,
    listings: Iterable[Listing],
    *,
    into: str,
    check_cancelled: Callable[[], None],
) -> None:
    """Ask, and keep the answers in the table `prepared_answers` of the database `into`. Raises what
    `check_cancelled` does between two questions."""
    table = f"{into}.prepared_answers"
    connection.execute(f"CREATE TABLE {table} {_TABLE}")
    for asked in _questions(connection, listings):
        check_cancelled()
        rows = connection.execute(asked.sql, list(asked.values)).fetchall()
        if all(isinstance(value, _PLAIN) for row in rows for value in row):
            kept = [asked.digest, msgspec.json.encode(rows).decode()]
            connection.execute(f"INSERT INTO {table} VALUES ($1, $2)", kept)  # noqa: S608 - a name of ours


def _questions(connection: duckdb.DuckDBPyConnection, listings: Iterable[Listing]) -> Iterator[Statement]:
    """The groups of every list of users as its page asks for them."""
    [(refresh,)] = connection.execute(REFRESH).fetchall()
    [(highest,)] = connection.execute(PEOPLE).fetchall()
    times = Times(refresh=refresh, prepared=True)
    for listing in listings:
        for column in listing.columns if listing.person else ():
            if column.groupable:
                yield grouping.groups(
                    listing,
                    column.key,
                    filters=(),
                    search=NOTHING,
                    sort=(),
                    limit=grouping.MOST + 1,
                    times=times,
                    highest=int(highest) if listing.repeats else 0,
                )
