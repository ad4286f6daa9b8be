"""Parts of the form that makes a filter: fields that fit the column, values that it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatbeacon.beacon.errors import BeaconError
from seatbeacon.inventory.errors import InventoryError
from seatbeacon.optimization.errors import OptimizationError
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.inventory.address import asked_by
from seatbeacon.web.pages.inventory.fields import filter_fields
from seatbeacon.web.pages.inventory.opening import listing_or_404, open_list
from seatbeacon.web.pages.inventory.suggestions import suggestions

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@requires(Role.VIEWER)
@require_GET
def fields(request: HttpRequest, name: str) -> HttpResponse:
    """The fields for the column that was chosen."""
    listing = listing_or_404(name)
    context: dict[str, object] = {"listing": listing}
    try:
        opened = open_list(asked_by(request.GET), name)
        context["filter_form"] = filter_fields(opened, request.GET.get("fk", ""), None)
        context["tenant_named"] = opened.chosen.named
    except (BeaconError, InventoryError, OptimizationError):
        return render(request, "inventory/_values.html", {"values": []})
    return render(request, "inventory/_filter.html", context)


@requires(Role.VIEWER)
@require_GET
def values(request: HttpRequest, name: str) -> HttpResponse:
    """Values of the chosen column that hold what was typed; none where they cannot be read."""
    listing = listing_or_404(name)
    column = listing.column(request.GET.get("fk", ""))
    found: list[str] = []
    try:
        if column is not None:
            found = suggestions(
                open_list(asked_by(request.GET), name), column, request.GET.get("fv", "")[:100]
            )
    except (BeaconError, InventoryError, OptimizationError):
        found = []
    return render(request, "inventory/_values.html", {"values": found})
