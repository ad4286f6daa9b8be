"""What recommendations come to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from seatbeacon.beacon.savings.listed import COUNTED, SAVES
from seatbeacon.inventory import query

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.inventory.listings import Listing


@dataclass(frozen=True)
class Sums:
    """What those recommendations come to that count: neither dismissed nor exempted. A seat counts once."""

    recommendations: int
    seats: int
    monthly: Decimal
    yearly: Decimal


def sums_of(file: Path, listing: Listing) -> Sums:
    """The sums over all that was found. Raises `BadVersion`."""
    saving = query.group(file, listing, "state", filters=[COUNTED, SAVES])
    return Sums(
        query.count(file, listing, filters=[COUNTED]),
        sum(int(one.sums["seats"] or 0) for one in saving),
        sum((Decimal(one.sums["monthly_saving"] or 0) for one in saving), Decimal(0)),
        sum((Decimal(one.sums["yearly_saving"] or 0) for one in saving), Decimal(0)),
    )
