"""What a page shows while a worker judges, and how it learns of the end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatbeacon.beacon.chores.heartbeat import living
from seatbeacon.beacon.errors import BeaconError
from seatbeacon.beacon.imports.versions import choose_version
from seatbeacon.beacon.models import Reckoning
from seatbeacon.beacon.savings.evaluate import is_at_hand
from seatbeacon.beacon.settings import load_settings
from seatbeacon.inventory.errors import InventoryError
from seatbeacon.optimization.errors import OptimizationError
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from django.http import HttpRequest


def reckoning_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The page in place of one that waits for the rules; `context` has its title, and the BeingReckoned as
    `fault`."""
    workers = bool(living(datetime.now(UTC)))
    return render(request, "rules/reckoning.html", context | {"workers": workers})


@requires(Role.VIEWER)
@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """Asked again and again by a page that waits: it loads itself where the results are there, or where they
    failed; one that shows older results (`behind`) is told instead."""
    try:
        there = is_at_hand(load_settings(), choose_version(request.GET.get("tenant") or None))
    except (BeaconError, InventoryError, OptimizationError):
        there = True  # the page says in its own words what is wrong
    if request.GET.get("behind"):
        return render(request, "rules/_there.html") if there else HttpResponse(status=204)
    last = Reckoning.objects.filter(tenant_id=request.GET.get("tenant", "")).first()
    failed = last is not None and bool(last.fault) and not request.GET.get("failed")
    return HttpResponse(status=204, headers={"HX-Refresh": "true"} if there or failed else {})
