"""The schema of a version file: recognised by its number, told in words, brought up to date.

To change the tables: change `sql/schema.sql`, and add the block `to_N` to `sql/upgrades.sql`, which does the
same to a file that has data. The number of a file stands in its table `meta`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.inventory.errors import BadVersion
from seatbeacon.inventory.statements import Statements, blocks
from seatbeacon.inventory.views import make_views

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

FIRST_SCHEMA = 1
SCHEMA_VERSION = FIRST_SCHEMA + len(blocks("upgrades"))
"""The schema that this program writes and reads."""


def meta_of(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What a version file says of itself: schema_version, tenant_id and so on; empty before its tables are
    made."""
    try:
        return dict(Statements(connection, "schema").rows("meta"))
    except Exception as error:
        if type(error).__name__ != "CatalogException":
            raise
        return {}


def set_meta(connection: duckdb.DuckDBPyConnection, facts: dict[str, str]) -> None:
    """Let a version file say `facts` of itself, beside what it says else."""
    schema = Statements(connection, "schema")
    schema.run("forget_meta", keys=list(facts))
    schema.run("set_meta", keys=list(facts), values=list(facts.values()))


def expect_today(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Raise `BadVersion`, which says what to do, where `file` is not of the schema that statements read."""
    number = meta_of(connection).get("schema_version")
    if number is None:
        raise BadVersion(f"{file} is no inventory.", "Import again, or go back to an earlier version.")
    refuse_newer(int(number), file)
    if int(number) < SCHEMA_VERSION:
        raise BadVersion(
            f"The inventory {file} was written by an older Seatbeacon: its schema is {number}, today's is "
            f"{SCHEMA_VERSION}.",
            "Import the tenant again, or start `seatbeacon serve` or `seatbeacon worker`, which bring it up "
            "to date.",
        )


def refuse_newer(number: int, file: Path) -> None:
    """Raise `BadVersion` where schema `number`, which `file` has, is ahead of this program."""
    if number > SCHEMA_VERSION:
        raise BadVersion(
            f"The inventory {file} was written by a newer Seatbeacon: its schema is {number}, this program "
            f"knows {SCHEMA_VERSION}.",
            "Update Seatbeacon, or go back to an earlier version.",
        )


def upgrade_tables(connection: duckdb.DuckDBPyConnection, number: int) -> None:
    """Bring tables of schema `number` up to date, in a file that is open for writing and nobody's yet: a step
    that fails leaves it half way."""
    steps = Statements(connection, "upgrades")
    for step in range(number + 1, SCHEMA_VERSION + 1):
        steps.run(f"to_{step}")
    make_views(connection)
    set_meta(connection, {"schema_version": str(SCHEMA_VERSION)})
