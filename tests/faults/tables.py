"""Everything that a version file holds, history included, in a form in which two of them can be compared."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

Tables = dict[str, Counter[str]]

_LEFT_OUT = {"imports", "meta", "usage_content", "usage_reports"}
"""The times of imports, and what one keeps so that the next need not merge what it tells again."""
_OWN = {"attempted_at", "collected_at", "checksum", "problem"}
"""What differs from import to import although nothing else does: when, in which order lines came, and the ids
of requests that were refused."""

_LAST_TOLD = {"usage_history": {"active_within_days", "report_refresh_date"}}
"""By which report an activity of the past was told last: by one more where a version came in between."""


def tables(file: Path) -> Tables:
    """Every table's rows. Numbers of our own making become what they stand for; the times of imports become 0
    for the first one and 1 for those after it."""
    with closing(duckdb.connect(str(file), read_only=True)) as version:
        names = [
            name
            for (name,) in version.execute(
                "SELECT table_name FROM duckdb_tables() WHERE NOT temporary"
            ).fetchall()
            if name not in _LEFT_OUT
        ]
        meanings = _meanings(version)
        return {name: _rows(version, name, meanings) for name in names}


def _meanings(version: duckdb.DuckDBPyConnection) -> dict[str, Callable[[Any], object]]:
    people = dict(version.execute("SELECT user_no, id FROM people").fetchall())
    sets = dict(version.execute("SELECT set_no, key FROM license_sets").fetchall())
    slots = {
        slot: f"{application} {platform}"
        for slot, application, platform in version.execute(
            "SELECT slot, application, platform FROM slots"
        ).fetchall()
    }
    (first,) = version.execute("SELECT min(imported_at) FROM imports").fetchall()[0]

    def order(moment: datetime) -> int:
        return int(moment > first)

    return {
        "user_no": people.get,
        "set_no": sets.get,
        "slot": slots.get,
        "valid_from": order,
        "valid_to": order,
        "bit": lambda _: "its own",
        "used": lambda _: "its own",
    }


def _rows(
    version: duckdb.DuckDBPyConnection, name: str, meanings: dict[str, Callable[[Any], object]]
) -> Counter[str]:
    rows = version.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - names of our own tables
    columns = [column[0] for column in rows.description or ()]
    left_out = _OWN | _LAST_TOLD.get(name, set())
    return Counter(
        repr(
            [
                meanings[column](value) if column in meanings and value is not None else value
                for column, value in zip(columns, row, strict=True)
                if column not in left_out
            ]
        )
        for row in rows.fetchall()
    )


def table_differences(found: Tables, expected: Tables) -> list[str]:
    """What differs between two versions; empty where nothing."""
    told = []
    for name in sorted(expected.keys() | found.keys()):
        ours, theirs = found.get(name, Counter()), expected.get(name, Counter())
        told += [f"{name}: too many {row}" for row in sorted(ours - theirs)[:2]]
        told += [f"{name}: missing {row}" for row in sorted(theirs - ours)[:2]]
    return told
