"""A list as a file: exactly the rows and columns that its address shows, on all its pages; or its groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatbeacon.beacon.audit import record
from seatbeacon.beacon.errors import BeaconError
from seatbeacon.beacon.savings.evaluate import up_to_date
from seatbeacon.inventory import exports
from seatbeacon.inventory.errors import InventoryError
from seatbeacon.optimization.errors import OptimizationError
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.downloads import export_response
from seatbeacon.web.pages.inventory.address import asked_by
from seatbeacon.web.pages.inventory.opening import listing_or_404, open_list
from seatbeacon.web.pages.inventory.presentation import presentation_of
from seatbeacon.web.pages.inventory.sight import list_address
from seatbeacon.web.pages.inventory.table import shown_keys, sorting

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase


@requires(Role.VIEWER)
@require_GET
def export(request: HttpRequest, name: str, kind: str) -> HttpResponseBase:
    """Stream the rows; who took them, and which, is written to the audit log."""
    listing = listing_or_404(name)
    if kind not in exports.FORMATS:
        raise Http404
    asked = asked_by(request.GET)
    try:
        opened = open_list(asked, name)
        if opened.outcome is not None:
            up_to_date(opened.outcome)
        pieces = exports.chunks(
            opened.file,
            opened.listing,
            format=kind,
            filters=opened.filters,
            search=asked.search or None,
            sort=() if asked.group else sorting(listing, asked),
            columns=shown_keys(listing, opened.presentation, asked),
            as_of=opened.as_of,
            by=asked.group,
        )
    except (BeaconError, InventoryError, OptimizationError) as error:
        context = {
            "listing": listing,
            "presentation": presentation_of(name),
            "title": listing.label,
            "here": list_address(name),
            "fault": error,
        }
        return render(request, "inventory/fault.html", context, status=400)
    record(actor_of(request), "list.exported", listing.label, format=kind, address=asked.query)
    # Such as users-2026-03-01, by the day that the rows are of.
    day = opened.as_of or opened.description.imported_at
    grouped = f"-by-{asked.group.replace('_', '-')}" if asked.group else ""
    return export_response(pieces, kind, f"{listing.name}{grouped}-{day:%Y-%m-%d}")
