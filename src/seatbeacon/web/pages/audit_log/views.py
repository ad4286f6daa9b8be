"""The audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatbeacon.beacon.models import AuditEntry
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.tables import sorted_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SORTS = {
    "at": ("at",),
    "actor": ("actor", "-at"),
    "action": ("action", "-at"),
    "target": ("target", "-at"),
    "address": ("address", "-at"),
}


@requires(Role.ADMINISTRATOR)
@require_GET
def audit_log(request: HttpRequest) -> HttpResponse:
    """Who did what, newest first; by action, and by a word in who, what or where from."""
    entries = AuditEntry.objects.all()
    action = request.GET.get("action", "")
    if action:
        entries = entries.filter(action=action)
    search = request.GET.get("search", "").strip()[:200]
    if search:
        entries = entries.filter(
            Q(actor__icontains=search) | Q(target__icontains=search) | Q(address__icontains=search)
        )
    context = {
        "listing": sorted_page(request, entries, SORTS, default="-at"),
        "actions": AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct(),
        "action_filter": action,
        "search": search,
    }
    return render(request, "audit_log/list.html", context)
