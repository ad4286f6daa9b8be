"""Inventory Systems: the list, one connection, and what is done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seatbeacon.beacon.connections import deletion
from seatbeacon.beacon.connections.overview import Detail, details
from seatbeacon.beacon.connections.services import set_enabled
from seatbeacon.beacon.connections.warnings import Warn, all_warnings, connection_warnings
from seatbeacon.beacon.errors import BeaconError, RunIsActive
from seatbeacon.beacon.models import Connection, Flow, ImportRun, Trigger
from seatbeacon.beacon.runs.states import active_run
from seatbeacon.beacon.schedules.overview import last_turns, next_run_of, summary_of
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.beacon.settings import load_settings
from seatbeacon.beacon.worker.execute_now import execute_now
from seatbeacon.graph.clouds import CLOUDS
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.connections.rows import SORTS, connection_rows
from seatbeacon.web.connections.shared import find, rights
from seatbeacon.web.pages.imports.runs import runs_with_sums
from seatbeacon.web.tables import sorted_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN_APART = {"name", "status", "schedule", "runs", "next_run_at"}
"""Fields of a connection that its page shows in a place of their own."""

LATEST = 5
"""Imports on a connection's page."""


@dataclass(frozen=True)
class Row:
    """A connection and what its row warns of."""

    connection: Connection
    warnings: list[Warn]


@dataclass(frozen=True)
class ShownDetail:
    """A field of a connection: a time, or what it holds in words."""

    label: str
    words: str
    at: datetime | None


@requires(Role.VIEWER)
@require_GET
def inventory_systems(request: HttpRequest) -> HttpResponse:
    """All connections."""
    search = request.GET.get("q", "").strip()
    listing = sorted_page(request, connection_rows(search), SORTS, default="name")
    shown = list(listing.page)
    warnings = all_warnings(shown)
    rows = [Row(connection, warnings.get(connection.pk, [])) for connection in shown]
    numbers = [row.connection.pk for row in rows]
    wanted = request.GET.get("selected", "")
    selected = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else None
    if selected is None and len(numbers) == 1 and not search:
        selected = numbers[0]
    context = {
        "listing": listing,
        "rows": rows,
        "search": search,
        "selected": selected,
        "new_address": reverse("new-connection"),
        # Of connection 0, which never is; the script puts the selected one's number in.
        "addresses": {
            "edit": reverse("connection-edit", args=[0]),
            "delete": reverse("connection-delete", args=[0]),
            "execute": reverse("connection-execute", args=[0]),
            "test": reverse("connection-test", args=[0]),
            "schedule": reverse("connection-schedule", args=[0]),
            "enable": reverse("connection-enable", args=[0]),
        },
    }
    return render(request, "connections/list.html", context | rights(request))


@requires(Role.VIEWER)
@require_GET
def connection(request: HttpRequest, connection_id: int) -> HttpResponse:
    """One connection: what is stored, without its secrets, and its last imports."""
    found = find(connection_id)
    runs = ImportRun.objects.filter(connection=found).order_by("-pk")[:LATEST]
    context = {
        "connection": found,
        "details": [
            _shown(one) for one in details(lambda: load_key_ring(load_settings()), found) if _is_shown(one)
        ],
        "warnings": connection_warnings(found),
        "runs": runs_with_sums(runs),
        "active": active_run(found),
        "turn": last_turns([found.pk]).get(found.pk) if found.schedule_id else None,
        "next_run_at": next_run_of(found),
        "runs_by_itself": summary_of(found.schedule) if found.schedule else "",
    }
    return render(request, "connections/connection.html", context | rights(request))


@requires(Role.OPERATOR)
@require_POST
def execute(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Execute Now: queue an import, and go where its progress is shown."""
    found = find(connection_id)
    try:
        run = execute_now(load_settings(), found, Trigger.PERSON, actor=actor_of(request))
    except RunIsActive as error:
        messages.info(request, str(error))
        active = active_run(found)
        return redirect("import-run", active.pk) if active else _back(found)
    except BeaconError as error:
        messages.error(request, str(error))
        return _back(found)
    return redirect("import-run", run.pk)


@requires(Role.ADMINISTRATOR)
@require_POST
def enable(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Enable or disable."""
    found = find(connection_id)
    enabled = request.POST.get("enabled") == "yes"
    set_enabled(found, enabled=enabled, actor=actor_of(request))
    told = "is enabled." if enabled else "is disabled: it imports nothing; what it imported still counts."
    messages.success(request, f"“{found.name}” {told}")
    return _back(found)


@requires(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, connection_id: int) -> HttpResponse:
    """What goes stale, and then, once its name was typed, gone."""
    found = find(connection_id)
    settings = load_settings()
    error = ""
    if request.method == "POST":
        typed = request.POST.get("name", "").strip()
        if typed.casefold() != found.name.casefold():
            error = f"Type the connection's name, {found.name}, to delete it."
        else:
            with_inventory = request.POST.get("inventory") == "remove"
            try:
                deletion.delete(settings, found, with_inventory=with_inventory, actor=actor_of(request))
            except BeaconError as refusal:
                error = str(refusal)
            else:
                messages.success(request, f"“{found.name}” is deleted.")
                return redirect("inventory-systems")
    context = {
        "connection": found,
        "stale": deletion.what_goes_stale(found),
        "error": error,
    }
    return render(request, "connections/delete.html", context, status=400 if error else 200)


def _is_shown(one: Detail) -> bool:
    return bool(one.value) and not one.key.startswith("last_") and one.key not in SHOWN_APART


def _shown(one: Detail) -> ShownDetail:
    value = one.value
    if isinstance(value, datetime):
        return ShownDetail(one.label, "", value)
    if isinstance(value, list | tuple):
        return ShownDetail(one.label, ", ".join(map(str, value)), None)
    words = str(value)
    if one.key == "flow":
        words = dict(Flow.choices).get(words, words)
    elif one.key == "cloud" and words in CLOUDS:
        words = CLOUDS[words].label
    return ShownDetail(one.label, words, None)


def _back(found: Connection) -> HttpResponse:
    return redirect(f"{reverse('inventory-systems')}?selected={found.pk}")
