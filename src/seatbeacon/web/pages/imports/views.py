"""The imports: what ran, how it went, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from seatbeacon.beacon.models import ImportRun, RunState, Trigger
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.models import User
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.connections.shared import rights
from seatbeacon.web.pages.imports.downloads import kept_package
from seatbeacon.web.pages.imports.links import brought_by, listing_addresses, rows_brought_by
from seatbeacon.web.pages.imports.runs import attention, runs_with_sums
from seatbeacon.web.pages.imports.steps import differences, steps, version_of
from seatbeacon.web.tables import sorted_page
from seatbeacon.web.words import state_words

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 25
"""A row unfolds to what became of twenty datasets: fifty of them would be a page of 700 kB."""
SORTS = {
    "id": ("pk",),
    "connection": ("connection_name", "pk"),
    "state": ("state", "pk"),
    "trigger": ("trigger", "pk"),
    "started": ("started_at", "pk"),
}


@requires(Role.VIEWER)
@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """All runs, newest first, by state, trigger and connection."""
    runs = ImportRun.objects.all()
    state = request.GET.get("state", "")
    if state in RunState.values:
        runs = runs.filter(state=state)
    trigger = request.GET.get("trigger", "")
    if trigger in Trigger.values:
        runs = runs.filter(trigger=trigger)
    connection = request.GET.get("connection", "").strip()
    if connection:
        runs = runs.filter(connection_name__icontains=connection)
    listing = sorted_page(request, runs, SORTS, default="-id", per_page=PER_PAGE)
    context = {
        "listing": listing,
        "runs": runs_with_sums(listing.page),
        "states": [(value, state_words(value)) for value in RunState.values],
        "triggers": Trigger.choices,
        "state_filter": state,
        "trigger_filter": trigger,
        "connection_filter": connection,
        "filtered": bool(state or trigger or connection),
    }
    return render(request, "imports/list.html", context)


@requires(Role.VIEWER)
@require_GET
def import_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One run with the outcome of each dataset."""
    context = _shown(request, run_id)
    shown = context["shown"]
    context |= {
        "has_log": shown.run.log_lines.exists(),
        "has_package": may_take_packages(request) and kept_package(shown.run) is not None,
    }
    return render(request, "imports/run.html", context)


@requires(Role.VIEWER)
@require_GET
def changes(request: HttpRequest, run_id: int, what: str, kind: str) -> HttpResponse:
    """Lead to the rows behind a number of a run. Which import of its inventory it was is found out here, so
    that a list of runs of many tenants opens none of their inventories."""
    run = get_object_or_404(ImportRun, pk=run_id)
    address = rows_brought_by(run, what, kind)
    if address is None:
        messages.info(
            request,
            f"The inventory that readers see does not tell what import {run.pk} changed: readers were led "
            "back to an earlier version.",
        )
        return redirect("import-run", run.pk)
    return redirect(address)


@requires(Role.VIEWER)
@require_GET
def progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """The part of a run's page that changes; it is asked for every two seconds while the run is under way."""
    return render(request, "imports/_run.html", _shown(request, run_id))


@requires(Role.VIEWER)
@require_GET
def indicator(request: HttpRequest) -> HttpResponse:
    """The part of the header that tells of running and failed imports."""
    return render(request, "imports/_indicator.html", {"attention": attention()})


def may_take_packages(request: HttpRequest) -> bool:
    """Whether the person may: a package holds all that Microsoft sent."""
    return isinstance(request.user, User) and request.user.allows(Role.ADMINISTRATOR)


def _shown(request: HttpRequest, run_id: int) -> dict[str, Any]:
    """A run with its steps, what it changed, and the version that it made."""
    shown = runs_with_sums([get_object_or_404(ImportRun, pk=run_id)])[0]
    version = version_of(shown.run)
    return {
        "shown": shown,
        "number": shown.number,
        "steps": steps(shown.run),
        "differences": differences(shown.run),
        "addresses": listing_addresses(version.tenant_id) if version and version.current else {},
        "version": version,
        "brought": brought_by(shown.run),
        "is_held": shown.run.state == RunState.HELD and version is not None,
    } | rights(request)
