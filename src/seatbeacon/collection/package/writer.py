"""Building a package in place: the manifest says *collecting* until everything has its outcome."""

from __future__ import annotations

import contextlib
import os
import threading
from typing import TYPE_CHECKING, Any

import msgspec

from seatbeacon.collection.package.errors import FolderInUse, ForeignTenant, PackageError
from seatbeacon.collection.package.files import PART_SUFFIX, DatasetFile, disk_errors, facts_of, sync_folder
from seatbeacon.collection.package.manifest import MANIFEST_NAME, DatasetRecord, Manifest, Outcome
from seatbeacon.collection.package.reader import read_manifest
from seatbeacon.collection.package.schemas import SCHEMAS

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from seatbeacon.collection.package.manifest import TenantIdentity

_FILES = frozenset(schema.file for schema in SCHEMAS.values())


class PackageWriter:
    """Writes a package into `folder`. Thread-safe; the manifest on disk is whole at every moment.

    A file that is whole has its record in the manifest; whatever else lies there is swept by the next start.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Use `start`."""
        self.folder = folder
        self._manifest = manifest
        self._before = (manifest.requests, manifest.throttled_seconds)
        self._lock = threading.Lock()

    @classmethod
    def start(
        cls,
        folder: Path,
        *,
        connection: str,
        cloud: str,
        created_by: str,
        now: datetime,
        resume: bool = False,
    ) -> PackageWriter:
        """Begin a package in `folder`, or with `resume` go on with the one that was begun there.

        Raises `FolderInUse` where the folder holds anything else, `PackageError` where what is to be resumed
        is of another connection or unreadable, `Unwritable` where it cannot be written.
        """
        with disk_errors(folder, MANIFEST_NAME):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            present = {path.name for path in folder.iterdir()}
        manifest = Manifest(created_by=created_by, connection=connection, cloud=cloud, started_at=now)
        foreign = {name for name in present if not (resume and _ours(name))}
        if MANIFEST_NAME in present and resume:
            manifest = _resumable(folder, connection, cloud)
        elif MANIFEST_NAME in present:
            raise FolderInUse(
                f"{folder} already holds a package.",
                "Choose an empty folder, or resume the one that is there.",
            )
        elif foreign:
            raise FolderInUse(
                f"{folder} is not empty: it holds {', '.join(sorted(foreign)[:3])}.",
                "Choose an empty folder for the package.",
            )
        writer = cls(folder, manifest)
        if manifest.status == "collecting":
            writer._sweep()
            writer._save(manifest)
        return writer

    @property
    def manifest(self) -> Manifest:
        """The manifest as it stands on disk."""
        return self._manifest

    def kept(self, name: str) -> DatasetRecord | None:
        """The record of a dataset that an earlier run collected whole, or None."""
        record = self._manifest.dataset(name)
        return record if record and record.outcome is Outcome.COLLECTED else None

    def belongs_to(self, tenant: TenantIdentity) -> None:
        """Say whose data this is. Raises `ForeignTenant` where the resumed package is of another tenant."""
        with self._lock:
            before = self._manifest.tenant
            if before is not None and before.id != tenant.id:
                raise ForeignTenant(
                    f"The package in {self.folder} is of tenant {before.display_name} ({before.id}), but "
                    f"this connection now leads to {tenant.display_name} ({tenant.id}).",
                    "Collect into another folder.",
                    expected=before.id,
                    found=tenant.id,
                )
            self._save(msgspec.structs.replace(self._manifest, tenant=tenant))

    def file(self, dataset: str) -> DatasetFile:
        """Open the file of `dataset` for writing, empty. Raises `DiskFull` or `Unwritable`."""
        return DatasetFile(self.folder, SCHEMAS[dataset].file)

    def record(self, record: DatasetRecord, *, requests: int, throttled_seconds: float) -> None:
        """Put what became of a dataset into the manifest, with the run's requests and seconds waited so
        far."""
        with self._lock:
            others = tuple(other for other in self._manifest.datasets if other.name != record.name)
            order = {name: number for number, name in enumerate(SCHEMAS)}
            datasets = sorted((*others, record), key=lambda each: order.get(each.name, len(order)))
            self._save(
                msgspec.structs.replace(
                    self._manifest, datasets=tuple(datasets), **self._totals(requests, throttled_seconds)
                )
            )

    def complete(self, now: datetime, *, requests: int, throttled_seconds: float) -> Manifest:
        """Every dataset has its outcome: say so, durably."""
        with self._lock:
            totals = self._totals(requests, throttled_seconds)
            self._save(msgspec.structs.replace(self._manifest, status="complete", ended_at=now, **totals))
            return self._manifest

    def _totals(self, requests: int, throttled_seconds: float) -> dict[str, Any]:
        """This run's totals on top of those of the runs before; threads may bring older ones."""
        return {
            "requests": max(self._manifest.requests, self._before[0] + requests),
            "throttled_seconds": max(
                self._manifest.throttled_seconds, round(self._before[1] + throttled_seconds, 3)
            ),
        }

    def _save(self, manifest: Manifest) -> None:
        text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        part = self.folder / f"{MANIFEST_NAME}{PART_SUFFIX}"
        with disk_errors(self.folder, MANIFEST_NAME, needed=len(text)):
            with part.open("wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.folder / MANIFEST_NAME)
            sync_folder(self.folder)
        self._manifest = manifest

    def _sweep(self) -> None:
        whole = {record.file for record in self._manifest.datasets}
        for path in self.folder.iterdir():
            if _ours(path.name) and path.name not in whole and path.name != MANIFEST_NAME:
                with contextlib.suppress(OSError):
                    path.unlink()


def _ours(name: str) -> bool:
    return name.removesuffix(PART_SUFFIX) in _FILES or name.removesuffix(PART_SUFFIX) == MANIFEST_NAME


def _resumable(folder: Path, connection: str, cloud: str) -> Manifest:
    """The manifest to go on with: only datasets whose file is whole stay in it."""
    manifest = read_manifest(folder)
    if (manifest.connection, manifest.cloud) != (connection, cloud):
        raise PackageError(
            f"The package in {folder} was begun for connection {manifest.connection!r} ({manifest.cloud}), "
            f"not for {connection!r} ({cloud}).",
            "Collect into another folder.",
        )
    whole = tuple(record for record in manifest.datasets if _whole(folder, record))
    if manifest.status == "complete" and len(whole) == len(manifest.datasets):
        return manifest
    whole = tuple(record for record in whole if record.outcome is Outcome.COLLECTED)
    return msgspec.structs.replace(manifest, status="collecting", ended_at=None, datasets=whole)


def _whole(folder: Path, record: DatasetRecord) -> bool:
    if record.outcome is not Outcome.COLLECTED:
        return True
    if record.name not in SCHEMAS or record.file != SCHEMAS[record.name].file:
        return False
    try:
        facts = facts_of(folder / record.file, record.checksum)
    except OSError:
        return False
    return (facts.bytes, facts.checksum) == (record.bytes, record.checksum)
