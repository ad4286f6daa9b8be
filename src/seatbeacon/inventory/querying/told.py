"""Which file answers a question: the version, or one that was made of the day asked about."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from seatbeacon.inventory.errors import BadVersion
from seatbeacon.inventory.listings import DAY_LISTINGS, Listing
from seatbeacon.inventory.pool import identity
from seatbeacon.inventory.preparing.tables import day_beside
from seatbeacon.inventory.querying.reading import times_of, times_of_day
from seatbeacon.inventory.querying.statement import listing_named

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.inventory.querying.binding import Times


def told_by(
    version_file: Path, listing: str | Listing, as_of: datetime | None
) -> tuple[Path, Listing, Times]:
    """The file to ask for a listing as of a moment (aware, or naive UTC; None for the last import), the
    listing as that file tells it, and the times that the question means. Both files say the same.

    Raises `InvalidQuery` and `BadVersion`.
    """
    found = listing_named(listing)
    moment = as_of.astimezone(UTC).replace(tzinfo=None) if as_of is not None and as_of.tzinfo else as_of
    day = day_that_ends(moment) if moment is not None and found.name in DAY_LISTINGS else None
    if moment is not None and day is not None:
        file = day_beside(version_file, identity(version_file), day)
        if file.exists():
            with suppress(BadVersion):  # removed in between, or damaged: the version tells it, only slower
                return file, DAY_LISTINGS[found.name], times_of_day(file, moment)
    return version_file, found, times_of(version_file, moment)


def day_that_ends(moment: datetime) -> date | None:
    """The day whose last moment it is (naive UTC), as `moment_of` makes of a date; else None."""
    return moment.date() if moment.time() == time.max else None
