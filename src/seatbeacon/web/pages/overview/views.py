"""The overview: what the tenants come to, what needs a person, and the last imports."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery
from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatbeacon.beacon.models import Connection, ImportRun
from seatbeacon.inventory.errors import BadVersion
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.imports.runs import attention, runs_with_sums
from seatbeacon.web.pages.inventory.tenants import choose, published_tenants
from seatbeacon.web.pages.overview.tenants import SUMMED, all_tenants, tenant_row, tenant_view
from seatbeacon.web.pages.overview.together import all_together, totals_of
from seatbeacon.web.tables import sorted_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from seatbeacon.beacon.models import Tenant
    from seatbeacon.web.pages.overview.together import Member


def _by(name: str) -> Callable[[Member], int]:
    return lambda one: totals_of(one.brief).get(name, 0)


LATEST = 8
MOST_CONNECTIONS = 20
SORTS = {
    "name": lambda one: one.name.casefold(),
    "imported": lambda one: one.brief.description.imported_at,
} | {name: _by(name) for name in SUMMED}


@requires(Role.VIEWER)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """All tenants, or the one that the address names; where nothing was imported, what to do first."""
    tenants = published_tenants()
    known = {one.pk for one in tenants}
    asked = request.GET.get("tenant", "").lower()
    named = asked if asked in known else ""
    shown = _all(request) if len(tenants) > 1 and not named else _one(named, tenants)
    connections = Connection.objects.count()
    context = {
        "connections": _connections() if connections else [],
        "connection_count": connections,
        "runs": runs_with_sums(ImportRun.objects.order_by("-pk")[:LATEST]),
        "attention": attention(),
        "tenants": tenants,
        "tenant_named": named,
        "spans": (30, 90, 365),
    }
    return render(request, "overview/overview.html", context | shown)


def _one(named: str, tenants: list[Tenant]) -> dict[str, Any]:
    """The tenant of that id, or the only one."""
    if not tenants:
        return {}
    try:
        view = tenant_view(choose(named or tenants[0].pk, tenants), datetime.now(UTC).date())
    except BadVersion as error:
        name = next(one.display_name for one in tenants if one.pk == (named or tenants[0].pk))
        return {"broken": [f"{name}: {error}"]}
    return {"view": view, "charts": view.charts}


def _all(request: HttpRequest) -> dict[str, Any]:
    together = all_together()
    told: dict[str, Any] = {
        "broken": [f"{name}: {error}" for name, error in together.broken],
        "missing": together.missing,
    }
    if together.members:
        today = datetime.now(UTC).date()
        view = all_tenants(together, today)
        listing = sorted_rows(request, together.members, SORTS, default="name")
        told |= {
            "view": view,
            "charts": view.charts,
            "listing": listing,
            "columns": list(zip(SUMMED, (tile.label for tile in view.tiles), strict=True)),
            "rows": [tenant_row(member, today) for member in listing.page],
        }
    return told


def _connections() -> list[Connection]:
    """The first connections by name, with their newest runs."""
    newest = ImportRun.objects.filter(connection=OuterRef("pk")).order_by("-pk")
    rows = Connection.objects.annotate(
        last_state=Subquery(newest.values("state")[:1]),
        last_at=Subquery(newest.values("queued_at")[:1]),
        last_run=Subquery(newest.values("pk")[:1]),
    )
    return list(rows.order_by("name")[:MOST_CONNECTIONS])
