"""Recommendations as a report to hand on: those that an address asks for, by rule, with their evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.views.decorators.http import require_GET

from seatbeacon.beacon.savings.evaluate import up_to_date
from seatbeacon.beacon.savings.report import MOST, PRINTED, Scope, recommendations_document
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.chargeback.views_export import download
from seatbeacon.web.pages.details.frame import Frame, framed
from seatbeacon.web.pages.inventory.address import asked_by
from seatbeacon.web.pages.inventory.chips import in_words
from seatbeacon.web.pages.inventory.opening import open_list

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

KINDS = ("pdf", "xlsx")


@requires(Role.VIEWER)
@require_GET
@framed("Recommendations")
def report(request: HttpRequest, frame: Frame, kind: str) -> HttpResponse:
    """What the address of the list narrows it to. Audited."""
    if kind not in KINDS:
        raise Http404
    opened = open_list(asked_by(request.GET), "recommendations")
    assert opened.outcome is not None  # noqa: S101 - a list of recommendations has one
    up_to_date(opened.outcome)
    words = [" ".join(in_words(opened.listing, one)) for one in opened.filters]
    search = opened.asked.search
    scope = Scope(
        tenant=frame.chosen.tenant.display_name,
        imported_at=frame.description.imported_at,
        filters=tuple(opened.filters),
        search=search or None,
        narrowed=(*words, *([f"Holds {search}"] if search else [])),
    )
    document = recommendations_document(opened.outcome, scope, most=PRINTED if kind == "pdf" else MOST)
    return download(request, document, kind, f"recommendations-{frame.description.imported_at:%Y-%m-%d}")
