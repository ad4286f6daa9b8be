"""What an export's folder says of itself, in manifest.json: what it holds, of whom, as of when."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads annotations at run time
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = "manifest.json"
MADE_BY = "seatbeacon export"


class ExportedFile(msgspec.Struct, frozen=True):
    """A file of the folder. `listing` and `rows` are None for the inventory file."""

    name: str
    listing: str | None
    rows: int | None
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Times are UTC. `as_of` is None for the last import; `inventory_version` numbers the version that was
    read, `program` is ours."""

    made_by: str
    program: str
    tenant_id: str
    tenant: str
    inventory_version: int
    imported_at: datetime
    as_of: datetime | None
    exported_at: datetime
    format: str
    files: tuple[ExportedFile, ...]


# Made at import: msgspec learns a Struct at its first use, and two threads that do so at once may crash.
_MANIFEST = msgspec.json.Decoder(Manifest)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of an export in `folder`; None where there is none of ours, or it cannot be read."""
    try:
        found = _MANIFEST.decode((folder / MANIFEST).read_bytes())
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return found if found.made_by == MADE_BY else None


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write it, indented for people."""
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
