"""Run statements on a version."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from seatbeacon.inventory.engine import is_prepared, reading
from seatbeacon.inventory.querying.binding import REFRESH, Times
from seatbeacon.inventory.querying.statement import Statement
from seatbeacon.inventory.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

_BATCH = 2_000  # rows fetched at a time: enough to be fast, little enough to stream
_SEVERAL = "(SELECT user_no FROM assignments WHERE counted GROUP BY user_no, sku_id HAVING count(*) > 1)"
_ANSWER = "SELECT rows FROM prepared_answers WHERE question = $1"
PEOPLE = "SELECT coalesce(max(user_no), 0) FROM people"


def times_of_day(day_file: Path, moment: datetime) -> Times:
    """The times of a question about a day that a file of its own tells: `moment` is its last, naive. Raises
    `BadVersion`."""
    return replace(times_of(day_file, None), prepared=True, today=moment.date(), then=moment)


def times_of(version_file: Path, moment: datetime | None) -> Times:
    """The times that a question means: the `moment` (naive UTC) it is asked as of, and the day that activity
    is told as of. Raises `BadVersion`."""
    [(refresh,)] = fetch_kept(version_file, Statement(REFRESH, ()))
    if moment is None:
        return Times(
            refresh=refresh,
            several=partial(several_ways, version_file),
            users=partial(bits, version_file),
            prepared=is_prepared(version_file),
            keys=partial(keys, version_file),
        )
    # What was the last report then is not kept: no day later than the moment itself.
    return Times(moment, min(refresh, moment.date()) if refresh else None, moment.date())


def highest_number(version_file: Path) -> int:
    """The highest number that a user of a version has, or had. Raises `BadVersion`."""
    [(highest,)] = fetch_kept(version_file, Statement(PEOPLE, ()))
    return int(highest)


def bits(version_file: Path, users: str, values: tuple[object, ...] = ()) -> bytes:
    """A bit for each user's number from 0 on, in whole bytes: set where `users` (SQL after FROM, with a
    user_no) finds the user. Kept. Raises `BadVersion`."""
    last = highest_number(version_file) // 8 * 8 + 7
    sql = f"SELECT bitstring_agg(user_no, 0, {last})::BLOB FROM {users}"
    [(found,)] = fetch_kept(version_file, Statement(sql, values))
    return bytes(last // 8 + 1) if found is None else found


def keys(version_file: Path, sql: str, values: tuple[object, ...] = ()) -> list[str | int]:
    """The one column of a statement that answers few rows. Kept. Raises `BadVersion`."""
    return [row[0] for row in fetch_kept(version_file, Statement(sql, values))]


def several_ways(version_file: Path) -> bytes:
    """The users to whom a product came in several ways that count, as `bits`. Raises `BadVersion`."""
    return bits(version_file, _SEVERAL)


def fetch(version_file: Path, asked: Statement) -> list[tuple[Any, ...]]:
    """All rows of a statement. Raises `BadVersion`."""
    with reading(version_file) as connection:
        return connection.execute(asked.sql, list(asked.values)).fetchall()


def fetch_kept(version_file: Path, asked: Statement) -> list[tuple[Any, ...]]:
    """All rows of a statement that answers few: computed once for a version, and kept."""
    return remembered(version_file, asked, lambda: fetch(version_file, asked))


def fetch_prepared(version_file: Path, asked: Statement) -> list[tuple[Any, ...]]:
    """As `fetch_kept`, of a version that was prepared: what it was asked beforehand is there already."""
    return remembered(version_file, asked, lambda: _prepared(version_file, asked))


def _prepared(version_file: Path, asked: Statement) -> list[tuple[Any, ...]]:
    with reading(version_file) as connection:
        found = connection.execute(_ANSWER, [asked.digest]).fetchone()
    return msgspec.json.decode(found[0], type=list[tuple[Any, ...]]) if found else fetch(version_file, asked)


def batches(version_file: Path, asked: Statement) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a statement, some thousand at a time, as they are computed. Raises `BadVersion`."""
    with reading(version_file) as connection:
        answer = connection.execute(asked.sql, list(asked.values))
        while batch := answer.fetchmany(_BATCH):
            yield batch
