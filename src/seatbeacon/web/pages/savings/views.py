"""What could be saved, cut by rule, product, department, country, company, manager or tenant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatbeacon.beacon.errors import BeingReckoned
from seatbeacon.beacon.savings.cuts import KINDS, savings_cut, savings_document
from seatbeacon.beacon.settings import load_settings
from seatbeacon.documents import FORMATS
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.chargeback.views import without_day
from seatbeacon.web.pages.chargeback.views_export import download
from seatbeacon.web.pages.details.frame import Frame, framed
from seatbeacon.web.pages.recommendations.addresses import report_address, savings_address
from seatbeacon.web.tables import sorted_rows

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from seatbeacon.beacon.savings.cuts import Line

DATASETS = ("users", "subscribedSkus", "activeUsers")
SORTS = {
    "name": lambda row: row.line.name.casefold(),
    "recommendations": lambda row: row.line.recommendations,
    "seats": lambda row: row.line.seats,
    "monthly": lambda row: row.line.monthly_saving,
    "yearly": lambda row: row.line.yearly_saving,
    "unpriced": lambda row: row.line.unpriced,
}


@dataclass(frozen=True)
class Row:
    """A line, where its recommendations are, and their report (empty: a tenant's is on its own page)."""

    line: Line
    address: str
    report: str


@requires(Role.VIEWER)
@require_GET
@framed("Savings")
def savings(request: HttpRequest, frame: Frame) -> HttpResponse:
    """All lines of a cut; `by=tenant` is of all tenants."""
    frame = without_day(frame)
    by = _by(request, frame)
    found = savings_cut(load_settings(), frame.chosen.version, by, at_once=True)
    search = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200].casefold()
    rows = [_row(frame, by, line) for line in found.lines]
    if search:
        rows = [row for row in rows if search in row.line.name.casefold()]
    several = bool(frame.chosen.several)
    context = frame.context(() if by == "tenant" else DATASETS) | {
        "title": "Savings",
        "lead": "What could be saved, in full. A seat counts once: lines add up, whatever they are by.",
        "by": by,
        "one": KINDS[by],
        "kinds": [(key, label) for key, label in KINDS.items() if several or key != "tenant"],
        "found": found,
        "listing": sorted_rows(request, rows, SORTS, default="-yearly"),
        "search": search,
        "total": found.total,
        "formats": [(each.name, each.label) for each in FORMATS.values()],
    }
    return render(request, "savings/list.html", context)


@requires(Role.VIEWER)
@require_GET
@framed("Savings")
def export(request: HttpRequest, frame: Frame, kind: str) -> HttpResponse:
    """The lines as a file. Audited."""
    by = _by(request, frame)
    found = savings_cut(load_settings(), frame.chosen.version, by, at_once=True)
    if found.behind:
        raise BeingReckoned(frame.chosen.version.tenant_id)
    document = savings_document(found, frame.chosen.tenant.display_name, frame.description.imported_at)
    return download(request, document, kind, f"savings-by-{by}-{frame.description.imported_at:%Y-%m-%d}")


def _by(request: HttpRequest, frame: Frame) -> str:
    by = request.GET.get("by", "rule")
    return by if by in KINDS and (by != "tenant" or frame.chosen.several) else "rule"


def _row(frame: Frame, by: str, line: Line) -> Row:
    if by == "tenant":
        return Row(line, savings_address(line.value or ""), "")
    address = savings_address(frame.chosen.named, by, line.value)
    return Row(line, address, report_address(address))
