"""What a page knows while it draws: whose inventory, as of when, and whether activity is known at all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.urls import NoReverseMatch, reverse

from seatbeacon.beacon.listings import NAMES, declared
from seatbeacon.web.pages.inventory.address import Asked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

PLACE = "PLACE"


@dataclass(frozen=True)
class Sight:
    """`refresh` is the day that the newest usage report tells of; None where none came, and then whether
    somebody was active is not known. `today` is the day that lengths of time are counted from."""

    tenant: str
    as_of: str
    today: date
    refresh: date | None

    def list_of(self, listing: str, filters: Sequence[str]) -> str:
        """The address of the rows of a listing under `filters`, as of the same day where its past is kept;
        empty where there is no such listing."""
        if listing not in NAMES:
            return ""
        as_of = self.as_of if declared(listing).as_of else ""
        asked = Asked(tenant=self.tenant, as_of=as_of, filters=tuple(filters))
        return list_address(listing) + (asked.address if asked.query else "")

    def page_of(self, route: str, key: object) -> str:
        """The address of the page of one thing; empty where there is no such page, or no key."""
        if key is None or key == "":
            return ""
        pattern = _pattern(route)
        if not pattern:
            return ""
        asked = Asked(tenant=self.tenant, as_of=self.as_of).query
        return pattern.replace(PLACE, quote(str(key), safe="")) + (f"?{asked}" if asked else "")


@cache
def list_address(listing: str) -> str:
    """The address of a listing's page, without a query."""
    from seatbeacon.web.pages.inventory import urls  # noqa: PLC0415 - the routes import the views

    route = urls.ROUTES.get(listing) or urls.ELSEWHERE.get(listing)
    return reverse(route) if route else reverse("listing", args=[listing])


@cache
def _pattern(route: str) -> str:
    """A route's address with a mark in place of the key; empty where there is no such route."""
    try:
        return reverse(route, args=[PLACE])
    except NoReverseMatch:
        return ""
