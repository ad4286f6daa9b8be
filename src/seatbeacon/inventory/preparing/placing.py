"""Write a file beside a version: whole, or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from seatbeacon.inventory import engine
from seatbeacon.inventory.errors import BadVersion
from seatbeacon.inventory.importing.faults import explained
from seatbeacon.inventory.listings.prepared import OUT_OF_ORDER
from seatbeacon.inventory.preparing.answers import answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import duckdb

    from seatbeacon.inventory.listings import Listing


ABANDONED = 3600
"""Seconds after which a file that was begun counts as cut off."""


@contextmanager
def placed(
    target: Path, version_file: Path, *, name: str, memory_limit: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that writes the file `target`, attached as `name`, and reads the version, as `version`.

    The file is in its place once the caller is done without an error. Where two write the same, the last puts
    its own in place. Raises `InventoryError`s; then nothing is left.
    """
    partial = target.with_name(f"{target.name}.{os.getpid()}-{secrets.token_hex(4)}.partial")
    scratch = partial.with_name(f"{partial.name}.tmp")
    with engine.reading(version_file):
        pass  # a version that cannot be read is told in its own words
    with explained(target):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(target.parent)
        try:
            with closing(
                engine.open_for_writing(Path(":memory:"), memory_limit=memory_limit, scratch=scratch)
            ) as connection:
                for file, attached in ((partial, name), (version_file, "version (READ_ONLY)")):
                    quoted = str(file).replace("'", "''")
                    connection.execute(f"ATTACH '{quoted}' AS {attached}")
                connection.execute("SET preserve_insertion_order = true")  # some tables are made in an order
                yield connection
                connection.execute(f"CHECKPOINT {name}")
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
            partial.with_name(f"{partial.name}.wal").unlink(missing_ok=True)
            shutil.rmtree(scratch, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what was cut off while it was written. Nothing is written for so long without a word to the
    disk, on whichever machine."""
    for path in folder.glob("*.partial*"):
        with suppress(OSError):
            if path.stat().st_mtime >= time.time() - ABANDONED:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def put_together(
    connection: duckdb.DuckDBPyConnection,
    tables: dict[str, str],
    listings: Iterable[Listing],
    *,
    into: str,
    check_cancelled: Callable[[], None],
) -> None:
    """Make `tables` (name to SELECT) in the database `into`, and what the `listings` are asked beforehand.
    Raises `BadVersion`, and what `check_cancelled` does between two of them."""
    for name, select in tables.items():
        check_cancelled()
        connection.execute(f"CREATE TABLE {into}.{name} AS {select}")
    if connection.execute(OUT_OF_ORDER).fetchall() != [(0,)]:
        raise BadVersion("The users of a version cannot be read in one order twice.")
    answer(connection, listings, into=into, check_cancelled=check_cancelled)
