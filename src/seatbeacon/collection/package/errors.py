"""What can go wrong with a package on disk.

    CollectionError                 .message what happened and where, .remedy what to do next
    ├── PackageError                a folder that cannot be used as a package
    │   ├── NotAPackage             no manifest, or one of something else
    │   ├── NewerFormat             written by a later Seatbeacon
    │   ├── DamagedPackage          a file is missing, shorter, or differs from its checksum
    │   ├── IncompletePackage       collecting did not end, or a required dataset is missing
    │   └── ForeignTenant           it holds, or the sign-in led to, another tenant than expected
    └── Unwritable                  the folder does not take what is written
        ├── FolderInUse             something stands there already
        └── DiskFull                no space, or a quota, left

None is worth a retry by itself: a person must act first. Faults of Microsoft Graph are in
`seatbeacon.graph.errors`.
"""

# ruff: noqa: N818 - an error is named for what happened, and the base says that it is one

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class CollectionError(Exception):
    """Base of everything that `seatbeacon.collection` raises itself. `str()` is the message and the
    remedy."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class PackageError(CollectionError):
    """A folder that cannot be used as a package."""


class NotAPackage(PackageError):
    """No manifest, or one of something else."""


class NewerFormat(PackageError):
    """Written by a later version of Seatbeacon, whose format this one does not know."""


class DamagedPackage(PackageError):
    """What stands on disk is not what the manifest says."""


class IncompletePackage(PackageError):
    """Collecting did not end, or a required dataset is missing."""


class ForeignTenant(PackageError):
    """Data of another tenant than the expected one."""

    def __init__(self, message: str, remedy: str = "", *, expected: str = "", found: str = "") -> None:
        super().__init__(message, remedy)
        self.expected = expected
        self.found = found


class Unwritable(CollectionError):
    """The package's folder does not take what is written."""


class FolderInUse(Unwritable):
    """Something stands in the folder already."""


class DiskFull(Unwritable):
    """No space, or no quota, left where the package is written."""

    def __init__(self, folder: Path, *, file: str, written: int, needed: int | None = None) -> None:
        """`written` bytes of `file` were on disk when it ended; `needed` bytes more were being written."""
        more = f"; {needed:,} more bytes were to be written" if needed else ""
        super().__init__(
            f"The disk is full: {file} in {folder} could not be written beyond {written:,} bytes{more}.",
            "Free space there or choose another folder, then run it again; what was collected is kept.",
        )
        self.folder = folder
        self.needed = needed
