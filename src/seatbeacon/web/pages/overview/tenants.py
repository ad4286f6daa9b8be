"""One tenant, or all of them, as the overview shows them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from seatbeacon.inventory.overview.summary import ProductUse, Renewal, overview, renewals
from seatbeacon.web.pages.details.charts import Chart, trend_chart
from seatbeacon.web.pages.details.frame import TREND_DAYS
from seatbeacon.web.pages.details.use import Use, use_bar
from seatbeacon.web.pages.inventory.drawing import SOON, URGENT
from seatbeacon.web.pages.inventory.notices import dataset_notices
from seatbeacon.web.pages.inventory.opening import refresh_date
from seatbeacon.web.pages.inventory.sight import Sight

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from seatbeacon.inventory.overview.summary import Series
    from seatbeacon.web.pages.inventory.tenants import Chosen
    from seatbeacon.web.pages.overview.together import Member, Together

DATASETS = (
    "organization",
    "users",
    "subscribedSkus",
    "subscriptions",
    "groups",
    "servicePrincipals",
    "appRoleAssignedTo",
    "activations",
    "appUsageD*",
    "activeUsers",
    "*Usage",
    "emailActivity",
    "oneDriveActivity",
    "sharePointActivity",
    "teams*",
    "vivaEngageActivity",
)
"""What the two documented permissions bring; what takes more is told where it is shown."""
MOST_PRODUCTS = 12
MOST_RENEWALS = 8
PEOPLE = (
    ("all", "Users", ()),
    ("members", "Members", ("user_type!=Guest",)),
    ("guests", "Guests", ("user_type=Guest",)),
    ("disabled", "Disabled", ("account_enabled=false",)),
    ("licensed", "With licenses", ("license_count>0",)),
)
SUMMED = (*(key for key, _, _ in PEOPLE), "purchased", "assigned", "available")
"""What the tiles show, by the names of `together.totals_of`."""


@dataclass(frozen=True)
class Tile:
    """A number, and where its rows are."""

    label: str
    count: int
    address: str
    sub: str = ""


@dataclass(frozen=True)
class ShownProduct:
    """A product with its bar."""

    product: ProductUse
    use: Use
    address: str


@dataclass(frozen=True)
class ShownRenewal:
    """A renewal; `colour` is red, yellow or none as it comes near."""

    renewal: Renewal
    days: int
    colour: str
    address: str
    tenant: str


@dataclass(frozen=True)
class TenantView:
    """What is shown of one tenant, or of all as one."""

    name: str
    key: str
    imported_at: datetime
    refresh: date | None
    tiles: tuple[Tile, ...]
    products: tuple[ShownProduct, ...]
    more_products: int
    free: int
    renewals: tuple[ShownRenewal, ...]
    notices: tuple[Any, ...]
    charts: tuple[Chart, ...]
    licenses_address: str


@dataclass(frozen=True)
class TenantRow:
    """A tenant in the table of all; `problems` is the number of its notices."""

    key: str
    name: str
    tiles: tuple[Tile, ...]
    imported_at: datetime
    problems: int


def tenant_view(chosen: Chosen, today: date) -> TenantView:
    """One tenant. Raises `BadVersion`."""
    description = chosen.description
    since = (description.imported_at - timedelta(days=TREND_DAYS)).date()
    found = overview(chosen.file, since)
    sight = Sight(chosen.named, "", today, refresh_date(description))
    free = [one for one in found.products if one.unlimited]
    shown = [_product(one, sight) for one in found.limited]
    return TenantView(
        name=chosen.tenant.display_name,
        key=chosen.tenant.pk,
        imported_at=description.imported_at,
        refresh=sight.refresh,
        tiles=_tiles(found.users, found.purchased, found.assigned, found.available, sight),
        products=tuple(shown[:MOST_PRODUCTS]),
        more_products=max(0, len(shown) - MOST_PRODUCTS),
        free=len(free),
        renewals=tuple(_renewal(one, sight, today) for one in renewals(chosen.file, today, MOST_RENEWALS)),
        notices=tuple(dataset_notices(description, DATASETS, datetime.now(UTC))),
        charts=_charts(found.seats, found.people),
        licenses_address=sight.list_of("licenses", []),
    )


def all_tenants(together: Together, today: date) -> TenantView:
    """Several tenants as one: sums, the renewals that come first, and lines added up by day."""
    totals = together.totals
    nowhere = Sight("", "", today, None)
    shown = []
    for renewal, member in together.renewals(today, MOST_RENEWALS):
        sight = Sight(member.key, "", today, None)
        shown.append(_renewal(renewal, sight, today, member.name))
    tiles = _tiles(totals, totals["purchased"], totals["assigned"], totals["available"], nowhere)
    return TenantView(
        name="All tenants",
        key="",
        imported_at=together.oldest,
        refresh=None,
        tiles=tuple(replace(tile, address="") for tile in tiles),
        products=(),
        more_products=0,
        free=0,
        renewals=tuple(shown),
        notices=(),
        charts=_charts(together.seats, together.people),
        licenses_address="",
    )


def tenant_row(member: Member, today: date) -> TenantRow:
    """A tenant's row in the table of all."""
    brief = member.brief
    sight = Sight(member.key, "", today, None)
    return TenantRow(
        member.key,
        member.name,
        _tiles(brief.users, brief.purchased, brief.assigned, brief.available, sight),
        brief.description.imported_at,
        len(dataset_notices(brief.description, DATASETS, datetime.now(UTC))),
    )


def _tiles(
    users: Mapping[str, int], purchased: int, assigned: int, available: int, sight: Sight
) -> tuple[Tile, ...]:
    people = [
        Tile(label, users.get(key, 0), sight.list_of("users", filters)) for key, label, filters in PEOPLE
    ]
    return (
        *people,
        Tile("Licenses purchased", purchased, sight.list_of("subscriptions", [])),
        Tile("Licenses assigned", assigned, sight.list_of("holders", [])),
        Tile("Licenses available", available, sight.list_of("licenses", ["available>0"])),
    )


def _product(product: ProductUse, sight: Sight) -> ShownProduct:
    own = f"sku_id={product.sku_id}"
    use = use_bar(
        purchased=product.purchased,
        assigned=product.assigned,
        active=product.active,
        inactive=product.inactive,
        never=product.never,
        address=lambda kind: sight.list_of("holders", [own, f"activity={kind}"] if kind else [own]),
    )
    return ShownProduct(product, use, sight.page_of("license", product.sku_id))


def _renewal(found: Renewal, sight: Sight, today: date, tenant: str = "") -> ShownRenewal:
    days = (found.day - today).days
    colour = "red" if days <= URGENT else "yellow" if days <= SOON else ""
    return ShownRenewal(found, days, colour, sight.page_of("license", found.sku_id), tenant)


def _charts(seats: Series, people: Series) -> tuple[Chart, ...]:
    return (
        trend_chart("seats-trend", "Licenses over time", seats, ("purchased", "assigned", "active_90")),
        trend_chart("people-trend", "Users over time", people, ("members", "guests", "disabled", "licensed")),
    )
