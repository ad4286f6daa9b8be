"""Bring a whole version file up to date, where it was written by an earlier program."""

from __future__ import annotations

import shutil
from contextlib import closing
from typing import TYPE_CHECKING

from seatbeacon.inventory import engine
from seatbeacon.inventory.files import discard_partial, put_in_place
from seatbeacon.inventory.importing.faults import explained
from seatbeacon.inventory.schema import SCHEMA_VERSION, meta_of, upgrade_tables
from seatbeacon.inventory.store import partial_of, scratch_of

if TYPE_CHECKING:
    from pathlib import Path


def schema_behind(file: Path) -> int | None:
    """The schema of a version file where that is an earlier one than today's, else None. Raises
    `BadVersion` where the file cannot be opened."""
    with closing(engine.open_for_reading(file)) as connection:
        number = meta_of(connection).get("schema_version")
    return int(number) if number is not None and int(number) < SCHEMA_VERSION else None


def upgrade_file(file: Path, *, memory_limit: str = "600MB") -> bool:
    """Bring a version file up to date, whole or not at all; answers whether there was anything to do.

    Those who have the file open read on in what it was. The caller holds the tenant for writing. Raises
    `InventoryError`s as an import does; then the file is as it was.
    """
    number = schema_behind(file)
    if number is None:
        return False
    with explained(file):
        discard_partial(file)
        try:
            shutil.copyfile(file, partial_of(file))
            with closing(
                engine.open_for_writing(partial_of(file), memory_limit=memory_limit, scratch=scratch_of(file))
            ) as connection:
                upgrade_tables(connection, number)
                connection.execute("CHECKPOINT")
            put_in_place(file)
        except BaseException:
            discard_partial(file)
            raise
    return True
