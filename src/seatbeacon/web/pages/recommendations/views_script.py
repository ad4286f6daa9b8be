"""What is accepted, as files that a person reads and runs elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from seatbeacon.beacon.audit import record
from seatbeacon.beacon.savings.evaluate import recommendations_of, up_to_date
from seatbeacon.beacon.savings.hand_over import plan_of
from seatbeacon.beacon.settings import load_settings
from seatbeacon.optimization.scripts import graph_requests, powershell
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.pages.details.frame import Frame, framed

if TYPE_CHECKING:
    from django.http import HttpRequest

_KINDS = {
    "powershell": ("ps1", "text/plain; charset=utf-8"),
    "graph": ("jsonl", "application/jsonl; charset=utf-8"),
}


@requires(Role.OPERATOR)
@require_GET
@framed("Recommendations")
def script(request: HttpRequest, frame: Frame, kind: str) -> HttpResponse:
    """The changes that are accepted or in work, as PowerShell or as requests to Graph. Audited."""
    if kind not in _KINDS:
        raise Http404
    settings = load_settings()
    outcome = up_to_date(recommendations_of(settings, frame.chosen.version, at_once=True))
    plan = plan_of(settings, frame.chosen.version, outcome)
    text = powershell(plan).encode("utf-8-sig") if kind == "powershell" else b"".join(graph_requests(plan))
    record(actor_of(request), "recommendations.handed-over", f"{len(plan.changes)} users", format=kind)
    suffix, media_type = _KINDS[kind]
    name = f"license-changes-{frame.description.imported_at:%Y-%m-%d}.{suffix}"
    return HttpResponse(
        text,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
