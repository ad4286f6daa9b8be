"""New and Edit, and what they tell while one chooses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from seatbeacon.beacon.errors import InvalidSchedule
from seatbeacon.beacon.models import Connection, Schedule
from seatbeacon.beacon.schedules.overview import coming_runs, summary_of
from seatbeacon.beacon.schedules.services import create_schedule, edit_schedule
from seatbeacon.beacon.schedules.zones import zone_names
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.pages.scheduling.forms import ScheduleForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@requires(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new schedule; with `?connection=` it is offered to that connection next."""
    return _form(request, None)


@requires(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """A schedule, changed. Its connections stay on it."""
    return _form(request, get_object_or_404(Schedule, pk=schedule_id))


@requires(Role.OPERATOR)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the times that are typed would mean, or what is wrong with them. Nothing is stored."""
    return render(request, "scheduling/_preview.html", _preview(ScheduleForm(request.POST)))


def _form(request: HttpRequest, before: Schedule | None) -> HttpResponse:
    form = ScheduleForm(request.POST if request.method == "POST" else None, before=before)
    wanted = request.GET.get("connection", "")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0
    connection = Connection.objects.filter(pk=number).first()
    if request.method == "POST" and "look" not in request.POST and form.is_valid():
        saved = _save(request, form)
        if saved is not None and connection is not None:
            address = reverse("connection-schedule", args=[connection.pk])
            return redirect(f"{address}?schedule={saved.pk}")
        if saved is not None:
            return redirect("schedule", saved.pk)
    refused = request.method == "POST" and "look" not in request.POST
    context = {
        "form": form,
        "schedule": before,
        "connection": connection,
        "zones": zone_names(),
        **_preview(ScheduleForm(request.POST) if request.method == "POST" else _stored(before)),
    }
    return render(request, "scheduling/form.html", context, status=400 if refused else 200)


def _save(request: HttpRequest, form: ScheduleForm) -> Schedule | None:
    """Save, or put what was refused beside its field and return None."""
    try:
        if form.before is None:
            saved = create_schedule(form.given(), actor=actor_of(request))
        else:
            saved = form.before
            edit_schedule(saved, form.given(), actor=actor_of(request))
    except InvalidSchedule as error:
        form.refuse(error)
        return None
    messages.success(request, f"“{saved.name}” is saved: {summary_of(saved)}.")
    return saved


def _stored(before: Schedule | None) -> ScheduleForm:
    """The form as if what it holds at first had been typed."""
    form = ScheduleForm(before=before)
    return ScheduleForm(
        {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    )


def _preview(form: ScheduleForm) -> dict[str, Any]:
    form.is_valid()
    now = datetime.now(UTC)
    try:
        schedule = form.unsaved(now)
    except InvalidSchedule as error:
        return {"wrong": str(error)}
    return {"summary": summary_of(schedule), "coming": coming_runs(schedule, now)}
