"""Connections: read, enabled, tested, imported, scheduled. No secret is among what is told."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Path, Router, Schema, Status
from pydantic import Field

from seatbeacon.api.auth import ADMINISTER, OPERATE, READ, actor_of
from seatbeacon.api.numbers import Number
from seatbeacon.api.runs import RunOut, run_told
from seatbeacon.api.shapes import Shape
from seatbeacon.beacon.connections.probing import probe_connection
from seatbeacon.beacon.connections.services import last_run, set_enabled
from seatbeacon.beacon.connections.warnings import connection_warnings
from seatbeacon.beacon.models import Connection, Schedule, Tenant, Trigger
from seatbeacon.beacon.schedules.overview import next_run_of
from seatbeacon.beacon.schedules.services import assign
from seatbeacon.beacon.secrets.store import stored_at
from seatbeacon.beacon.settings import load_settings
from seatbeacon.beacon.worker.execute_now import execute_now

router = Router(tags=["Connections"])

PATIENCE = 20.0
"""Seconds for which one request of a test is tried again: a program waits for the answer."""


class WarningOut(Schema):
    """What will stop working unless somebody acts."""

    level: str
    text: str
    remedy: str
    on: date | None = Field(description="The day it ends.")


class ScheduleRef(Schema):
    """The schedule that a connection is on."""

    id: int
    name: str


class LastRun(Schema):
    """A connection's newest run."""

    id: int
    state: str
    ended_at: datetime | None


class ConnectionOut(Schema):
    """A connection. Of its secrets only which ones are stored, and since when."""

    id: int
    name: str
    source_type: str
    cloud: str
    flow: str
    token_endpoint: str
    authorization_endpoint: str
    client_id: str
    redirect_uri: str
    graph_root: str
    tenant_id: str
    tenant: str | None
    proxy_url: str
    proxy_username: str
    enabled: bool
    schedule: ScheduleRef | None
    next_run_at: datetime | None
    last_run: LastRun | None
    stored: dict[str, datetime] = Field(description="Which secrets are stored, and since when.")
    warnings: list[WarningOut]
    created_at: datetime
    updated_at: datetime


class ConnectionsOut(Schema):
    """All connections, by name."""

    items: list[ConnectionOut]


class ProbeOut(Schema):
    """How one dataset answered: *passed*, or an outcome as an import would have it."""

    dataset: str
    result: str
    required: bool
    is_problem: bool
    seconds: float
    problem: str | None
    permission: str | None
    role: str | None
    remedy: str | None


class TestOut(Schema):
    """How a connection answered, dataset by dataset."""

    items: list[ProbeOut]


class OnSchedule(Shape):
    """The schedule to be on, by its number; null for none."""

    schedule: Number | None


@router.get("/connections", auth=READ, response=ConnectionsOut, operation_id="list_connections")
def connections(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja's signature
    """Every connection."""
    rows = Connection.objects.select_related("schedule").order_by("name")
    return {"items": [_told(row) for row in rows]}


@router.get("/connections/{connection_id}", auth=READ, response=ConnectionOut, operation_id="get_connection")
def connection(request: HttpRequest, connection_id: Path[Number]) -> dict[str, Any]:  # noqa: ARG001 - ninja's
    """One connection."""
    return _told(_find(connection_id))


@router.post(
    "/connections/{connection_id}/enable",
    auth=ADMINISTER,
    response=ConnectionOut,
    operation_id="enable_connection",
)
def enable(request: HttpRequest, connection_id: Path[Number]) -> dict[str, Any]:
    """Let a connection import again."""
    set_enabled(_find(connection_id), enabled=True, actor=actor_of(request))
    return _told(_find(connection_id))


@router.post(
    "/connections/{connection_id}/disable",
    auth=ADMINISTER,
    response=ConnectionOut,
    operation_id="disable_connection",
)
def disable(request: HttpRequest, connection_id: Path[Number]) -> dict[str, Any]:
    """Let a connection import nothing from now on. What it imported stays."""
    set_enabled(_find(connection_id), enabled=False, actor=actor_of(request))
    return _told(_find(connection_id))


@router.put(
    "/connections/{connection_id}/schedule",
    auth=OPERATE,
    response=ConnectionOut,
    operation_id="schedule_connection",
)
def schedule(request: HttpRequest, connection_id: Path[Number], given: OnSchedule) -> dict[str, Any]:
    """Hang a connection on a schedule, or on none."""
    found = _find(connection_id)
    chosen = None if given.schedule is None else get_object_or_404(Schedule, pk=given.schedule)
    assign(found, chosen, actor=actor_of(request))
    return _told(_find(connection_id))


@router.post(
    "/connections/{connection_id}/test", auth=OPERATE, response=TestOut, operation_id="test_connection"
)
def test(request: HttpRequest, connection_id: Path[Number]) -> dict[str, Any]:
    """Sign in and ask for the first page of each dataset. What does not answer is given up after 20 s."""
    settings = load_settings()
    settings = replace(settings, give_up_after=min(settings.give_up_after, PATIENCE))
    probes = probe_connection(settings, _find(connection_id), actor=actor_of(request))
    return {"items": [asdict(probe) | {"is_problem": probe.is_problem} for probe in probes]}


@router.post(
    "/connections/{connection_id}/runs", auth=OPERATE, response={202: RunOut}, operation_id="start_run"
)
def start(request: HttpRequest, connection_id: Path[Number]) -> Status[Any]:
    """Execute Now: queue an import, and answer with its run, which tells how far it is."""
    run = execute_now(load_settings(), _find(connection_id), Trigger.API, actor=actor_of(request))
    run.refresh_from_db()
    return Status(202, run_told(run))


def _find(connection_id: int) -> Connection:
    return get_object_or_404(Connection.objects.select_related("schedule"), pk=connection_id)


def _told(connection: Connection) -> dict[str, Any]:
    run = last_run(connection)
    plain = {
        name: getattr(connection, name) for name in ConnectionOut.model_fields if hasattr(Connection, name)
    }
    name = Tenant.objects.filter(pk=connection.tenant_id).values_list("display_name", flat=True).first()
    return plain | {
        "tenant": name,
        "next_run_at": next_run_of(connection),
        "last_run": run,
        "stored": {field.value: at for field, at in stored_at(connection).items()},
        "warnings": connection_warnings(connection),
    }
