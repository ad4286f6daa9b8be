"""Make the file of what is prepared of a version."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from seatbeacon.inventory import engine
from seatbeacon.inventory.errors import BadVersion
from seatbeacon.inventory.importing.faults import explained
from seatbeacon.inventory.listings.prepared import OUT_OF_ORDER
from seatbeacon.inventory.pool import identity
from seatbeacon.inventory.preparing.answers import answer
from seatbeacon.inventory.preparing.tables import FOLDER, prepared_beside, tables

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL = 32 << 20
"""Bytes below which a version is quick to read as it is: some twenty thousand users."""


def prepare(
    version_file: Path, *, memory_limit: str = "600MB", check_cancelled: Callable[[], None] = lambda: None
) -> bool:
    """Prepare a version; answers whether there was anything to do. Of a tenant one version's tables are kept.

    The file is whole or not there. Where two prepare the same, the last puts its own in place. Raises
    `InventoryError`s, and what `check_cancelled` does between two tables; then nothing is left.
    """
    target = prepared_beside(version_file, identity(version_file))
    if target.exists():
        return False
    partial = target.with_name(f"{target.name}.{os.getpid()}-{secrets.token_hex(4)}.partial")
    scratch = partial.with_name(f"{partial.name}.tmp")
    with engine.reading(version_file):
        pass  # a version that cannot be read is told in its own words
    with explained(target):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with closing(
                engine.open_for_writing(Path(":memory:"), memory_limit=memory_limit, scratch=scratch)
            ) as connection:
                for file, name in ((partial, "prepared"), (version_file, "version (READ_ONLY)")):
                    quoted = str(file).replace("'", "''")
                    connection.execute(f"ATTACH '{quoted}' AS {name}")
                connection.execute("SET search_path = 'version,prepared'")
                connection.execute("SET preserve_insertion_order = true")  # some are made in an order
                for name, select in tables().items():
                    check_cancelled()
                    connection.execute(f"CREATE TABLE prepared.{name} AS {select}")
                if connection.execute(OUT_OF_ORDER).fetchall() != [(0,)]:
                    raise BadVersion(f"The users of {version_file} cannot be read in one order twice.")
                answer(connection, check_cancelled)
                connection.execute("CHECKPOINT prepared")
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
            partial.with_name(f"{partial.name}.wal").unlink(missing_ok=True)
            shutil.rmtree(scratch, ignore_errors=True)
    for other in target.parent.glob("*.duckdb"):
        if other != target:
            with suppress(OSError):
                other.unlink()  # whoever has it open reads on
    return True


def worth_preparing(version_file: Path) -> bool:
    """Whether there is something to prepare, and a version is so large that it is noticed. Raises
    `BadVersion` where there is no such version."""
    found = identity(version_file)
    return found[-1] >= SMALL and not prepared_beside(version_file, found).exists()


def forget_prepared(version_file: Path) -> None:
    """Remove what was prepared of a version, as far as that is possible."""
    folder = version_file.parent / FOLDER
    with suppress(OSError):
        for path in folder.glob(f"{version_file.stem}-*"):
            path.unlink(missing_ok=True)
        folder.rmdir()  # where nothing else is in it
