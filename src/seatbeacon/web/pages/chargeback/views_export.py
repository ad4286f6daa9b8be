"""Costs as files: printed, for a spreadsheet, or as CSV."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from seatbeacon.beacon.audit import record
from seatbeacon.beacon.savings.costs import called
from seatbeacon.beacon.savings.handouts import Source, costs_document, part_document, source_of
from seatbeacon.beacon.settings import load_settings
from seatbeacon.documents import FORMATS, Document, write_document
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.pages.chargeback.opening import open_costs, part_of
from seatbeacon.web.pages.details.frame import Frame, framed

if TYPE_CHECKING:
    from django.http import HttpRequest


@requires(Role.VIEWER)
@require_GET
@framed("Chargeback")
def export(request: HttpRequest, frame: Frame, kind: str) -> HttpResponse:
    """What all parts pay; `table` says which table a CSV file holds. Audited."""
    opened = open_costs(frame, request.GET)
    document = costs_document(_source(frame), opened.found, opened.spread)
    return download(request, document, kind, f"costs-by-{opened.by}-{frame.description.imported_at:%Y-%m-%d}")


@requires(Role.VIEWER)
@require_GET
@framed("Chargeback")
def export_part(request: HttpRequest, frame: Frame, kind: str) -> HttpResponse:
    """What one part pays, with its licenses and what it could save. Audited."""
    opened = open_costs(frame, request.GET)
    found = part_of(opened, request.GET)
    name = re.sub(r"[^A-Za-z0-9]+", "-", called(found, opened.by)).strip("-")[:60] or "part"
    document = part_document(_source(frame), opened.found, found, opened.spread)
    return download(request, document, kind, f"costs-{name}-{frame.description.imported_at:%Y-%m-%d}")


def _source(frame: Frame) -> Source:
    return source_of(load_settings(), frame.chosen.version, frame.description.imported_at, at_once=True)


def download(request: HttpRequest, document: Document, kind: str, name: str) -> HttpResponse:
    """A report as a file called `name`, with the ending of its kind. Http404 for a kind or table that there
    is not."""
    table = request.GET.get("table", "")
    if kind not in FORMATS or table not in ("", *(each.name for each in document.tables)):
        raise Http404
    content = write_document(document, kind, table)
    record(actor_of(request), "report.exported", document.title, format=kind, address=request.GET.urlencode())
    form = FORMATS[kind]
    return HttpResponse(
        content,
        content_type=form.media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}.{form.suffix}"'},
    )
