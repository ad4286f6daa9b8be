"""How recommendations stand, beside a results file: what people decided is joined to what the rules find.

A results file knows nothing of decisions, which change while it stays. They are few beside a million
recommendations, and are given as a small file of their own.
"""

from __future__ import annotations

import os
import secrets
import time
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from seatbeacon.inventory import engine
from seatbeacon.inventory.importing.faults import explained
from seatbeacon.inventory.listings.declaration import Join
from seatbeacon.optimization.facts import as_json, statements
from seatbeacon.optimization.keeping import MEMORY
from seatbeacon.optimization.listing import (
    DECISIONS,
    NOTHING_DECIDED,
    RECOMMENDATIONS,
    STAND,
    decisions_source,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from seatbeacon.inventory.listings import Listing
    from seatbeacon.optimization.savings import Key

_HOUR = 3_600  # seconds

Stand = tuple[str | None, ...]
"""The values of `STAND`, as texts: times and days in ISO form, times in UTC."""


def decided_file(folder: Path, stamp: str, rows: Callable[[], Iterable[Stand]]) -> Path:
    """The file that holds `rows`, made where it is not there yet; `stamp` differs where the rows do.

    Older ones of `folder` go once nobody can be reading them. Raises `NoSpace` and `Unwritable`.
    """
    # The number rises with the columns, so that a file of fewer is not read.
    target = folder / f"decided-2-{stamp}.parquet"
    if target.exists():
        return target
    partial = target.with_name(f"{target.name}.{os.getpid()}-{secrets.token_hex(4)}.partial")
    with explained(target):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with closing(
                engine.open_for_writing(Path(":memory:"), memory_limit=MEMORY, scratch=folder)
            ) as connection:
                sql = statements(connection, "decided")
                columns = ", ".join(
                    f"row[{place}]::{kind} AS {name}" for place, (name, kind) in enumerate(STAND.items(), 1)
                )
                sql.run("write", {"file": _quoted(partial), "columns": columns}, rows=as_json(list(rows())))
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    for old in folder.glob("decided-*.parquet*"):
        with suppress(OSError):
            if old != target and time.time() - old.stat().st_mtime > _HOUR:
                old.unlink()
    return target


def with_decided(file: Path) -> Listing:
    """The listing of recommendations with their states as of such a file."""
    table = f"read_parquet({_quoted(file)})"
    return replace(
        RECOMMENDATIONS,
        joins=tuple(
            Join(join.alias, join.sql.replace(NOTHING_DECIDED, table)) for join in RECOMMENDATIONS.joins
        ),
    )


def with_decisions(file: Path, today: date) -> Listing:
    """The listing of decisions as of such a file, with what they saved until a day."""
    return replace(DECISIONS, source=decisions_source(f"read_parquet({_quoted(file)})", today))


def held(version_file: Path, keys: Iterable[Key]) -> set[Key]:
    """Those of `keys` whose user holds the product in a version, in whichever way. Raises `BadVersion`."""
    asked = list(keys)
    if not asked:
        return set()
    with engine.reading(version_file) as connection:
        rows = statements(connection, "decided").rows("held", keys=as_json(asked))
    return {(user, sku, rule) for user, sku, rule in rows}


def by_groups(version_file: Path, keys: Iterable[Key]) -> dict[Key, tuple[str, ...]]:
    """Those of `keys` whose user holds the product by groups, with their names. Raises `BadVersion`."""
    with engine.reading(version_file) as connection:
        rows = statements(connection, "decided").rows("grouped", keys=as_json(list(keys)))
    found: dict[Key, tuple[str, ...]] = {}
    for user, sku, rule, group in rows:
        found[user, sku, rule] = (*found.get((user, sku, rule), ()), group)
    return found


def owned_products(version_file: Path) -> dict[str, str]:
    """Sku id by part number of the products that a tenant has. Raises `BadVersion`."""
    with engine.reading(version_file) as connection:
        return dict(statements(connection, "decided").rows("owned"))


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
