"""An empty version file, with all tables and views: made once in a process, and written down for each
tenant's first import. Making the tables anew took a sixth of the CPU of a small one."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from seatbeacon.inventory import engine
from seatbeacon.inventory.schema import SCHEMA_VERSION, set_meta
from seatbeacon.inventory.statements import Statements
from seatbeacon.inventory.views import make_views

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.collection.package.reader import Package

SMALL = 4_000_000
"""Bytes of users up to which a tenant's file has small blocks: some thousands of users.

A file has hundreds of columns, and each takes a block however little it holds: 8 MB for a tenant of fifty
users, 0.7 MB with small blocks. With them the first import of 50,000 users takes a third more CPU.
"""
_SMALL_BLOCKS = 16_384
_BLOCKS = 262_144

_made: dict[int, bytes] = {}


def write_blank(partial: Path, package: Package, scratch: Path) -> None:
    """Write the file that the first import of `package` begins with; `scratch` is a folder for what is in
    between. Raises OSError, and DuckDB's errors."""
    users = package.path("users")
    size = _SMALL_BLOCKS if users.stat().st_size <= SMALL else _BLOCKS
    if size not in _made:
        scratch.mkdir(mode=0o700, exist_ok=True)
        _made[size] = _make(scratch / "blank.duckdb", size)
    partial.write_bytes(_made[size])


def _make(file: Path, block_size: int) -> bytes:
    scratch = file.with_suffix(".tmp")
    with closing(
        engine.open_for_writing(file, memory_limit="100MB", scratch=scratch, block_size=block_size)
    ) as connection:
        connection.execute("BEGIN")
        Statements(connection, "schema").run("tables")
        make_views(connection)
        set_meta(connection, {"schema_version": str(SCHEMA_VERSION)})
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")
    made = file.read_bytes()
    file.unlink()
    return made
