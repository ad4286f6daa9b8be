"""An empty version file, with all tables and views: made once in a process, and written down for each
tenant's first import. Making the tables anew took a sixth of the CPU of a small one."""

from __future__ import annotations

import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from seatbeacon.inventory import engine
from seatbeacon.inventory.schema import SCHEMA_VERSION, set_meta
from seatbeacon.inventory.statements import Statements
from seatbeacon.inventory.views import make_views

if TYPE_CHECKING:
    from seatbeacon.collection.package.reader import Package

SMALL = 4_000_000
"""Bytes of users up to which a tenant's file has small blocks: some thousands of users.

A file has hundreds of columns, and each takes a block however little it holds: 8 MB for a tenant of fifty
users, 0.7 MB with small blocks. With them the first import of 50,000 users takes a third more CPU.
"""
_SMALL_BLOCKS = 16_384
_BLOCKS = 262_144


def blank_for(package: Package) -> bytes:
    """The file that the first import of `package` begins with."""
    users = package.path("users")
    small = users.is_file() and users.stat().st_size <= SMALL
    return _blank(_SMALL_BLOCKS if small else _BLOCKS)


@cache
def _blank(block_size: int) -> bytes:
    with tempfile.TemporaryDirectory(prefix="seatbeacon-") as folder:
        file = Path(folder, "blank.duckdb")
        made = engine.open_for_writing(
            file, memory_limit="100MB", scratch=Path(folder, "scratch"), block_size=block_size
        )
        with closing(made) as connection:
            connection.execute("BEGIN")
            Statements(connection, "schema").run("tables")
            make_views(connection)
            set_meta(connection, {"schema_version": str(SCHEMA_VERSION)})
            connection.execute("COMMIT")
            connection.execute("CHECKPOINT")
        return file.read_bytes()
