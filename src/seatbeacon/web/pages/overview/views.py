"""The overview: what the tenants come to, what needs a person, and the last imports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
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
from seatbeacon.web.pages.overview.tenants import TenantView, all_tenants, tenant_view

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LATEST = 8


@requires(Role.VIEWER)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """All tenants, or the one that the address names; where nothing was imported, what to do first."""
    newest = ImportRun.objects.filter(connection=OuterRef("pk")).order_by("-pk")
    connections = Connection.objects.annotate(
        last_state=Subquery(newest.values("state")[:1]),
        last_at=Subquery(newest.values("queued_at")[:1]),
        last_run=Subquery(newest.values("pk")[:1]),
    ).order_by("name")
    tenants = published_tenants()
    known = {one.pk for one in tenants}
    asked = request.GET.get("tenant", "").lower()
    today = datetime.now(UTC).date()
    views: list[TenantView] = []
    broken: list[str] = []
    for tenant in tenants:
        if asked in known and tenant.pk != asked:
            continue
        try:
            views.append(tenant_view(choose(tenant.pk, tenants), today))
        except BadVersion as error:
            broken.append(f"{tenant.display_name}: {error}")
    context: dict[str, Any] = {
        "connections": connections,
        "runs": runs_with_sums(ImportRun.objects.order_by("-pk")[:LATEST]),
        "attention": attention(),
        "tenants": tenants,
        "tenant_named": asked if asked in known else "",
        "views": views,
        "broken": broken,
        "old": [one for one in views if datetime.now(UTC) - one.imported_at > timedelta(days=7)],
        "spans": (30, 90, 365),
    }
    if views:
        shown = views[0] if len(views) == 1 else all_tenants(views)
        context |= {"view": shown, "charts": shown.charts}
    return render(request, "overview/overview.html", context)
