"""What a version is asked beforehand: how the rows of each list of users fall into groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.inventory.querying import grouping
from seatbeacon.inventory.querying.binding import REFRESH, Times
from seatbeacon.inventory.querying.reading import PEOPLE
from seatbeacon.inventory.querying.statement import NOTHING, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import duckdb

_TABLE = "CREATE TABLE prepared.prepared_answers (question VARCHAR NOT NULL, rows VARCHAR NOT NULL)"
_PLAIN = (str, int, bool, type(None))
"""What JSON gives back as it was."""


def answer(connection: duckdb.DuckDBPyConnection, check_cancelled: Callable[[], None]) -> None:
    """Ask, and keep the answers in the table `prepared_answers` of `prepared`; `version` is what is asked."""
    connection.execute(_TABLE)
    for asked in _questions(connection):
        check_cancelled()
        rows = connection.execute(asked.sql, list(asked.values)).fetchall()
        if all(isinstance(value, _PLAIN) for row in rows for value in row):
            kept = [asked.digest, msgspec.json.encode(rows).decode()]
            connection.execute("INSERT INTO prepared.prepared_answers VALUES ($1, $2)", kept)


def _questions(connection: duckdb.DuckDBPyConnection) -> Iterator[Statement]:
    """The groups of every list of users as its page asks for them."""
    [(refresh,)] = connection.execute(REFRESH).fetchall()
    [(highest,)] = connection.execute(PEOPLE).fetchall()
    times = Times(refresh=refresh, prepared=True)
    for listing in LISTINGS.values():
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
