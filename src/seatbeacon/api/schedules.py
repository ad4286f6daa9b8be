"""Schedules: listed, made, changed, deleted, and run now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Path, Router, Schema, Status
from pydantic import Field

from seatbeacon.api.auth import OPERATE, READ, actor_of
from seatbeacon.api.numbers import Number
from seatbeacon.api.shapes import Shape
from seatbeacon.beacon.models import Schedule, ScheduleKind, Trigger
from seatbeacon.beacon.schedules.kinds import read_rule
from seatbeacon.beacon.schedules.overview import summary_of
from seatbeacon.beacon.schedules.run_now import run_now
from seatbeacon.beacon.schedules.services import (
    Given,
    create_schedule,
    delete_schedule,
    edit_schedule,
    set_enabled,
)
from seatbeacon.beacon.settings import load_settings

router = Router(tags=["Schedules"])

Rule = dict[str, str | int | list[str] | list[int] | None]
RULE = (
    "The fields of its kind. minutes: every. hourly: minute. daily: times, weekdays. weekly: weekday, times. "
    "monthly: day (1 to 31 or last), or nth and weekday; times. cron: expression."
)


class ConnectionRef(Schema):
    """A connection on a schedule."""

    id: int
    name: str


class ScheduleOut(Schema):
    """A schedule."""

    id: int
    name: str
    kind: ScheduleKind
    rule: dict[str, Any] = Field(description=RULE)
    summary: str = Field(description="How it recurs, in words.")
    time_zone: str
    enabled: bool
    jitter_seconds: int = Field(description="Seconds over which its starts are spread.")
    at_once: int = Field(description="How many of its connections import side by side.")
    next_run_at: datetime | None
    connections: list[ConnectionRef]
    created_at: datetime
    updated_at: datetime


class SchedulesOut(Schema):
    """All schedules, by name."""

    items: list[ScheduleOut]


class ScheduleIn(Shape):
    """A new schedule."""

    name: str = Field(max_length=300)
    kind: ScheduleKind
    rule: Rule = Field(description=RULE)
    time_zone: str | None = Field(None, max_length=100, description="An IANA name. The beacon's by default.")
    jitter_seconds: int | None = None
    at_once: int | None = None


class ScheduleChange(Shape):
    """What changes of a schedule; `kind` and `rule` go together."""

    name: str | None = Field(None, max_length=300)
    kind: ScheduleKind | None = None
    rule: Rule | None = Field(None, description=RULE)
    time_zone: str | None = Field(None, max_length=100)
    jitter_seconds: int | None = None
    at_once: int | None = None
    enabled: bool | None = Field(None, description="False pauses it.")


class Skipped(Schema):
    """A connection that does not import, and why."""

    connection: str
    reason: str


class BegunOut(Schema):
    """What a schedule that was run now does."""

    importing: list[str]
    skipped: list[Skipped]


@router.get("/schedules", auth=READ, response=SchedulesOut, operation_id="list_schedules")
def schedules(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja's signature
    """Every schedule."""
    rows = Schedule.objects.prefetch_related("connections").order_by("name")
    return {"items": [_told(row) for row in rows]}


@router.post("/schedules", auth=OPERATE, response={201: ScheduleOut}, operation_id="add_schedule")
def add(request: HttpRequest, given: ScheduleIn) -> Status[Any]:
    """Make a schedule, on which no connection is yet."""
    made = create_schedule(_given(given), actor=actor_of(request))
    return Status(201, _told(made))


@router.get("/schedules/{schedule_id}", auth=READ, response=ScheduleOut, operation_id="get_schedule")
def schedule(request: HttpRequest, schedule_id: Path[Number]) -> dict[str, Any]:  # noqa: ARG001 - ninja's
    """One schedule."""
    return _told(get_object_or_404(Schedule, pk=schedule_id))


@router.patch("/schedules/{schedule_id}", auth=OPERATE, response=ScheduleOut, operation_id="edit_schedule")
def edit(request: HttpRequest, schedule_id: Path[Number], given: ScheduleChange) -> dict[str, Any]:
    """Change what is given; its connections stay on it."""
    found = get_object_or_404(Schedule, pk=schedule_id)
    edit_schedule(found, _given(given, found), actor=actor_of(request))
    if given.enabled is not None and given.enabled != found.enabled:
        set_enabled(found, enabled=given.enabled, actor=actor_of(request))
    return _told(get_object_or_404(Schedule, pk=schedule_id))


@router.delete("/schedules/{schedule_id}", auth=OPERATE, response={204: None}, operation_id="delete_schedule")
def delete(request: HttpRequest, schedule_id: Path[Number]) -> HttpResponse:
    """Delete a schedule. Its connections stay, without one."""
    delete_schedule(get_object_or_404(Schedule, pk=schedule_id), actor=actor_of(request))
    return HttpResponse(status=204)


@router.post(
    "/schedules/{schedule_id}/run", auth=OPERATE, response={202: BegunOut}, operation_id="run_schedule"
)
def run(request: HttpRequest, schedule_id: Path[Number]) -> Status[Any]:
    """Import all its connections now."""
    found = get_object_or_404(Schedule, pk=schedule_id)
    begun = run_now(load_settings(), found, Trigger.API, actor=actor_of(request))
    skipped = [{"connection": name, "reason": note} for name, note in begun.skipped]
    return Status(202, {"importing": begun.importing, "skipped": skipped})


def _given(given: ScheduleIn | ScheduleChange, stored: Schedule | None = None) -> Given:
    rule = None
    if given.rule is not None or given.kind is not None:
        kind = given.kind or (stored.kind if stored is not None else "")
        rule = read_rule(str(kind), given.rule or {})
    return Given(
        name=given.name,
        rule=rule,
        time_zone=given.time_zone,
        jitter_seconds=given.jitter_seconds,
        at_once=given.at_once,
    )


def _told(schedule: Schedule) -> dict[str, Any]:
    plain = {
        name: getattr(schedule, name)
        for name in ScheduleOut.model_fields
        if name not in {"summary", "connections"}
    }
    return plain | {"summary": summary_of(schedule), "connections": list(schedule.connections.all())}
