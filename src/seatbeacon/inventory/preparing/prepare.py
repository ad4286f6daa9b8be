"""Make the file of what is prepared of a version."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.inventory.pool import identity
from seatbeacon.inventory.preparing.answers import count_usual_changes
from seatbeacon.inventory.preparing.placing import placed, put_together
from seatbeacon.inventory.preparing.tables import DAYS, FOLDER, prepared_beside, tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
    with placed(target, version_file, name="prepared", memory_limit=memory_limit) as connection:
        connection.execute("SET search_path = 'version,prepared'")
        put_together(
            connection, tables(), LISTINGS.values(), into="prepared", check_cancelled=check_cancelled
        )
        count_usual_changes(connection, into="prepared", check_cancelled=check_cancelled)
    forget_others(target)
    return True


def worth_preparing(version_file: Path) -> bool:
    """Whether there is something to prepare, and a version is so large that it is noticed. Raises
    `BadVersion` where there is no such version."""
    found = identity(version_file)
    return found[-1] >= SMALL and not prepared_beside(version_file, found).exists()


def forget_others(prepared: Path) -> None:
    """Remove what was prepared of other versions of the tenant than the one with that file."""
    for other in prepared.parent.rglob("*.duckdb"):
        if not other.name.startswith(prepared.stem):
            with suppress(OSError):
                other.unlink()  # whoever has it open reads on


def forget_prepared(version_file: Path) -> None:
    """Remove what was prepared of a version, as far as that is possible."""
    folder = version_file.parent / FOLDER
    for place in (folder / DAYS, folder):
        with suppress(OSError):
            for path in place.glob(f"{version_file.stem}-*"):
                path.unlink(missing_ok=True)
            place.rmdir()  # where nothing else is in it
