"""What each department, country, company or manager costs, and what one of them pays for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from seatbeacon.beacon.savings.costs import KINDS, SPREADS, called
from seatbeacon.documents import FORMATS
from seatbeacon.inventory.filters import Filter
from seatbeacon.optimization import RECOMMENDATIONS, UNASSIGNED
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.chargeback.opening import Opened, open_costs, part_of
from seatbeacon.web.pages.details.frame import Frame, framed
from seatbeacon.web.pages.recommendations.addresses import recommendations_address
from seatbeacon.web.tables import sorted_rows

if TYPE_CHECKING:
    from decimal import Decimal

    from django.http import HttpRequest, HttpResponse

    from seatbeacon.optimization import PartCost, ProductCost

DATASETS = ("users", "subscribedSkus")
MOST_NAMED = 90
"""Products that an address can name."""
SORTS = {
    "name": lambda row: row.name.casefold(),
    "users": lambda row: row.part.users,
    "seats": lambda row: row.part.seats,
    "assigned": lambda row: row.part.assigned_cost,
    "unassigned": lambda row: row.part.unassigned_cost,
    "cost": lambda row: row.part.cost,
}


@dataclass(frozen=True)
class PartRow:
    """A part, and where its page and its rows are."""

    part: PartCost
    name: str
    address: str
    users: str
    seats: str

    @property
    def named(self) -> bool:
        """Whether its people carry a value."""
        return self.part.value not in (None, UNASSIGNED)


@dataclass(frozen=True)
class ProductRow:
    """A product that a part pays for, its page and its holders."""

    product: ProductCost
    address: str
    holders: str

    @property
    def cost(self) -> Decimal:
        """All that is paid for it."""
        return self.product.assigned_cost + self.product.unassigned_cost


@requires(Role.VIEWER)
@require_GET
@framed("Chargeback")
def chargeback(request: HttpRequest, frame: Frame) -> HttpResponse:
    """All parts with what they pay, by the prices of the day of the last import."""
    frame = without_day(frame)
    opened = open_costs(frame, request.GET)
    search = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200]
    rows = [_row(frame, opened, part) for part in opened.found.parts]
    if search:
        rows = [row for row in rows if search.casefold() in row.name.casefold()]
    context = (
        frame.context(DATASETS)
        | _shared(opened)
        | {
            "title": "Chargeback",
            "lead": "What each part of the organisation pays for its licenses, by the prices typed in.",
            "kinds": [(key, one) for key, (one, _, _) in KINDS.items()],
            "spreads": SPREADS.items(),
            "listing": sorted_rows(request, rows, SORTS, default="-cost"),
            "search": search,
            "parts": len(opened.found.parts),
            "users": sum(part.users for part in opened.found.parts),
            "seats": sum(part.seats for part in opened.found.parts),
            "assigned": sum(part.assigned_cost for part in opened.found.parts),
            "unassigned": sum(part.unassigned_cost for part in opened.found.parts),
        }
    )
    return render(request, "chargeback/list.html", context)


@requires(Role.VIEWER)
@require_GET
@framed("Chargeback")
def part(request: HttpRequest, frame: Frame) -> HttpResponse:
    """What one part pays for, product by product, with what it could save."""
    frame = without_day(frame)
    opened = open_costs(frame, request.GET)
    found = part_of(opened, request.GET)
    context = (
        frame.context(DATASETS)
        | _shared(opened)
        | {
            "title": called(found, opened.by),
            "lead": f"{KINDS[opened.by][0]}: what is paid for its licenses, a {opened.per}.",
            "back": f"{reverse('chargeback')}?{opened.query}",
            "back_label": "Chargeback",
            "row": _row(frame, opened, found),
            "share": found.cost / opened.found.total * 100 if opened.found.total else None,
            "products": [_product(frame, opened, found, each) for each in found.products],
            "savings": _savings(opened, found),
            "part_query": opened.part_query(found),
        }
    )
    return render(request, "chargeback/part.html", context)


def without_day(frame: Frame) -> Frame:
    """Costs are told of the last import, whatever day the address names."""
    return replace(frame, as_of=None, asked=frame.asked.but(as_of=""), sight=replace(frame.sight, as_of=""))


def _shared(opened: Opened) -> dict[str, Any]:
    one, several, field = KINDS[opened.by]
    return {
        "opened": opened,
        "found": opened.found,
        "one": one,
        "several": several,
        "field": field,
        "spread_words": SPREADS[opened.spread],
        "unpriced": sorted(opened.found.unpriced),
        "formats": [(each.name, each.label) for each in FORMATS.values()],
    }


def _row(frame: Frame, opened: Opened, found: PartCost) -> PartRow:
    apart = found.value == UNASSIGNED
    own = [str(Filter(opened.by, "=", found.value))]
    counted = [each.sku_id for each in found.products if each.seats]
    only = [str(Filter("sku_id", "=", tuple(counted)))] if 0 < len(counted) <= MOST_NAMED else []
    return PartRow(
        found,
        called(found, opened.by),
        f"{reverse('chargeback-part')}?{opened.part_query(found)}",
        "" if apart else frame.sight.list_of("users", own),
        "" if apart or not counted else frame.sight.list_of("holders", [*own, *only]),
    )


def _product(frame: Frame, opened: Opened, found: PartCost, each: ProductCost) -> ProductRow:
    filters = [str(Filter(opened.by, "=", found.value)), str(Filter("sku_id", "=", each.sku_id))]
    return ProductRow(
        each,
        frame.sight.page_of("license", each.sku_id),
        frame.sight.list_of("holders", filters) if found.value != UNASSIGNED else "",
    )


def _savings(opened: Opened, found: PartCost) -> str:
    """Where the recommendations for a part are."""
    if found.value == UNASSIGNED or RECOMMENDATIONS.column(opened.by) is None:
        return ""
    return recommendations_address(opened.tenant, Filter(opened.by, "=", found.value or None))
