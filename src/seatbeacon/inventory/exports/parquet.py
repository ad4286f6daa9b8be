"""Parquet, written by DuckDB: columns by their keys, each of its own type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.inventory.engine import reading
from seatbeacon.inventory.listings.declaration import SQL_TYPES
from seatbeacon.inventory.querying import statement

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.inventory.querying.statement import Asked


def write(version_file: Path, asked: Asked, target: Path) -> None:
    """Write the file `target`. Times are UTC."""
    picked = [
        f"({column.expression(past=asked.past)})::{SQL_TYPES[column.type]} AS {column.key}"
        for column in asked.columns
    ]
    made = statement.ordered(asked, picked)
    quoted = str(target).replace("'", "''")
    with reading(version_file) as connection:
        connection.execute(f"COPY ({made.sql}) TO '{quoted}' (FORMAT parquet)", list(made.values))
