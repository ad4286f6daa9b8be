"""What a version is asked beforehand: how the rows of each list of users fall into groups, and what changed
in the usual spans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seatbeacon.inventory.changes.between import count_changes, imports_in, question_of
from seatbeacon.inventory.changes.spans import usual_spans
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
    connection.execute(f"CREATE TABLE {into}.prepared_answers {_TABLE}")
    for asked in _questions(connection, listings):
        check_cancelled()
        rows = connection.execute(asked.sql, list(asked.values)).fetchall()
        if all(isinstance(value, _PLAIN) for row in rows for value in row):
            _keep(connection, into, asked.digest, msgspec.json.encode(rows).decode())


def count_usual_changes(
    connection: duckdb.DuckDBPyConnection, *, into: str, check_cancelled: Callable[[], None]
) -> None:
    """Count what changed in the usual spans, and keep that beside the answers."""
    imports = imports_in(connection)
    for since, until in usual_spans(imports) if imports else ():
        check_cancelled()
        kept = msgspec.json.encode(count_changes(connection, since, until)).decode()
        _keep(connection, into, question_of(since, until), kept)


def _keep(connection: duckdb.DuckDBPyConnection, into: str, question: str, answer: str) -> None:
    sql = f"INSERT INTO {into}.prepared_answers VALUES ($1, $2)"  # noqa: S608 - a name of ours
    connection.execute(sql, [question, answer])


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
