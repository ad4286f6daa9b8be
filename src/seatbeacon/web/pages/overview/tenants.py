"""One tenant, or all of them, as the overview shows them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from seatbeacon.inventory.overview.summary import Overview, ProductUse, Renewal, overview, renewals
from seatbeacon.web.pages.details.charts import Chart, trend_chart
from seatbeacon.web.pages.details.frame import TREND_DAYS
from seatbeacon.web.pages.details.use import Use, use_bar
from seatbeacon.web.pages.inventory.drawing import SOON, URGENT
from seatbeacon.web.pages.inventory.notices import dataset_notices
from seatbeacon.web.pages.inventory.opening import refresh_date
from seatbeacon.web.pages.inventory.sight import Sight

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from seatbeacon.inventory.overview.summary import Series
    from seatbeacon.web.pages.inventory.tenants import Chosen

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
    """What is shown. `tenants` are the rows of the table of all tenants, empty for one of them."""

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
    overview: Overview | None = None


def tenant_view(chosen: Chosen, today: date) -> TenantView:
    """One tenant. Raises `BadVersion`."""
    description = chosen.description
    since = (description.imported_at - timedelta(days=TREND_DAYS)).date()
    found = overview(chosen.file, since)
    sight = Sight(chosen.named, "", today, refresh_date(description))
    tiles = [
        Tile(label, found.users.get(key, 0), sight.list_of("users", filters))
        for key, label, filters in PEOPLE
    ]
    subscriptions, holders = sight.list_of("subscriptions", []), sight.list_of("holders", [])
    free = [one for one in found.products if one.unlimited]
    tiles += [
        Tile("Licenses purchased", found.purchased, subscriptions),
        Tile("Licenses assigned", found.assigned, holders),
        Tile("Licenses available", found.available, sight.list_of("licenses", ["available>0"])),
    ]
    shown = [_product(one, sight) for one in found.limited]
    return TenantView(
        name=chosen.tenant.display_name,
        key=chosen.tenant.pk,
        imported_at=description.imported_at,
        refresh=sight.refresh,
        tiles=tuple(tiles),
        products=tuple(shown[:MOST_PRODUCTS]),
        more_products=max(0, len(shown) - MOST_PRODUCTS),
        free=len(free),
        renewals=tuple(_renewal(one, sight, today) for one in renewals(chosen.file, today, MOST_RENEWALS)),
        notices=tuple(dataset_notices(description, DATASETS, datetime.now(UTC))),
        charts=_charts(found.seats, found.people),
        licenses_address=sight.list_of("licenses", []),
        overview=found,
    )


def all_tenants(views: Sequence[TenantView]) -> TenantView:
    """Several tenants as one: sums, the renewals that come first, and lines added up by day."""
    tiles = [
        Tile(tile.label, sum(view.tiles[place].count for view in views), "")
        for place, tile in enumerate(views[0].tiles)
    ]
    coming = sorted(
        (
            ShownRenewal(one.renewal, one.days, one.colour, one.address, view.name)
            for view in views
            for one in view.renewals
        ),
        key=lambda one: (one.renewal.day, one.tenant, one.renewal.name),
    )
    overviews = [view.overview for view in views if view.overview is not None]
    return TenantView(
        name="All tenants",
        key="",
        imported_at=min(view.imported_at for view in views),
        refresh=None,
        tiles=tuple(tiles),
        products=(),
        more_products=0,
        free=0,
        renewals=tuple(coming[:MOST_RENEWALS]),
        notices=(),
        charts=_charts(_sum([each.seats for each in overviews]), _sum([each.people for each in overviews])),
        licenses_address="",
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


def _renewal(found: Renewal, sight: Sight, today: date) -> ShownRenewal:
    days = (found.day - today).days
    colour = "red" if days <= URGENT else "yellow" if days <= SOON else ""
    return ShownRenewal(found, days, colour, sight.page_of("license", found.sku_id), "")


def _charts(seats: Series, people: Series) -> tuple[Chart, ...]:
    return (
        trend_chart("seats-trend", "Licenses over time", seats, ("purchased", "assigned", "active_90")),
        trend_chart("people-trend", "Users over time", people, ("members", "guests", "disabled", "licensed")),
    )


def _sum(series: Iterable[Series]) -> Series:
    """Lines of several tenants added up. On a day without an import a tenant counts as on the day before."""
    lines: dict[str, list[tuple[tuple[date, int], ...]]] = defaultdict(list)
    for one in series:
        for name, points in one.items():
            lines[name].append(points)
    summed: Series = {}
    for name, every in lines.items():
        days = sorted({day for points in every for day, _ in points})
        totals = dict.fromkeys(days, 0)
        for points in every:
            known, last = dict(points), 0
            for day in days:
                last = known.get(day, last)
                totals[day] += last
        summed[name] = tuple(totals.items())
    return summed
