"""Import runs: listed, followed, cancelled, and decided where they are held."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from seatbeacon.api.auth import OPERATE, READ, actor_of
from seatbeacon.api.numbers import Number
from seatbeacon.api.shapes import NEXT
from seatbeacon.beacon.imports.held import discard_held, publish_held
from seatbeacon.beacon.logs.run_log import log_text
from seatbeacon.beacon.models import ACTIVE_STATES, ImportRun, RunState, Trigger
from seatbeacon.beacon.runs.cancel import request_cancel
from seatbeacon.beacon.runs.progress import run_progress
from seatbeacon.beacon.settings import load_settings

router = Router(tags=["Imports"])


class DatasetOut(Schema):
    """How one dataset ended: collected, denied, unavailable, concealed or failed."""

    name: str
    outcome: str
    count: int | None = None
    required: bool = False
    extra: bool = Field(default=False, description="It needs a permission beyond the documented two.")
    refresh_date: str | None = None
    problem: str | None = None
    permission: str | None = None
    role: str | None = None
    remedy: str | None = None


class DatasetProgressOut(Schema):
    """How far one dataset is; `expected` objects where Graph told how many."""

    name: str
    objects: int
    expected: int | None
    pages: int
    outcome: str | None


class ProgressOut(Schema):
    """How far a run is that is under way."""

    phase: str = Field(description="waiting, signing in, reading, importing or ended.")
    at: datetime | None
    done: int = Field(description="Datasets that have their outcome, of `total`.")
    total: int
    objects: int
    pages: int
    cancelling: bool
    datasets: list[DatasetProgressOut]


class RunOut(Schema):
    """An import run."""

    id: int
    connection_id: int | None = Field(description="Null for a package, or where the connection is deleted.")
    connection_name: str
    trigger: Trigger
    state: RunState
    tenant_id: str
    queued_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    problem: str
    remedy: str
    requests: int = Field(description="Requests to Graph, retries included.")
    throttled_seconds: float = Field(description="Seconds for which Graph asked to wait.")
    counts: dict[str, Any]
    datasets: list[DatasetOut]
    progress: ProgressOut | None = Field(description="While it is queued or running.")


class RunPage(Schema):
    """A page of runs, newest first."""

    items: list[RunOut]
    next: int | None = Field(description=NEXT)


class RunsAsked(Schema):
    """Which runs."""

    connection: Number | None = Field(None, description="Of the connection of this number.")
    state: RunState | None = Field(None, description="In this state.")
    limit: int = Field(50, ge=1, le=200, description="Runs of a page, at most.")
    after: Number | None = Field(None, description="The next of the page before.")


@router.get("/runs", auth=READ, response=RunPage, operation_id="list_runs")
def runs(request: HttpRequest, given: Query[RunsAsked]) -> dict[str, Any]:  # noqa: ARG001 - ninja's signature
    """Import runs, newest first."""
    rows = ImportRun.objects.order_by("-pk")
    if given.connection is not None:
        rows = rows.filter(connection_id=given.connection)
    if given.state is not None:
        rows = rows.filter(state=given.state)
    if given.after is not None:
        rows = rows.filter(pk__lt=given.after)
    found = list(rows[: given.limit + 1])
    more = len(found) > given.limit
    shown = found[: given.limit]
    return {"items": [run_told(run) for run in shown], "next": shown[-1].pk if more else None}


@router.get("/runs/{run_id}", auth=READ, response=RunOut, operation_id="get_run")
def run(request: HttpRequest, run_id: Path[Number]) -> dict[str, Any]:  # noqa: ARG001 - ninja's signature
    """One run, with the outcome of each dataset, and how far it is while it is under way."""
    return run_told(get_object_or_404(ImportRun, pk=run_id))


@router.get(
    "/runs/{run_id}/log",
    auth=READ,
    operation_id="get_run_log",
    openapi_extra={"responses": {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}},
)
def log(request: HttpRequest, run_id: Path[Number]) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """The run's log as text."""
    text = "".join(log_text(get_object_or_404(ImportRun, pk=run_id)))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@router.post("/runs/{run_id}/cancel", auth=OPERATE, response={202: RunOut}, operation_id="cancel_run")
def cancel(request: HttpRequest, run_id: Path[Number]) -> Status[Any]:
    """Ask a run to stop: at once while it is queued, else at its next page."""
    found = get_object_or_404(ImportRun, pk=run_id)
    request_cancel(found, actor=actor_of(request))
    return Status(202, run_told(found))


@router.post("/runs/{run_id}/publish", auth=OPERATE, response=RunOut, operation_id="publish_run")
def publish(request: HttpRequest, run_id: Path[Number]) -> dict[str, Any]:
    """Publish what a held run would import."""
    found = get_object_or_404(ImportRun, pk=run_id)
    publish_held(load_settings(), found, actor=actor_of(request))
    return run_told(found)


@router.post("/runs/{run_id}/discard", auth=OPERATE, response=RunOut, operation_id="discard_run")
def discard(request: HttpRequest, run_id: Path[Number]) -> dict[str, Any]:
    """Discard what a held run would import; what is published stays."""
    found = get_object_or_404(ImportRun, pk=run_id)
    discard_held(load_settings(), found, actor=actor_of(request))
    return run_told(found)


def run_told(run: ImportRun) -> dict[str, Any]:
    """A run as RunOut has it."""
    plain = {name: getattr(run, name) for name in RunOut.model_fields if hasattr(ImportRun, name)}
    progress = run_progress(run) if run.state in ACTIVE_STATES else None
    return plain | {"progress": progress, "datasets": run.datasets or [], "counts": run.counts or {}}
