"""Parquet, written by DuckDB: columns by their keys, each of its own type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.inventory.engine import reading
from seatbeacon.inventory.listings.declaration import SQL_TYPES

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.inventory.exports.table import Table


def write(version_file: Path, table: Table, target: Path) -> None:
    """Write the file `target`. Times are UTC."""
    picked = [f"({table.cell(column)})::{SQL_TYPES[column.type]} AS {column.key}" for column in table.columns]
    made = table.read(picked)
    quoted = str(target).replace("'", "''")
    with reading(version_file) as connection:
        connection.execute(f"COPY ({made.sql}) TO '{quoted}' (FORMAT parquet)", list(made.values))
