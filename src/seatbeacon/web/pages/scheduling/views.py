"""The list of schedules, one schedule, and what is done with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Count
from django.db.models.functions import Lower
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seatbeacon.beacon.errors import NothingScheduled
from seatbeacon.beacon.models import Connection, Schedule, Trigger
from seatbeacon.beacon.schedules import services
from seatbeacon.beacon.schedules.overview import coming_runs, is_overdue, last_occurrences, summary_of
from seatbeacon.beacon.schedules.run_now import run_now
from seatbeacon.beacon.settings import load_settings
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.connections.rows import connection_rows
from seatbeacon.web.connections.shared import rights
from seatbeacon.web.pages.scheduling.rows import (
    not_scheduled,
    shown_connections,
    shown_occurrences,
    shown_schedules,
)
from seatbeacon.web.tables import sorted_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SORTS = {
    "name": ("name_lower",),
    "kind": ("kind", "name_lower"),
    "zone": ("time_zone", "name_lower"),
    "next": ("next_run_at", "name_lower"),
    "connections": ("hanging", "name_lower"),
}
CONNECTION_SORTS = {"name": ("name_lower",), "last": ("last_at", "name_lower"), "state": ("last_state",)}
MOST_NAMES = 50


@requires(Role.VIEWER)
@require_GET
def scheduling(request: HttpRequest) -> HttpResponse:
    """All schedules, each with its connections, and those that hang on none."""
    schedules = Schedule.objects.annotate(name_lower=Lower("name"), hanging=Count("connections"))
    listing = sorted_page(request, schedules, SORTS, default="name")
    rows = shown_schedules(listing.page, datetime.now(UTC))
    context = {
        "listing": listing,
        "rows": rows,
        "without": not_scheduled(),
        "overdue": any(row.overdue and row.count for row in rows),
        "any_connection": Connection.objects.exists(),
    }
    return render(request, "scheduling/list.html", context | rights(request))


@requires(Role.VIEWER)
@require_GET
def schedule(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """One schedule: its next runs, its connections, and how the last times went."""
    found = get_object_or_404(Schedule, pk=schedule_id)
    connections = connection_rows().filter(schedule=found)
    listing = sorted_page(request, connections, CONNECTION_SORTS, default="name")
    context = {
        "schedule": found,
        "summary": summary_of(found),
        "overdue": is_overdue(found) and listing.count,
        "coming": coming_runs(found) if found.enabled else [],
        "listing": listing,
        "connections": shown_connections(listing.page),
        "occurrences": shown_occurrences(last_occurrences(found)),
    }
    return render(request, "scheduling/schedule.html", context | rights(request))


@requires(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """Which connections it moves to *Not scheduled*, and then the deletion."""
    found = get_object_or_404(Schedule, pk=schedule_id)
    if request.method == "POST":
        moved = services.delete_schedule(found, actor=actor_of(request))
        told = f"“{found.name}” is deleted."
        if moved:
            told += f" {_connections(len(moved))} moved to Not scheduled."
        messages.success(request, told)
        return redirect("scheduling")
    names = list(found.connections.order_by(Lower("name")).values_list("name", flat=True))
    context = {
        "schedule": found,
        "names": names[:MOST_NAMES],
        "count": len(names),
        "more": max(0, len(names) - MOST_NAMES),
    }
    return render(request, "scheduling/delete.html", context)


@requires(Role.OPERATOR)
@require_POST
def run(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """Run now: all its connections."""
    found = get_object_or_404(Schedule, pk=schedule_id)
    try:
        begun = run_now(load_settings(), found, Trigger.PERSON, actor=actor_of(request))
    except NothingScheduled as error:
        messages.info(request, str(error))
        return redirect("schedule", found.pk)
    if begun.importing:
        how = "one after the other" if found.at_once == 1 else f"{found.at_once} at once"
        several = f", {how}" if len(begun.importing) > 1 else ""
        messages.success(request, f"“{found.name}” runs now: {_connections(len(begun.importing))}{several}.")
    for name, note in begun.skipped[:MOST_NAMES]:
        messages.warning(request, f"“{name}”: {note}")
    return redirect("schedule", found.pk)


@requires(Role.OPERATOR)
@require_POST
def enable(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """Pause or resume."""
    found = get_object_or_404(Schedule, pk=schedule_id)
    enabled = request.POST.get("enabled") == "yes"
    services.set_enabled(found, enabled=enabled, actor=actor_of(request))
    told = "is resumed." if enabled else "is paused: nothing imports by it until it is resumed."
    messages.success(request, f"“{found.name}” {told}")
    return redirect("schedule", found.pk)


def _connections(count: int) -> str:
    return "1 connection" if count == 1 else f"{count} connections"
