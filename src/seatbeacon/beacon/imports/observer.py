"""What an import tells whoever watches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from seatbeacon.beacon.models import ImportRun
    from seatbeacon.collection.progress import Progress


class Observer(Protocol):
    """Called as an import goes on; `collected` from any thread."""

    def started(self, run: ImportRun) -> None:
        """The run exists."""
        ...

    def collected(self, progress: Progress) -> None:
        """A dataset went on, or ended."""
        ...

    def merging(self, tenant: str) -> None:
        """The package of `tenant` (its name) is whole, and goes into the inventory now."""
        ...


class Unobserved:
    """Nobody watches."""

    def started(self, run: ImportRun) -> None:
        """Nothing."""

    def collected(self, progress: Progress) -> None:
        """Nothing."""

    def merging(self, tenant: str) -> None:
        """Nothing."""
