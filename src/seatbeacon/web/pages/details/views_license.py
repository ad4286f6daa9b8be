"""The page of one product: seats, holders, use, trend, service plans, subscriptions, who came and went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from seatbeacon.inventory import query
from seatbeacon.inventory.changes.between import imports_of, moved_products
from seatbeacon.inventory.changes.spans import end_of
from seatbeacon.inventory.filters import Filter
from seatbeacon.inventory.overview.summary import trend
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.details.charts import trend_chart
from seatbeacon.web.pages.details.frame import Frame, framed, trend_start
from seatbeacon.web.pages.details.panels import read_panel
from seatbeacon.web.pages.details.use import Use, use_bar

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

HOLDER_COLUMNS = (
    "display_name",
    "user_principal_name",
    "department",
    "source",
    "assigned_at",
    "last_activity_date",
)
COLUMNS = (
    "product_name",
    "sku_part_number",
    "purchased",
    "assigned",
    "available",
    "warning",
    "suspended",
    "locked_out",
    "status",
    "renewal_date",
    "active_90",
    "inactive_90",
    "never_active",
    "report_refresh_date",
)
DATASETS = ("subscribedSkus", "users", "subscriptions", "activeUsers", "appUsageD*")
SPANS = (30, 90)
MOST_GROUPS = 10


@dataclass(frozen=True)
class Moves:
    """Who gained and lost the product in the last `days`."""

    days: int
    gained: int
    lost: int
    gained_address: str
    lost_address: str


@requires(Role.VIEWER)
@require_GET
@framed("License")
def license_page(request: HttpRequest, frame: Frame, sku_id: str) -> HttpResponse:
    """One product, by its id."""
    sku = sku_id.lower()
    rows: list[Any] = list(
        query.run(
            frame.chosen.file,
            "licenses",
            filters=[Filter("sku_id", "=", sku)],
            columns=COLUMNS,
            limit=1,
            as_of=frame.as_of,
        ).rows
    )
    if not rows:
        until = " until then" if frame.as_of else ""
        raise Http404(f"No import{until} brought a product with the id {sku_id}.")
    found = dict(zip(COLUMNS, rows[0], strict=True))
    own = f"sku_id={sku}"
    sight = frame.sight
    context = frame.context(DATASETS) | {
        "title": found["product_name"],
        "lead": f"{found['sku_part_number']} · {sku}",
        "back": reverse("licenses"),
        "back_label": "Licenses",
        "license": found,
        "use": _use(found, sight, own),
        "numbers": {
            "assigned": sight.list_of("holders", [own]),
            "assignments": sight.list_of("assignments", [own]),
            "errors": sight.list_of("assignments", [own, "error!=null"]),
            "subscriptions": sight.list_of("subscriptions", [own]),
        },
        "departments": _groups(frame, own, "department"),
        "countries": _groups(frame, own, "country"),
        "panels": [
            read_panel(
                frame,
                "Holders",
                "holders",
                [own],
                HOLDER_COLUMNS,
                empty="Nobody holds it.",
            ),
            read_panel(
                frame,
                "Subscriptions and renewals",
                "subscriptions",
                [own],
                ("status", "total_licenses", "is_trial", "created_at", "next_lifecycle_at"),
                empty="Microsoft tells of no subscription of this product.",
            ),
            read_panel(
                frame,
                "Service plans",
                "service-plans",
                [own],
                ("plan_name", "provisioning_status", "switched_off_users"),
                limit=25,
                empty="Microsoft tells of no service plan of this product.",
            ),
        ],
        "moves": [] if frame.as_of else [_moves(frame, sku, days) for days in SPANS],
        "charts": [
            trend_chart(
                "license-trend",
                "Purchased, assigned and active",
                trend(frame.chosen.file, sku, trend_start(frame)),
                ("purchased", "assigned", "active_90"),
                _on_a_day(request, frame),
            )
        ],
        "spans": (30, 90, 365),
    }
    return render(request, "details/license.html", context)


def _use(found: dict[str, Any], sight: Any, own: str) -> Use:
    return use_bar(
        purchased=found["purchased"] or 0,
        assigned=found["assigned"] or 0,
        active=found["active_90"],
        inactive=found["inactive_90"],
        never=found["never_active"],
        address=lambda kind: sight.list_of("holders", [own, f"activity={kind}"] if kind else [own]),
    )


def _groups(frame: Frame, own: str, by: str) -> list[tuple[str, int, str]]:
    groups = query.group(
        frame.chosen.file,
        "holders",
        by,
        filters=[Filter("sku_id", "=", own.partition("=")[2])],
        limit=MOST_GROUPS,
        as_of=frame.as_of,
    )
    return [
        (
            str(one.value) if one.value is not None else "",
            one.count,
            frame.sight.list_of("holders", [own, str(Filter(by, "=", _text(one.value)))]),
        )
        for one in groups
    ]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _moves(frame: Frame, sku: str, days: int) -> Moves:
    until = frame.description.imported_at.date()
    # What the first import found was there before: nobody gained it then.
    since = max(until - timedelta(days=days), imports_of(frame.chosen.file)[-1].at.date())
    told = moved_products(frame.chosen.file, end_of(since), end_of(until))
    moved = next((one for one in told if one.key == sku), None)
    base = f"{reverse('history')}?since={since.isoformat()}&until={until.isoformat()}&sku={sku}"
    tenant = f"&tenant={frame.chosen.named}" if frame.chosen.named else ""
    return Moves(
        days,
        moved.gained if moved else 0,
        moved.lost if moved else 0,
        f"{base}{tenant}&show=gained",
        f"{base}{tenant}&show=lost",
    )


def _on_a_day(request: HttpRequest, frame: Frame) -> str:
    tenant = f"tenant={frame.chosen.named}&" if frame.chosen.named else ""
    return f"{request.path}?{tenant}as_of=DAY"
