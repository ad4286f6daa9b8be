"""Every listing that the faces show, and the file that a tenant's is read from.

What an inventory holds is read from the version's file; what the rules find in it, from the file that they
were written to; what people decided, from a copy beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatbeacon.inventory.errors import InvalidQuery
from seatbeacon.inventory.listings import LISTINGS

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from seatbeacon.beacon.models import InventoryVersion
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.inventory.listings import Listing
    from seatbeacon.optimization import Outcome

RECOMMENDATIONS = "recommendations"
"""What the rules find in an inventory, listed as what it holds."""

DECISIONS = "decisions"
"""What people decided on recommendations."""

NAMES = (*LISTINGS, RECOMMENDATIONS, DECISIONS)
"""Every listing, in the order in which a person reads them."""


@dataclass(frozen=True)
class Readable:
    """A listing, and the file to ask for it (`query.run(file, listing, …)`). `outcome` is of the rules, where
    it is of recommendations."""

    listing: Listing
    file: Path
    outcome: Outcome | None = None


def declared(name: str) -> Listing:
    """The declaration of the listing `name`, one of NAMES."""
    if name in LISTINGS:
        return LISTINGS[name]
    from seatbeacon import optimization  # noqa: PLC0415 - the rules take their time to load

    return {RECOMMENDATIONS: optimization.RECOMMENDATIONS, DECISIONS: optimization.DECISIONS}[name]


def readable(
    settings: Settings,
    version: InventoryVersion,
    name: str,
    *,
    as_of: datetime | None = None,
    at_once: bool = False,
) -> Readable:
    """The listing `name` (one of NAMES) of a version; recommendations are judged where they are not yet,
    `at_once` only where that takes no time.

    Raises `InvalidQuery` for recommendations and decisions of a day gone by, `BeingReckoned`,
    `OptimizationError` and `InventoryError`s.
    """
    from seatbeacon.beacon.imports.versions import version_path  # noqa: PLC0415 - needs Django to be set up

    if name in LISTINGS:
        return Readable(LISTINGS[name], version_path(settings, version))
    if as_of is not None:
        raise InvalidQuery(
            f"{name.capitalize()} are told of the last import only.",
            "Ask without a date; what was held, used and bought on a day gone by is in the other listings.",
        )
    from seatbeacon.beacon.savings import listed  # noqa: PLC0415 - needs Django as well
    from seatbeacon.beacon.savings.evaluate import recommendations_of  # noqa: PLC0415 - as well

    if name == DECISIONS:
        return Readable(
            listed.decisions_listing(settings, version.tenant_id), version_path(settings, version)
        )
    outcome = recommendations_of(settings, version, at_once=at_once)
    file, listing = listed.recommendations_with_states(outcome)
    return Readable(listing, file, outcome)
