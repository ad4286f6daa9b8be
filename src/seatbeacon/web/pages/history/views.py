"""What changed between two days: users, seats, assignments; every number leads to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatbeacon.inventory.changes.between import (
    changed_assignments,
    changed_users,
    changes_between,
    imports_of,
)
from seatbeacon.inventory.changes.imported import moved_assignments, moved_licenses
from seatbeacon.inventory.errors import InvalidQuery
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.details.frame import Frame, framed
from seatbeacon.web.pages.history.span import Choice, Span, choices, read_span

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ROWS = 50
SHOWN = {
    "joined": "Users who joined",
    "left": "Users who left",
    "changed": "Users who changed",
    "gained": "Licenses gained",
    "lost": "Licenses lost",
    **{
        f"{what}-{kind}": f"{label} {kind}"
        for what, label in (("assignments", "Assignments"), ("licenses", "Subscribed licenses"))
        for kind in ("added", "removed", "changed")
    },
}
"""The lists that numbers lead to."""


@dataclass(frozen=True)
class Links:
    """Makes addresses of this page: the same span and tenant, and what is given."""

    base: tuple[tuple[str, str], ...]

    def to(self, **more: str) -> str:
        """The address with these parameters."""
        return f"?{urlencode([*self.base, *more.items()])}"


@requires(Role.VIEWER)
@require_GET
@framed("History")
def history(request: HttpRequest, frame: Frame) -> HttpResponse:
    """The changes of a span, or with `show` the rows of one of them."""
    imports = imports_of(frame.chosen.file)
    problem = ""
    parameters = {key: str(value) for key, value in request.GET.items()}
    try:
        span = read_span(parameters, imports)
    except InvalidQuery as error:
        problem, span = str(error), read_span({}, imports)
    tenant = (("tenant", frame.chosen.named),) if frame.chosen.named else ()
    links = Links((*tenant, *span.asked))
    context = frame.context(("users", "subscribedSkus")) | {
        "title": "History",
        "span": span,
        "problem": problem,
        "links": links,
        "choices": [(one, _span_address(tenant, one)) for one in choices(span, imports)],
        "imports": imports,
        "first": imports[-1],
    }
    show = parameters.get("show", "")
    if show in SHOWN and not problem:
        context |= _rows(frame, span, show, parameters, links)
        return render(request, "history/rows.html", context)
    told = changes_between(frame.chosen.file, span.begins, span.ends)
    context |= {
        "told": told,
        "users": [
            (SHOWN[kind], told.users[kind], links.to(show=kind)) for kind in ("joined", "left", "changed")
        ],
        "assignments": [
            (SHOWN["gained"], told.gained, links.to(show="gained")),
            (SHOWN["lost"], told.lost, links.to(show="lost")),
        ],
        "products": [
            (
                one,
                frame.sight.page_of("license", one.key),
                links.to(show="gained", sku=one.key or ""),
                links.to(show="lost", sku=one.key or ""),
            )
            for one in told.products
        ],
        "departments": [
            (
                one,
                links.to(show="gained", department=one.key or ""),
                links.to(show="lost", department=one.key or ""),
            )
            for one in told.departments
        ],
        "licenses": [(one, frame.sight.page_of("license", one.sku_id)) for one in told.licenses],
        "before": span.begins < imports[-1].at,
    }
    return render(request, "history/history.html", context)


def _span_address(tenant: tuple[tuple[str, str], ...], choice: Choice) -> str:
    days = (("since", choice.since.isoformat()), ("until", choice.until.isoformat()))
    return f"?{urlencode([*tenant, *days])}"


def _rows(frame: Frame, span: Span, show: str, parameters: dict[str, str], links: Links) -> dict[str, Any]:
    page = int(parameters.get("page", "1")) if parameters.get("page", "1").isdecimal() else 1
    page = min(max(page, 1), 1_000_000)
    file, place = frame.chosen.file, {"limit": ROWS, "offset": (page - 1) * ROWS}
    kept: dict[str, str] = {}
    what, _, kind = show.partition("-")
    if kind:
        read = moved_licenses if what == "licenses" else moved_assignments
        found = read(file, span.begins, span.ends, kind, **place)  # type: ignore[arg-type] # of SHOWN
    elif show in ("gained", "lost"):
        kept = {key: parameters[key] for key in ("sku", "department") if key in parameters}
        found = changed_assignments(
            file,
            span.begins,
            span.ends,
            show,  # type: ignore[arg-type] # one of the two, as just asked
            sku_id=kept.get("sku") or None,
            department=kept.get("department") or None,
            by_department="department" in kept,
            **place,
        )
    else:
        found = changed_users(file, span.begins, span.ends, show, **place)  # type: ignore[arg-type] # as above
    sight = frame.sight
    of_users = show in ("joined", "left", "changed")
    last = max(1, -(-found.total // ROWS))
    return {
        "heading": SHOWN[show],
        "of_users": of_users,
        "of_licenses": what == "licenses",
        "of_changes": show.endswith("changed"),
        "department": kept.get("department"),
        "by_department": "department" in kept,
        "product": next((row.product_name for row in found.rows), "") if kept.get("sku") else "",
        "found": found,
        "rows": [
            (
                row,
                sight.page_of("user", row.id if of_users else getattr(row, "user_id", None)),
                "" if of_users else sight.page_of("license", row.sku_id),
            )
            for row in found.rows
        ],
        "page": page,
        "last": last,
        "previous": links.to(show=show, **kept, page=str(page - 1)) if page > 1 else "",
        "next": links.to(show=show, **kept, page=str(page + 1)) if page < last else "",
        "whole": links.to(),
    }
