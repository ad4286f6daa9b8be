"""What could be saved and what was, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from seatbeacon.beacon.savings.rules import rule_book
from seatbeacon.beacon.savings.trend import Sums, Trend, savings_trend
from seatbeacon.beacon.settings import load_settings
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.details.charts import Chart, trend_chart
from seatbeacon.web.pages.inventory.tenants import published_tenants
from seatbeacon.web.pages.recommendations.addresses import confirmed_address, day_address, savings_address
from seatbeacon.web.tables import sorted_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from seatbeacon.beacon.models import Tenant

SPANS = (30, 90, 365)
SORTS = {
    "name": lambda row: row.name.casefold(),
    "found": lambda row: row.sums.recommendations,
    "waste": lambda row: row.sums.waste,
    "confirmed": lambda row: row.sums.confirmed,
    "realised": lambda row: row.sums.realised,
}


@dataclass(frozen=True)
class Row:
    """The newest sums of a tenant or a rule; where its own trend is (empty: there is none), and the rows
    behind its numbers."""

    name: str
    sums: Sums
    trend: str
    open: str
    done: str


@requires(Role.VIEWER)
@require_GET
def trend(request: HttpRequest) -> HttpResponse:
    """Of one tenant, or of all together where the address names none."""
    tenants = published_tenants()
    context: dict[str, Any] = {"title": "Trend of savings", "here": request.path, "listing": {"about": ""}}
    if not tenants:
        return render(request, "inventory/nothing.html", context)
    asked = request.GET.get("tenant", "").lower()
    chosen = [one for one in tenants if one.pk == asked] or tenants
    found = savings_trend([one.pk for one in chosen], datetime.now(UTC).date() - timedelta(days=max(SPANS)))
    alone = chosen[0] if len(chosen) == 1 else None
    named = alone.pk if alone and len(tenants) > 1 else ""
    rows = _by_rule(found, named) if alone else _by_tenant(found, chosen)
    context |= {
        "lead": "What could be saved a month, and what is saved by what was decided and done, day by day.",
        "tenants": tenants if len(tenants) > 1 else [],
        "tenant_named": named,
        "alone": alone,
        "found": found,
        "now": found.days[-1] if found.days else None,
        "charts": _charts(found, named, alone=alone is not None),
        "spans": SPANS,
        "one": "Rule" if alone else "Tenant",
        "listing": sorted_rows(request, rows, SORTS, default="-waste"),
        "open_address": savings_address(named) if alone else "#by",
        "done_address": confirmed_address(named) if alone else "#by",
    }
    return render(request, "savings/trend.html", context)


def _charts(found: Trend, named: str, *, alone: bool) -> list[Chart]:
    """Every day of what could be saved leads to what was recommended on it."""
    return [
        trend_chart(
            "savings-open",
            "What could be saved",
            {"waste": [(day, sums.waste) for day, sums in found.days]},
            ("waste",),
            day_address(named, "DAY"),
            unit=found.currency,
        ),
        trend_chart(
            "savings-realised",
            "What is saved",
            {"realised": [(day, sums.realised) for day, sums in found.days]},
            ("realised",),
            confirmed_address(named, until="DAY") if alone else "#by",
            unit=found.currency,
        ),
    ]


def _by_tenant(found: Trend, tenants: Sequence[Tenant]) -> list[Row]:
    here = reverse("savings-trend")
    return [
        Row(
            one.display_name,
            found.tenants[one.pk],
            f"{here}?{urlencode({'tenant': one.pk})}",
            savings_address(one.pk),
            confirmed_address(one.pk),
        )
        for one in tenants
        if one.pk in found.tenants
    ]


def _by_rule(found: Trend, named: str) -> list[Row]:
    titles = rule_book(load_settings()).titles
    return [
        Row(
            titles.get(rule, rule),
            sums,
            "",
            savings_address(named, "rule", rule),
            confirmed_address(named, rule=rule),
        )
        for rule, sums in found.rules.items()
        if sums.recommendations or sums.confirmed
    ]
