"""The overview: connections, tenants and the last imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery
from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatbeacon.beacon.models import Connection, ImportRun, InventoryVersion
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.imports.runs import attention, runs_with_sums

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LATEST = 8


@requires(Role.VIEWER)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What stands in the control plane; where nothing does, what to do first."""
    newest = ImportRun.objects.filter(connection=OuterRef("pk")).order_by("-pk")
    connections = Connection.objects.annotate(
        last_state=Subquery(newest.values("state")[:1]),
        last_at=Subquery(newest.values("queued_at")[:1]),
        last_run=Subquery(newest.values("pk")[:1]),
    ).order_by("name")
    versions = InventoryVersion.objects.filter(current=True).select_related("tenant", "run")
    context = {
        "connections": connections,
        "versions": versions.order_by("tenant__display_name"),
        "runs": runs_with_sums(ImportRun.objects.order_by("-pk")[:LATEST]),
        "attention": attention(),
    }
    return render(request, "overview/overview.html", context)
