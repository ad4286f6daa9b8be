"""Write the listings of a version to a folder."""

from __future__ import annotations

import hashlib
import shutil
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from seatbeacon import __version__
from seatbeacon.beacon.audit import record
from seatbeacon.beacon.exporting.folder import being_filled
from seatbeacon.beacon.exporting.manifest import MADE_BY, ExportedFile, Manifest, write_manifest
from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.listings import NAMES, declared, readable
from seatbeacon.beacon.locks import file_lock
from seatbeacon.inventory import exports, query
from seatbeacon.inventory.describe import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from seatbeacon.beacon.audit import Actor
    from seatbeacon.beacon.listings import Readable
    from seatbeacon.beacon.models import InventoryVersion
    from seatbeacon.beacon.settings import Settings

INVENTORY = "inventory.duckdb"
"""The name of the inventory file in an export."""


@dataclass(frozen=True)
class Wish:
    """What is to be exported: listings by name, in which format; as of a moment (aware), or None for the last
    import; and whether the inventory file itself goes with them."""

    names: tuple[str, ...] = NAMES
    format: str = "parquet"
    as_of: datetime | None = None
    inventory: bool = False


@dataclass(frozen=True)
class Step:
    """A file that is about to be written: its name, and its rows where it has any."""

    number: int
    of: int
    name: str
    rows: int | None


def dated(names: Sequence[str]) -> tuple[str, ...]:
    """Those of the listings `names` whose past is kept."""
    return tuple(name for name in names if declared(name).as_of)


def export_folder(
    settings: Settings,
    version: InventoryVersion,
    folder: Path,
    wish: Wish,
    *,
    actor: Actor,
    tell: Callable[[Step], None] = lambda _: None,
) -> Manifest:
    """Write what is wished for to `folder`, all columns of all rows; whole, or `folder` stays as it was.

    An earlier export in it is replaced. Raises FolderTaken where it holds other things, InvalidQuery for a
    listing without a past and a date, OptimizationErrors, InventoryErrors and OSError.
    """
    # The lock stands in our home: another folder may be anywhere, and holds nothing but the export.
    lock = f"export-{zlib.crc32(str(folder.resolve()).encode()):08x}"
    with file_lock(settings.home / "locks" / lock), being_filled(folder) as aside:
        # All are asked before any is written: what cannot be told is refused at once.
        found = {name: readable(settings, version, name, as_of=wish.as_of) for name in wish.names}
        rows = {name: query.count(one.file, one.listing, as_of=wish.as_of) for name, one in found.items()}
        files, steps = [], len(found) + wish.inventory
        for number, (name, one) in enumerate(found.items(), start=1):
            target = aside / f"{name}.{exports.FORMATS[wish.format].suffix}"
            tell(Step(number, steps, target.name, rows[name]))
            _write(one, target, wish)
            files.append(_told(target, name, rows[name]))
        if wish.inventory:
            tell(Step(steps, steps, INVENTORY, None))
            shutil.copyfile(version_path(settings, version), aside / INVENTORY)
            files.append(_told(aside / INVENTORY, None, None))
        manifest = Manifest(
            made_by=MADE_BY,
            program=__version__,
            tenant_id=version.tenant_id,
            tenant=version.tenant.display_name,
            inventory_version=version.pk,
            imported_at=describe(version_path(settings, version)).imported_at,
            as_of=wish.as_of,
            exported_at=datetime.now(UTC),
            format=wish.format,
            files=tuple(files),
        )
        write_manifest(manifest, aside)
    record(actor, "inventory.exported", str(version.tenant), folder=str(folder), files=len(files))
    return manifest


def _write(one: Readable, target: Path, wish: Wish) -> None:
    exports.write_file(
        one.file,
        one.listing,
        target,
        format=wish.format,
        columns=[column.key for column in one.listing.columns],
        as_of=wish.as_of,
    )


def _told(file: Path, listing: str | None, rows: int | None) -> ExportedFile:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return ExportedFile(file.name, listing, rows, file.stat().st_size, digest)
