"""What was recommended on a day gone by, as far as it is still held: the sums of each rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from seatbeacon.beacon.savings.rules import rule_book
from seatbeacon.beacon.savings.trend import Judged, Sums, judged_on, newest_day
from seatbeacon.beacon.settings import load_settings
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.inventory.tenants import published_tenants
from seatbeacon.web.pages.recommendations.addresses import day_address, savings_address
from seatbeacon.web.tables import sorted_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from seatbeacon.beacon.models import Tenant

SORTS = {
    "name": lambda row: row.name.casefold(),
    "found": lambda row: row.sums.recommendations,
    "seats": lambda row: row.sums.seats,
    "waste": lambda row: row.sums.waste,
}


@dataclass(frozen=True)
class Row:
    """The sums of a rule, or of a tenant, on a day; `address` leads on (empty: to nowhere)."""

    name: str
    sums: Sums
    currency: str
    judged: date
    address: str = ""


@requires(Role.VIEWER)
@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """Of `?day=`, of one tenant, or of all where the address names none."""
    tenants = published_tenants()
    context: dict[str, Any] = {
        "title": "What was recommended",
        "here": request.path,
        "listing": {"about": ""},
    }
    if not tenants:
        return render(request, "inventory/nothing.html", context)
    asked = request.GET.get("tenant", "").lower()
    chosen = [one for one in tenants if one.pk == asked] or tenants
    alone = chosen[0] if len(chosen) == 1 else None
    named = alone.pk if alone and len(tenants) > 1 else ""
    try:
        wanted = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        wanted = None
    found = judged_on([one.pk for one in chosen], wanted) if wanted else {}
    rows = _by_rule(found.get(alone.pk)) if alone else _by_tenant(found, chosen, wanted)
    newest = newest_day([one.pk for one in chosen])
    back = reverse("savings-trend") + (f"?{urlencode({'tenant': named})}" if named else "")
    context |= {
        "wanted": wanted,
        "alone": alone,
        "several": len(tenants) > 1,
        "one": "Rule" if alone else "Tenant",
        "judged": rows[0].judged if alone and rows else None,
        "newest": wanted is not None and newest is not None and wanted >= newest,
        "back": back,
        "today": savings_address(named) if alone else reverse("savings"),
        "listing": sorted_rows(request, rows, SORTS, default="-waste"),
    }
    return render(request, "savings/day.html", context, status=200 if wanted else 400)


def _by_rule(judged: Judged | None) -> list[Row]:
    titles = rule_book(load_settings()).titles
    if judged is None:
        return []
    return [
        Row(titles.get(rule, rule), sums, judged.currency, judged.day)
        for rule, sums in judged.rules.items()
        if sums.recommendations
    ]


def _by_tenant(found: dict[str, Judged], tenants: Sequence[Tenant], wanted: date | None) -> list[Row]:
    return [
        Row(
            one.display_name,
            found[one.pk].total,
            found[one.pk].currency,
            found[one.pk].day,
            day_address(one.pk, str(wanted)),
        )
        for one in tenants
        if one.pk in found
    ]
