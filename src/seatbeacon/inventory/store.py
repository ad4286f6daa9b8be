"""The versions of each tenant's inventory on disk: ROOT/<tenant id>/v000001.duckdb and so on."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from seatbeacon.inventory.errors import Unwritable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_VERSION = re.compile(r"v(\d{6,})\.duckdb")
_TENANT = re.compile(r"[A-Za-z0-9-]{1,64}")
_LOCK = "writing.lock"


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

    def next_target(self, tenant_id: str) -> Path:
        """The file that the next import of a tenant is to write: a number above all that are there."""
        taken = [_number(path) for path in self.versions(tenant_id)]
        return self.folder(tenant_id) / f"v{max(taken, default=0) + 1:06d}.duckdb"

    @contextmanager
    def writing(self, tenant_id: str) -> Iterator[Path]:
        """Hold a tenant for writing: gives the next target; `sweep` leaves its folder alone meanwhile.

        Raises `Unwritable` where another process holds it. The lock ends with the process, however it ends.
        """
        folder = self.folder(tenant_id)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Unwritable(
                f"{folder} cannot be written: {error.strerror}.",
                "Check the folder of the inventory and its rights.",
            ) from error
        try:
            if not _try_lock(descriptor):
                raise Unwritable(
                    f"Another import is writing in {folder}.", "Wait until it has ended, then import again."
                )
            self._sweep(folder)
            yield self.next_target(tenant_id)
        finally:
            os.close(descriptor)

    def sweep(self) -> list[Path]:
        """Remove what imports that were cut off have left; answers what was removed. Those under way stay."""
        removed: list[Path] = []
        if not self.root.is_dir():
            return removed
        for folder in sorted(path for path in self.root.iterdir() if path.is_dir()):
            if not any(folder.glob("*.partial*")):
                continue
            try:
                descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            except OSError:
                continue
            try:
                if _try_lock(descriptor):
                    removed += self._sweep(folder)
            finally:
                os.close(descriptor)
        return removed

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

    @staticmethod
    def _sweep(folder: Path) -> list[Path]:
        removed = []
        for path in sorted(folder.glob("*.partial*")):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink()
            if not path.exists():
                removed.append(path)
        return removed


def _number(path: Path) -> int:
    found = _VERSION.fullmatch(path.name)
    return int(found.group(1)) if found else 0


def _try_lock(descriptor: int) -> bool:
    """Take an exclusive lock on an open file without waiting; the system gives it back when the process
    ends."""
    try:
        if os.name == "nt":
            import msvcrt  # noqa: PLC0415 - there only on Windows

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl  # noqa: PLC0415 - there everywhere else

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
