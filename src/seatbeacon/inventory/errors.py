"""What can go wrong in the inventory.

InventoryError                  .message what happened and where, .remedy what to do next, .retryable
├── BadPackageData              a file of a package holds what cannot be read, though its checksum is right
├── BadVersion                  a version file that is damaged, missing, or of a newer Seatbeacon
├── NoSpace                     the disk is full, or the memory allowed is too small
├── Unwritable                  the folder does not take what is written
├── ImportCancelled             somebody asked to stop; not a fault
├── InvalidQuery                a listing, column, filter or sort that does not exist
└── BadCatalog                  a file that is not Microsoft's product table
"""

# ruff: noqa: N818 - an error is named for what happened, and the base says that it is one

from __future__ import annotations


class InventoryError(Exception):
    """Base of everything that `seatbeacon.inventory` raises itself. `str()` is the message and the remedy."""

    retryable = False

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class BadPackageData(InventoryError):
    """A file of a package holds what cannot be read, though its checksum is right."""

    def __init__(self, message: str, remedy: str = "", *, file: str = "", line: int | None = None) -> None:
        super().__init__(message, remedy)
        self.file = file
        self.line = line


class BadVersion(InventoryError):
    """A version file that is damaged, missing, or of a newer Seatbeacon."""


class NoSpace(InventoryError):
    """The disk is full, or the memory allowed is too small for the tenant."""

    retryable = True


class Unwritable(InventoryError):
    """The inventory's folder does not take what is written."""


class ImportCancelled(InventoryError):
    """Somebody asked to stop. Not a fault; nothing was changed."""


class InvalidQuery(InventoryError):
    """A listing, column, filter or sort that does not exist; the message names those that do."""


class BadCatalog(InventoryError):
    """A file that is not Microsoft's table of product names and service plan identifiers."""
