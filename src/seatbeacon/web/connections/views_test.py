"""Test connection: the token, then the first page of every dataset, as they answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from seatbeacon.beacon.connections.probing import PASSED
from seatbeacon.collection.datasets import DATASETS
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.connections import testing
from seatbeacon.web.connections.shared import find, rights
from seatbeacon.web.words import OUTCOMES, Look, state_words

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from seatbeacon.beacon.models import Connection
    from seatbeacon.collection.datasets import Dataset

AWAITED = Look("secondary", "clock")
LOOKS = OUTCOMES | {PASSED: Look("green", "circle-check")}


@dataclass(frozen=True)
class ShownProbe:
    """A row of the table; `label` is empty while the answer is awaited."""

    name: str
    required: bool
    extra: bool
    label: str = ""
    look: Look = AWAITED
    seconds: float = 0.0
    problem: str = ""
    remedy: str = ""
    permission: str = ""
    role: str = ""


@requires(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def test(request: HttpRequest, connection_id: int) -> HttpResponse:
    """The page of a test; POST starts one."""
    found = find(connection_id)
    if request.method == "POST":
        testing.start(found, actor_of(request))
        return redirect("connection-test", found.pk)
    return render(request, "connections/test.html", _context(found) | rights(request))


@requires(Role.OPERATOR)
@require_GET
def rows(request: HttpRequest, connection_id: int) -> HttpResponse:
    """The part of the page that changes."""
    return render(request, "connections/_test.html", _context(find(connection_id)))


def _context(found: Connection) -> dict[str, Any]:
    latest = testing.latest(found)
    if latest is None:
        return {"connection": found, "test": None}
    answered = {probe["dataset"]: probe for probe in latest.probes}
    shown = [_shown(dataset, answered.get(dataset.name)) for dataset in DATASETS]
    counts = Counter((row.look, row.label) for row in shown if row.label)
    return {
        "connection": found,
        "test": latest,
        "probes": shown,
        "done": len(latest.probes),
        "total": len(DATASETS),
        "problems": sum(bool(probe["is_problem"]) for probe in latest.probes),
        "counts": [(look, label, count) for (look, label), count in counts.most_common()],
        "lacks_reports_role": any(
            probe["result"] == "denied" and probe.get("role") and probe["dataset"] == "activeUsers"
            for probe in latest.probes
        ),
    }


def _shown(dataset: Dataset, probe: dict[str, Any] | None) -> ShownProbe:
    if probe is None:
        return ShownProbe(dataset.name, dataset.required, dataset.extra)
    look = LOOKS.get(probe["result"], Look("secondary", "circle-dashed"))
    return ShownProbe(
        name=dataset.name,
        required=dataset.required,
        extra=dataset.extra,
        label=state_words(probe["result"]),
        # What asks for more than the documented permissions may be denied, and nobody need act on it.
        look=look if probe["is_problem"] or probe["result"] == PASSED else Look("secondary", look.icon),
        seconds=probe["seconds"],
        problem=probe["problem"] or "",
        remedy=probe["remedy"] or "",
        permission=probe["permission"] or "",
        role=probe.get("role") or "",
    )
