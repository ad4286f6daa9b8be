"""What can go wrong while collecting, besides Microsoft Graph's own faults (`seatbeacon.graph.errors`).

CollectionError                 .message what happened and where, .remedy what to do next
├── PackageError, Unwritable    the package on disk: see `seatbeacon.collection.package.errors`
└── DatasetError                what came cannot be believed: the dataset has failed, the run goes on
    ├── CountsDisagree          Microsoft counts another number than the listing gave
    ├── UnreadableObjects       objects without an id, or what is none
    ├── UnreadableReport        no report, or without the columns that say when and who
    └── TruncatedReport         a report that breaks off
"""

# ruff: noqa: N818 - an error is named for what happened, and the base says that it is one

from __future__ import annotations

from seatbeacon.collection.package.errors import (
    CollectionError,
    DamagedPackage,
    DiskFull,
    FolderInUse,
    ForeignTenant,
    IncompletePackage,
    NewerFormat,
    NotAPackage,
    PackageError,
    Unwritable,
)

__all__ = [
    "CollectionError",
    "CountsDisagree",
    "DamagedPackage",
    "DatasetError",
    "DiskFull",
    "FolderInUse",
    "ForeignTenant",
    "IncompletePackage",
    "NewerFormat",
    "NotAPackage",
    "PackageError",
    "TruncatedReport",
    "UnreadableObjects",
    "UnreadableReport",
    "UnsteadyListing",
    "Unwritable",
]


class DatasetError(CollectionError):
    """What came cannot be believed; the dataset has failed."""


class CountsDisagree(DatasetError):
    """Microsoft counts another number of objects than the listing gave, again and again."""

    def __init__(self, name: str, *, counted: int, listed: int) -> None:
        super().__init__(
            f"Microsoft counts {counted:,} {name}, the listing gave {listed:,}.",
            "Run the import again later; if it stays so, report it to Microsoft. What was there stays.",
        )
        self.counted = counted
        self.listed = listed


class UnsteadyListing(DatasetError):
    """A listing that Graph does not count gave another number each time it was read."""

    def __init__(self, name: str, found: list[int]) -> None:
        super().__init__(
            f"The listing of {name} gave another number each time: {', '.join(map(str, found))}.",
            "Run the import again later; if it stays so, report it to Microsoft. What was there stays.",
        )


class UnreadableObjects(DatasetError):
    """A listing holds objects without an id."""


class UnreadableReport(DatasetError):
    """What came is no usage report."""


class TruncatedReport(DatasetError):
    """A report breaks off before its end."""
