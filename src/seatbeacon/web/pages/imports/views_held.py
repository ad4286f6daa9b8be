"""A held import: whom it would remove, and the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from seatbeacon.beacon.errors import BeaconError
from seatbeacon.beacon.imports.held import discard_held, publish_held
from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.models import ImportRun, RunState
from seatbeacon.beacon.settings import load_settings
from seatbeacon.inventory.errors import BadVersion
from seatbeacon.inventory.leavers import Leavers, leavers_by_department
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.connections.shared import rights
from seatbeacon.web.pages.imports.links import sight_of
from seatbeacon.web.pages.imports.steps import version_of
from seatbeacon.web.tables import PER_PAGE, Listing

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from seatbeacon.inventory.leavers import Leaver

SEARCH_LENGTH = 200


@requires(Role.VIEWER)
@require_GET
def held(request: HttpRequest, run_id: int) -> HttpResponse:
    """The users that a held import would remove, by department and by name."""
    run = get_object_or_404(ImportRun, pk=run_id)
    version = version_of(run)
    if run.state != RunState.HELD or version is None:
        return redirect("import-run", run.pk)
    file = version_path(load_settings(), version)
    department = request.GET.get("department")
    search = request.GET.get("q", "").strip()[:SEARCH_LENGTH]
    sight = sight_of(version.tenant_id)
    try:
        departments = leavers_by_department(file)
        gone = Leavers(file, department=department, search=search)
        pages: Paginator[Leaver] = Paginator(cast("Any", gone), PER_PAGE)
        page = pages.get_page(request.GET.get("page"))
        shown = [(one, sight.page_of("user", one.id)) for one in page]
    except BadVersion as error:
        messages.error(request, str(error))
        return redirect("import-run", run.pk)
    context = {
        "run": run,
        "number": str(run.pk),
        "tenant": version.tenant,
        "listing": Listing(page, "name", tuple((key, str(value)) for key, value in request.GET.items())),
        "leavers": shown,
        "departments": departments,
        "removed": sum(one.users for one in departments),
        "licensed": sum(one.licensed for one in departments),
        "left": (run.counts.get("users") or {}).get("total"),
        "department": department,
        "search": search,
    }
    return render(request, "imports/held.html", context | rights(request))


@requires(Role.OPERATOR)
@require_POST
def publish(request: HttpRequest, run_id: int) -> HttpResponse:
    """Publish what the run holds."""
    run = get_object_or_404(ImportRun, pk=run_id)
    try:
        publish_held(load_settings(), run, actor=actor_of(request))
    except BeaconError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Import {run.pk} is published: readers see it from now on.")
    return redirect("import-run", run.pk)


@requires(Role.OPERATOR)
@require_POST
def discard(request: HttpRequest, run_id: int) -> HttpResponse:
    """Discard what the run holds."""
    run = get_object_or_404(ImportRun, pk=run_id)
    try:
        discard_held(load_settings(), run, actor=actor_of(request))
    except BeaconError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Import {run.pk} is discarded: what was published before still is.")
    return redirect("import-run", run.pk)
