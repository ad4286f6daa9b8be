"""Opening a package and making sure that it is what its manifest says, before anything is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seatbeacon.collection.package.errors import (
    DamagedPackage,
    ForeignTenant,
    IncompletePackage,
    NewerFormat,
    NotAPackage,
)
from seatbeacon.collection.package.files import facts_of
from seatbeacon.collection.package.manifest import (
    MANIFEST_NAME,
    PACKAGE_FORMAT,
    PACKAGE_VERSION,
    Manifest,
    Outcome,
)
from seatbeacon.collection.package.schemas import SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.collection.package.manifest import DatasetRecord

_COLLECT_AGAIN = "Collect it again."
_COPY_AGAIN = "Copy the package again from where it came, or collect it again."


class _Head(msgspec.Struct, frozen=True):
    format: str = ""
    version: int = 0


# Made at import: msgspec learns a Struct at its first use, and two threads that do so at once may crash.
_HEAD = msgspec.json.Decoder(_Head)
_MANIFEST = msgspec.json.Decoder(Manifest)


class Package(msgspec.Struct, frozen=True):
    """A package on disk, opened. `verify()` before use: opening reads the manifest only."""

    folder: Path
    manifest: Manifest

    def collected(self, dataset: str) -> bool:
        """Whether `dataset` is among what was collected; only that may replace what an inventory holds."""
        record = self.manifest.dataset(dataset)
        return record is not None and record.outcome is Outcome.COLLECTED

    def path(self, dataset: str) -> Path:
        """The file of a collected dataset. Raises `IncompletePackage` where it was not collected."""
        if dataset not in SCHEMAS or not self.collected(dataset):
            raise IncompletePackage(f"The package in {self.folder} holds no {dataset}.", _COLLECT_AGAIN)
        return self.folder / SCHEMAS[dataset].file

    def verify(self, *, tenant: str | None = None, checksums: bool = True) -> None:
        """Check everything that can be checked without reading the data itself.

        Status complete, required datasets collected, of `tenant` (an id) where one is given, and each file's
        length and SHA-256. Without `checksums` not the latter: for a package that this process has just
        written, whose checksums were taken from what went to the disk.

        Raises `IncompletePackage`, `ForeignTenant` or `DamagedPackage` with the reason.
        """
        manifest = self.manifest
        if manifest.status != "complete":
            raise IncompletePackage(
                f"The package in {self.folder} is not complete: collecting it was interrupted.",
                "Run the collection again; it goes on from what is there already.",
            )
        if missing := manifest.missing_required:
            reasons = (manifest.dataset(name) for name in missing)
            told = " ".join(record.problem for record in reasons if record and record.problem)
            raise IncompletePackage(
                f"The package in {self.folder} lacks {' and '.join(missing)}, without which there is no "
                f"inventory. {told}".strip(),
                next((r.remedy for r in map(manifest.dataset, missing) if r and r.remedy), _COLLECT_AGAIN),
            )
        if manifest.tenant is None:
            raise DamagedPackage(f"The manifest in {self.folder} names no tenant.", _COLLECT_AGAIN)
        if tenant is not None and manifest.tenant.id.lower() != tenant.lower():
            raise ForeignTenant(
                f"The package in {self.folder} is of tenant {manifest.tenant.display_name} "
                f"({manifest.tenant.id}), not of {tenant}.",
                "Import it through that tenant's connection.",
                expected=tenant,
                found=manifest.tenant.id,
            )
        for record in manifest.datasets:
            if record.outcome is Outcome.COLLECTED:
                self._verify_file(record, checksum=checksums)

    def _verify_file(self, record: DatasetRecord, *, checksum: bool) -> None:
        schema = SCHEMAS.get(record.name)
        if schema is None or record.file != schema.file:
            raise DamagedPackage(
                f"The manifest in {self.folder} names {record.file} for {record.name}: no such file.",
                _COPY_AGAIN,
            )
        try:
            path = self.folder / schema.file
            length = path.stat().st_size
            facts = facts_of(path, record.checksum) if checksum and length == record.bytes else None
        except OSError as error:
            reason = (
                "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
            )
            raise DamagedPackage(f"{schema.file} in {self.folder} {reason}.", _COPY_AGAIN) from error
        if length != record.bytes:
            raise DamagedPackage(
                f"{schema.file} in {self.folder} has {length:,} bytes; {record.bytes:,} were collected.",
                _COPY_AGAIN,
            )
        if facts is not None and facts.checksum != record.checksum:
            raise DamagedPackage(
                f"{schema.file} in {self.folder} was changed after it was collected: its checksum differs.",
                _COPY_AGAIN,
            )


def open_package(folder: Path) -> Package:
    """The package in `folder`. Raises `NotAPackage`, `NewerFormat` or `DamagedPackage`."""
    return Package(folder, read_manifest(folder))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the package in `folder`. Raises `NotAPackage`, `NewerFormat` or `DamagedPackage`."""
    choose = "Choose the folder that `seatbeacon package collect` wrote, the one with a manifest.json."
    try:
        text = (folder / MANIFEST_NAME).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        reason = f"has no {MANIFEST_NAME}" if folder.is_dir() else "does not exist"
        raise NotAPackage(f"{folder} is not a package: it {reason}.", choose) from error
    except OSError as error:
        raise NotAPackage(f"{folder} cannot be read: {error.strerror}.", choose) from error
    try:
        head = _HEAD.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DamagedPackage(
            f"{MANIFEST_NAME} in {folder} cannot be understood: {error}.", _COPY_AGAIN
        ) from error
    if head.format != PACKAGE_FORMAT:
        raise NotAPackage(f"{folder} is not a package: its {MANIFEST_NAME} is of something else.", choose)
    if head.version > PACKAGE_VERSION:
        raise NewerFormat(
            f"The package in {folder} has format {head.version}; this Seatbeacon knows {PACKAGE_VERSION}.",
            "Import it with the version that wrote it, or a later one.",
        )
    try:
        return _from_first(text) if head.version == 1 else _MANIFEST.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DamagedPackage(
            f"{MANIFEST_NAME} in {folder} cannot be understood: {error}.", _COPY_AGAIN
        ) from error


def _from_first(text: bytes) -> Manifest:
    """A manifest of format 1, whose checksums are bare SHA-256."""
    told = msgspec.json.decode(text)
    for record in told.get("datasets", ()):
        if sha256 := record.pop("sha256", None):
            record["checksum"] = f"sha256:{sha256}"
    return _MANIFEST.decode(msgspec.json.encode(told | {"version": PACKAGE_VERSION}))
