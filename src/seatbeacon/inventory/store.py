"""The versions of each tenant's inventory on disk: ROOT/<tenant id>/v000001.duckdb and so on."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from seatbeacon.inventory.errors import Unwritable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_VERSION = re.compile(r"v(\d{6,})(?:-[A-Za-z0-9-]+)?\.duckdb")
_TENANT = re.compile(r"[A-Za-z0-9-]{1,64}")


def partial_of(target: Path) -> Path:
    """Where a version stands while it is written."""
    return target.with_name(f"{target.name}.partial")


def scratch_of(target: Path) -> Path:
    """The folder for what does not fit into memory while a version is written."""
    return target.with_name(f"{target.name}.partial.tmp")


class InventoryStore:
    """All versions under `root`. Which of them is published stands elsewhere: in the control plane."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, tenant_id: str) -> Path:
        """The folder of a tenant. Raises `Unwritable` for what cannot be a tenant's id."""
        if not _TENANT.fullmatch(tenant_id):
            raise Unwritable(f"{tenant_id!r} is no tenant id.", "A tenant's id is a GUID.")
        return self.root / tenant_id.lower()

    def versions(self, tenant_id: str) -> list[Path]:
        """Whole versions of a tenant, oldest first."""
        folder = self.folder(tenant_id)
        if not folder.is_dir():
            return []
        found = [path for path in folder.iterdir() if _VERSION.fullmatch(path.name)]
        return sorted(found, key=_number)

    def next_target(self, tenant_id: str, tag: str = "") -> Path:
        """The file that the next import of a tenant is to write: a number above all that are there.

        `tag` (letters, digits, hyphens) tells one writer from another: where one was cut off and is not yet
        dead, both write files of their own.
        """
        taken = [_number(path) for path in (*self.versions(tenant_id), *self.unfinished(tenant_id))]
        name = f"v{max(taken, default=0) + 1:06d}{f'-{tag}' if tag else ''}.duckdb"
        return self.folder(tenant_id) / name

    def make_folder(self, tenant_id: str) -> None:
        """Make the folder of a tenant, for its owner alone. Raises `Unwritable`."""
        folder = self.folder(tenant_id)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Unwritable(
                f"{folder} cannot be written: {error.strerror}.",
                "Check the folder of the inventory and its rights.",
            ) from error

    def tenants(self) -> list[str]:
        """The tenants that have a folder."""
        if not self.root.is_dir():
            return []
        return sorted(
            path.name for path in self.root.iterdir() if path.is_dir() and _TENANT.fullmatch(path.name)
        )

    def unfinished(self, tenant_id: str) -> list[Path]:
        """What is being written of a tenant, or was cut off: files and folders."""
        return sorted(self.folder(tenant_id).glob("*.partial*"))

    def prune(self, tenant_id: str, *, keep: int, published: Iterable[Path] = ()) -> list[Path]:
        """Remove all but the newest `keep` versions, never one of `published`; answers what was removed.

        A file that another process has open stays (Windows) or vanishes once it is closed (elsewhere).
        """
        kept = {path.resolve() for path in published}
        versions = self.versions(tenant_id)
        removed = []
        for path in versions[: max(0, len(versions) - keep)]:
            if path.resolve() not in kept:
                with suppress(OSError):
                    path.unlink()
                    removed.append(path)
        return removed


def _number(path: Path) -> int:
    found = _VERSION.match(path.name)
    return int(found.group(1)) if found else 0
