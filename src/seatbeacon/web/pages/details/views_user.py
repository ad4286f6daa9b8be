"""The page of one user."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from seatbeacon.inventory import query
from seatbeacon.inventory.details.person import Activity, Person, person
from seatbeacon.inventory.filters import Filter
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.details.frame import Frame, framed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

DATASETS = (
    "users",
    "activeUsers",
    "appUsageD*",
    "activations",
    "mailboxUsage",
    "oneDriveUsage",
    "copilotUsage",
)
FACTS = (
    ("Mail", "mail"),
    ("Other mails", "other_mails"),
    ("Job title", "job_title"),
    ("Department", "department"),
    ("Company", "company_name"),
    ("Office", "office_location"),
    ("City", "city"),
    ("Country", "country"),
    ("Usage location", "usage_location"),
    ("Employee id", "employee_id"),
    ("Employee type", "employee_type"),
    ("Cost center", "cost_center"),
    ("Invitation", "external_user_state"),
    ("Mail addresses", "proxy_addresses"),
)
ACTIVATED = ("Windows", "Mac", "Windows 10 Mobile", "iOS", "Android")


@dataclass(frozen=True)
class Used:
    """An application that the user was seen in: as a whole, and by platform."""

    name: str
    whole: Activity | None
    platforms: tuple[Activity, ...]


@requires(Role.VIEWER)
@require_GET
@framed("User")
def user(request: HttpRequest, frame: Frame, user_id: str) -> HttpResponse:
    """One user, by the id that the directory gives; a deleted one from what was seen of it."""
    found = person(frame.chosen.file, user_id, frame.as_of)
    if found is None:
        raise Http404(f"No import brought a user with the id {user_id}.")
    attributes = found.attributes
    sight = frame.sight
    context = frame.context(DATASETS) | {
        "title": found.name,
        "lead": attributes.get("user_principal_name"),
        "back": reverse("users"),
        "back_label": "Users",
        "person": found,
        "kind": _kind(frame, found),
        "facts": [(label, _text(attributes.get(key))) for label, key in FACTS if attributes.get(key)],
        "manager_address": sight.page_of("user", attributes.get("manager_id")),
        "used": _used(found),
        "activations": [
            (
                row[0],
                row[1],
                ", ".join(
                    f"{count} {name}" for name, count in zip(ACTIVATED, row[2:7], strict=True) if count
                ),
                row[7],
            )
            for row in found.activations
        ],
        "held": [(one, sight.page_of("license", one.sku_id)) for one in found.held],
        "applications": [
            (name, at, sight.page_of("application", key)) for key, name, at in found.applications
        ],
        "events": [(at, list(events)) for at, events in groupby(found.events, key=lambda event: event.at)],
    }
    return render(request, "details/user.html", context)


def _kind(frame: Frame, found: Person) -> str:
    """What kind of account it is, as the list of users says."""
    rows: list[Any] = list(
        query.run(
            frame.chosen.file,
            "users",
            filters=[Filter("id", "=", found.id)],
            columns=["account_kind"],
            limit=1,
            as_of=frame.as_of,
        ).rows
    )
    return str(rows[0][0] or "") if rows else ""


def _used(found: Person) -> list[Used]:
    used = []
    for name, rows in groupby(found.usage, key=lambda row: row.application):
        each = list(rows)
        whole = next((row for row in each if row.platform == "All"), None)
        used.append(Used(name, whole, tuple(row for row in each if row.platform != "All")))
    return used


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
