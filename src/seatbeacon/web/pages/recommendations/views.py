"""What could be saved, by which rule, and why we think so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatbeacon.beacon.audit import record
from seatbeacon.beacon.prices.missing import products_without_price
from seatbeacon.beacon.prices.products import known_products
from seatbeacon.beacon.savings.listed import ACCEPTED
from seatbeacon.beacon.settings import load_settings
from seatbeacon.inventory import exports, query
from seatbeacon.optimization import (
    RECOMMENDATIONS,
    OptimizationError,
    RuleStatus,
    load_rules,
    savings_by,
)
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.models import User
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.downloads import export_response
from seatbeacon.web.pages.details.frame import Frame, framed
from seatbeacon.web.pages.inventory.drawing import hint_of
from seatbeacon.web.pages.inventory.table import draw_rows
from seatbeacon.web.pages.recommendations.addresses import savings_address, savings_page
from seatbeacon.web.pages.recommendations.opening import Opened, open_recommendations
from seatbeacon.web.pages.recommendations.standing import LABELS, presentation, sums_of
from seatbeacon.web.pages.recommendations.views_decide import just_decided

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from seatbeacon.web.pages.inventory.hints import Presentation

ROWS = 50
CUTS = 10
COLUMNS = (
    "display_name",
    "product_name",
    "rule_title",
    "state",
    "action",
    "replacement",
    "yearly_saving",
    "realisable_on",
    "assigned_on",
    "last_activity_date",
    "note",
)
DATASETS = ("users", "subscribedSkus", "subscriptions", "activeUsers", "appUsageD*", "mailboxUsage")


@dataclass(frozen=True)
class Cut:
    """What those recommendations save that share a value; None where no price is known."""

    value: str | None
    recommendations: int
    seats: int
    yearly_saving: Any


@dataclass(frozen=True)
class RuleRow:
    """A rule, what it found, and whether it could tell."""

    id: str
    title: str
    sentence: str
    total: Cut | None
    status: RuleStatus | None
    address: str


@requires(Role.VIEWER)
@require_GET
@framed("Recommendations")
def recommendations(request: HttpRequest, frame: Frame) -> HttpResponse:
    """Totals, rules with what they found or why they cannot tell, and the recommendations themselves.

    They are of the last import, whatever day the address names.
    """
    frame = replace(frame, as_of=None, asked=frame.asked.but(as_of=""), sight=replace(frame.sight, as_of=""))
    try:
        opened = open_recommendations(frame, request.GET)
    except OptimizationError as error:
        context = {"title": "Recommendations", "here": request.path, "listing": {"about": ""}, "fault": error}
        return render(request, "inventory/fault.html", context, status=409)
    outcome, file = opened.outcome, opened.file
    count = query.count(file, opened.listing, filters=opened.filters, search=opened.search or None)
    last = max(1, -(-count // ROWS))
    page = min(opened.page, last)
    context = frame.context(DATASETS) | {
        "title": "Recommendations",
        "lead": "What is paid for and not needed, and why we think so. Seatbeacon itself changes nothing.",
        "outcome": outcome,
        "sums": sums_of(file, opened.listing),
        "act": just_decided(request, outcome.tenant_id),
        "may_decide": _may_decide(request),
        "accepted": query.count(file, opened.listing, filters=[ACCEPTED]),
        "missing": len(products_without_price(known_products(load_settings()))),
        "rules": _rules(opened),
        "cuts": [
            ("By state", "State", *_states(opened)),
            ("By product", "Product", *_cuts(opened, "product_name")),
            ("By department", "Department", *_cuts(opened, "department")),
        ],
        "chips": [(_chip(key, value), opened.address(without=key)) for key, value in opened.narrowed],
        "opened": opened,
        "count": count,
        "page": page,
        "last": last,
        "previous": opened.address(page=page - 1) if page > 1 else "",
        "next": opened.address(page=page + 1) if page < last else "",
        "formats": [("csv", "CSV"), ("xlsx", "Excel"), ("parquet", "Parquet")],
        "query": opened.address().removeprefix("?"),
        **_table(frame, opened, page, presentation(may_decide=_may_decide(request))),
    }
    return render(request, "recommendations/list.html", context)


@requires(Role.VIEWER)
@require_GET
@framed("Recommendations")
def export(request: HttpRequest, frame: Frame, kind: str) -> HttpResponse:
    """All recommendations that the address asks for, with all columns, as a file; audited."""
    if kind not in exports.FORMATS:
        raise Http404
    opened = open_recommendations(frame, request.GET)
    pieces = exports.chunks(
        opened.file,
        opened.listing,
        format=kind,
        filters=opened.filters,
        search=opened.search or None,
        columns=[column.key for column in RECOMMENDATIONS.columns],
    )
    record(actor_of(request), "list.exported", "Recommendations", format=kind, address=opened.address())
    name = f"recommendations-{frame.description.imported_at:%Y-%m-%d}"
    return export_response(pieces, kind, name)  # type: ignore[return-value] # a response as well


def _rules(opened: Opened) -> list[RuleRow]:
    totals = {one.value: one for one in _grouped(opened, "rule")}
    statuses = {one.rule: one for one in opened.outcome.statuses}
    rows = [
        RuleRow(
            rule.id,
            rule.title,
            rule.sentence,
            totals.get(rule.id),
            statuses.get(rule.id),
            opened.narrow("rule", rule.id),
        )
        for rule in load_rules(())
    ]
    return sorted(rows, key=lambda row: -(row.total.recommendations if row.total else 0))


def _cuts(opened: Opened, column: str) -> tuple[list[Any], int, str]:
    """The largest cuts with the addresses of their rows, how many there are, and where all of them are."""
    found = savings_by(opened.file, column, opened.listing)
    rows = [(one, savings_address(opened.tenant, column, one.value)) for one in found[:CUTS]]
    return rows, len(found), savings_page(opened.tenant, column)


def _grouped(opened: Opened, column: str) -> list[Cut]:
    """What a click on a value of `column` would find, and what it saves; the dearest first."""
    groups = query.group(
        opened.file, opened.listing, column, filters=opened.filters_but(column), search=opened.search or None
    )
    found = [
        Cut(
            None if one.value is None else str(one.value),
            one.count,
            int(one.sums["seats"] or 0),
            one.sums["yearly_saving"],
        )
        for one in groups
    ]
    return sorted(found, key=lambda one: (-(one.yearly_saving or 0), -one.recommendations))


def _states(opened: Opened) -> tuple[list[Any], int, str]:
    rows = [(one, opened.narrow("state", one.value or "")) for one in _grouped(opened, "state")]
    return rows, len(rows), ""


def _may_decide(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.allows(Role.OPERATOR)


def _chip(key: str, value: str) -> str:
    if key == "state":
        value = LABELS.get(value, value)
    if key == "rule":
        value = next((rule.title for rule in load_rules(()) if rule.id == value), value)
    column = RECOMMENDATIONS.column(key)
    return f"{column.label.removesuffix(' id') if column else key}: {value or 'none'}"


def _table(frame: Frame, opened: Opened, page: int, shape: Presentation) -> dict[str, Any]:
    shown = [column for key in COLUMNS if (column := RECOMMENDATIONS.column(key)) is not None]
    hints = [hint_of(shape, column) for column in shown]
    needed = [key for hint in hints for key in hint.needs]
    wanted = list(dict.fromkeys([*COLUMNS, *needed]))
    rows = query.run(
        opened.file,
        opened.listing,
        filters=opened.filters,
        search=opened.search or None,
        columns=wanted,
        limit=ROWS,
        offset=(page - 1) * ROWS,
    ).rows
    return {
        "heads": [
            (column.label, "sb-number" if column.type in {"number", "money"} else "") for column in shown
        ],
        "body": draw_rows(opened.listing, shape, COLUMNS, wanted, list(rows), frame.sight),
    }
