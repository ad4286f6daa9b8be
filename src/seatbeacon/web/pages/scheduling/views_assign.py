"""Schedule… on a connection, and the connections of a schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count
from django.db.models.functions import Lower
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from seatbeacon.beacon.models import Connection, Schedule
from seatbeacon.beacon.schedules.overview import coming_runs, summary_of
from seatbeacon.beacon.schedules.services import assign
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.connections.rows import connection_rows
from seatbeacon.web.connections.shared import find

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

NONE = "none"
"""What the choice *Not scheduled* sends."""

MOST_AT_A_TIME = 500


@requires(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def connection_schedule(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Choose a connection's schedule, or none, and Save."""
    found = find(connection_id)
    if request.method == "POST" and "look" not in request.POST:
        wanted = request.POST.get("schedule", "")
        chosen = _chosen(wanted)
        if chosen is None and wanted != NONE:
            messages.error(request, "That schedule is gone. Choose another one.")
            return redirect("connection-schedule", found.pk)
        assign(found, chosen, actor=actor_of(request))
        if chosen is None:
            told = "is not scheduled: it imports only when somebody says so."
        else:
            told = f"runs on “{chosen.name}”: {summary_of(chosen)}."
        messages.success(request, f"“{found.name}” {told}")
        return redirect(f"{reverse('inventory-systems')}?selected={found.pk}")
    given = request.POST if request.method == "POST" else request.GET
    wanted = given.get("schedule", str(found.schedule_id or NONE))
    schedules = Schedule.objects.annotate(hanging=Count("connections")).order_by(Lower("name"))
    context = {"connection": found, "schedules": schedules, **_preview(found, wanted)}
    return render(request, "scheduling/assign.html", context)


@requires(Role.OPERATOR)
@require_GET
def preview(request: HttpRequest, connection_id: int) -> HttpResponse:
    """The summary and the next five runs of the schedule that is chosen. Nothing is stored."""
    context = _preview(find(connection_id), request.GET.get("schedule", NONE))
    return render(request, "scheduling/_chosen.html", context)


@requires(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def add_connections(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """Hang several connections on a schedule at once."""
    schedule = get_object_or_404(Schedule, pk=schedule_id)
    if request.method == "POST":
        numbers = [
            int(text) for text in request.POST.getlist("connection") if text.isdecimal() and len(text) < 19
        ]
        chosen = Connection.objects.filter(pk__in=numbers[:MOST_AT_A_TIME]).exclude(schedule=schedule)
        count = 0
        for connection in chosen.order_by(Lower("name")):
            assign(connection, schedule, actor=actor_of(request))
            count += 1
        if count:
            what = "1 connection runs" if count == 1 else f"{count} connections run"
            messages.success(request, f"{what} on “{schedule.name}” now.")
        else:
            messages.info(request, "No connection was chosen.")
        return redirect("schedule", schedule.pk)
    search = request.GET.get("q", "").strip()
    others = (
        connection_rows(search).exclude(schedule=schedule).order_by(Lower("schedule__name"), Lower("name"))
    )
    context = {
        "schedule": schedule,
        "summary": summary_of(schedule),
        "search": search,
        "others": others[:MOST_AT_A_TIME],
        "count": others.count(),
        "most": MOST_AT_A_TIME,
    }
    return render(request, "scheduling/add.html", context)


def _chosen(wanted: str) -> Schedule | None:
    return (
        Schedule.objects.filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 19 else None
    )


def _preview(connection: Connection, wanted: str) -> dict[str, Any]:
    schedule = _chosen(wanted)
    if schedule is None:
        return {"connection": connection, "chosen": None}
    return {
        "connection": connection,
        "chosen": schedule,
        "summary": summary_of(schedule),
        "coming": coming_runs(schedule) if schedule.enabled else [],
    }
