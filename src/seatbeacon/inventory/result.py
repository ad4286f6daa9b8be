"""What an import answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True)
class Counts:
    """How many there are now, and what this import changed. `changed` counts those in both, but different."""

    total: int = 0
    added: int = 0
    removed: int = 0
    changed: int = 0


@dataclass(frozen=True)
class HoldReason:
    """The import would remove `removed` of `before` users, more than the share `limit` (0.2 is 20 %)."""

    before: int
    removed: int
    limit: float

    @property
    def share(self) -> float:
        """The share of users that would go, from 0 to 1."""
        return self.removed / self.before

    def __str__(self) -> str:
        return (
            f"It would remove {self.removed:,} of {self.before:,} users ({self.share:.0%}), "
            f"more than the {self.limit:.0%} that pass without a look."
        )


@dataclass(frozen=True)
class ImportResult:
    """A new version was written to `file`. Where `held` is set the caller must not publish it unasked.

    `notes` are sentences for people; `measures` are numbers by name, such as `users` or `license_seats`.
    """

    file: Path
    imported_at: datetime
    users: Counts
    licenses: Counts
    assignments: Counts
    held: HoldReason | None = None
    notes: tuple[str, ...] = ()
    measures: dict[str, int | float] = field(default_factory=dict)
