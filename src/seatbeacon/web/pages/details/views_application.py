"""The page of one application: of Microsoft 365, or an enterprise application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from seatbeacon.inventory import query
from seatbeacon.inventory.details.application import application_use
from seatbeacon.inventory.filters import Filter
from seatbeacon.inventory.overview.summary import trend
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.details.charts import trend_chart
from seatbeacon.web.pages.details.frame import Frame, framed, trend_start
from seatbeacon.web.pages.details.panels import Panel, read_panel

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COLUMNS = (
    "id",
    "application",
    "kind",
    "publisher",
    "entitled_users",
    "active_7",
    "active_30",
    "active_90",
    "active_180",
    "never_active",
    "last_activity_date",
    "report_refresh_date",
)
DATASETS = ("users", "subscribedSkus", "activeUsers", "appUsageD*", "copilotUsage", "servicePrincipals")
PERIODS = (7, 30, 90, 180)


@requires(Role.VIEWER)
@require_GET
@framed("Application")
def application(request: HttpRequest, frame: Frame, application_id: str) -> HttpResponse:
    """One application, by its id: its name, or the id of its service principal."""
    rows: list[Any] = list(
        query.run(
            frame.chosen.file,
            "applications",
            filters=[Filter("id", "=", application_id)],
            columns=COLUMNS,
            limit=1,
            as_of=frame.as_of,
        ).rows
    )
    if not rows:
        raise Http404(f"No import brought an application {application_id}.")
    found = dict(zip(COLUMNS, rows[0], strict=True))
    context = frame.context(DATASETS) | {
        "title": found["application"],
        "lead": found["publisher"],
        "back": reverse("applications"),
        "back_label": "Applications",
        "application": found,
    }
    enterprise = found["kind"] == "enterprise application"
    context |= _enterprise(frame, found["id"]) if enterprise else _microsoft(request, frame, found)
    return render(request, "details/application.html", context)


def _enterprise(frame: Frame, key: str) -> dict[str, Any]:
    columns = ("principal_name", "principal_type", "created_at")
    panel = read_panel(
        frame,
        "Assigned users and groups",
        "application-assignments",
        [f"application_id={key}"],
        columns,
        limit=25,
        empty="Nobody is assigned to it.",
    )
    return {"enterprise": True, "panels": [panel]}


def _microsoft(request: HttpRequest, frame: Frame, found: dict[str, Any]) -> dict[str, Any]:
    name, sight = found["application"], frame.sight
    this = str(Filter("application", "=", name))
    own = [this, "platform=All"]
    tiles = [
        (
            f"Active in {days} days",
            found[f"active_{days}"],
            sight.list_of("usage", [*own, f"active_since>{days}d"]),
        )
        for days in PERIODS
    ]
    use = application_use(frame.chosen.file, name) if frame.as_of is None else None
    tenant = f"tenant={frame.chosen.named}&" if frame.chosen.named else ""
    return {
        "tiles": tiles,
        "entitled_address": sight.list_of("entitlements", [this]),
        "never_address": sight.list_of("entitlements", [this, "activity=never active"]),
        "platforms": [
            (one, sight.list_of("usage", [this, str(Filter("platform", "=", one.name))]))
            for one in (use.platforms if use else ())
        ],
        "departments": [
            (
                one,
                sight.list_of("usage", [*own, str(Filter("department", "=", one.name))]),
            )
            for one in (use.departments if use else ())
        ],
        "panels": [] if frame.as_of else [_inactive(frame, this)],
        "charts": [
            trend_chart(
                "application-trend",
                "Entitled and active",
                trend(frame.chosen.file, found["id"], trend_start(frame)),
                ("entitled", "active_30", "active_90"),
                f"{request.path}?{tenant}as_of=DAY",
            )
        ],
        "spans": (30, 90, 365),
    }


def _inactive(frame: Frame, this: str) -> Panel:
    """Who may use it and did, but not lately. It is known of now only."""
    return read_panel(
        frame,
        "Entitled and inactive: last seen longest ago",
        "entitlements",
        [this, "activity=inactive"],
        ("display_name", "user_principal_name", "department", "last_activity_date"),
        sort=("last_activity_date",),
        empty="Nobody who may use it was seen in it and then not for 90 days; or nobody knows.",
    )
