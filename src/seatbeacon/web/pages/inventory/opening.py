"""From a request to the list that it asks for: listing, tenant, filters, and what is known while drawing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from django.http import Http404

from seatbeacon.beacon.imports.days import want_day
from seatbeacon.beacon.listings import NAMES, declared, readable
from seatbeacon.beacon.settings import load_settings
from seatbeacon.inventory.errors import InvalidQuery
from seatbeacon.inventory.query import moment_of, parse_filter
from seatbeacon.web.pages.inventory.presentation import presentation_of
from seatbeacon.web.pages.inventory.presentation.common import USAGE_REPORTS
from seatbeacon.web.pages.inventory.sight import Sight
from seatbeacon.web.pages.inventory.tenants import Chosen, choose

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from seatbeacon.inventory.describe import Description
    from seatbeacon.inventory.filters import Filter
    from seatbeacon.inventory.listings import Listing
    from seatbeacon.optimization import Outcome
    from seatbeacon.web.pages.inventory.address import Asked
    from seatbeacon.web.pages.inventory.hints import Presentation


@dataclass(frozen=True)
class Opened:
    """A list that can be read: `listing` from `file`. `outcome` is of the rules, where it is of
    recommendations."""

    listing: Listing
    file: Path
    presentation: Presentation
    asked: Asked
    chosen: Chosen
    description: Description
    sight: Sight
    outcome: Outcome | None = None

    @property
    def as_of(self) -> datetime | None:
        """The moment that the list is told as of; None for the last import. Raises InvalidQuery."""
        return moment_of(self.asked.as_of) if self.asked.as_of else None

    @property
    def filters(self) -> list[Filter]:
        """The address's filters, read. Raises InvalidQuery."""
        return [parse_filter(text) for text in self.asked.filters]


def listing_or_404(name: str) -> Listing:
    """The listing of that name. Raises Http404."""
    if name not in NAMES:
        raise Http404
    return declared(name)


def open_list(asked: Asked, name: str) -> Opened:
    """The list of an address; recommendations are judged where they are not yet. Raises NothingPublished,
    BeingReckoned, NoSuchTenant, SeveralTenants, BadVersion, InvalidQuery and OptimizationErrors."""
    chosen = choose(asked.tenant)
    description = chosen.description
    today = datetime.now(UTC).date()
    sight = Sight(chosen.named, asked.as_of, today, refresh_date(description))
    settings = load_settings()
    if asked.as_of:
        with suppress(InvalidQuery):  # no date: the list says so
            want_day(settings, chosen.version, moment_of(asked.as_of))
    found = readable(settings, chosen.version, name, at_once=True)
    return Opened(
        found.listing, found.file, presentation_of(name), asked, chosen, description, sight, found.outcome
    )


def refresh_date(description: Description) -> date | None:
    """The day that the newest usage report tells of; None where none was read."""
    days = [
        state.refresh_date
        for state in description.datasets
        if state.refresh_date
        and state.collected_at
        and any(fnmatchcase(state.dataset, s) for s in USAGE_REPORTS)
    ]
    return max(days, default=None)
