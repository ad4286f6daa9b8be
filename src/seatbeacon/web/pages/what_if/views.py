"""Thresholds moved, and what the rules would then find."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from seatbeacon.beacon.savings.what_if import compare, movables
from seatbeacon.beacon.settings import load_settings
from seatbeacon.optimization.phrases import plain
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.chargeback.views import without_day
from seatbeacon.web.pages.details.frame import Frame, framed
from seatbeacon.web.pages.what_if.forms import ThresholdsForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse


@requires(Role.VIEWER)
@require_GET
@framed("What if")
def what_if(request: HttpRequest, frame: Frame) -> HttpResponse:
    """The form with what its thresholds would find; only that where htmx asks. Nothing is changed by it."""
    frame = without_day(frame)
    settings, version = load_settings(), frame.chosen.version
    known = movables(settings, version)
    form = ThresholdsForm(request.GET.dict(), known)
    valid = form.is_valid()
    moved = form.moved() if valid else {}
    address = _address(frame, moved)
    context = frame.context() | {
        "title": "What if",
        "lead": "Move the thresholds of rules and see what they would find. Nothing is changed by it.",
        "form": form,
        "compared": compare(settings, version, moved, at_once=True) if valid else None,
        "moved": moved,
        "nothing_moved": _address(frame, {}),
        "recommendations": reverse("recommendations")
        + (f"?tenant={frame.chosen.named}&" if frame.chosen.named else "?"),
    }
    if request.headers.get("HX-Request") == "true":
        answer = render(request, "what_if/_result.html", context)
        if valid:
            answer["HX-Replace-Url"] = address
    else:
        answer = render(request, "what_if/what_if.html", context, status=200 if valid else 400)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _address(frame: Frame, moved: Mapping[str, Mapping[str, float]]) -> str:
    """The address of the page with these thresholds."""
    pairs = [("tenant", frame.chosen.named)] if frame.chosen.named else []
    pairs += [
        (f"{rule}.{name}", plain(value)) for rule, each in moved.items() for name, value in each.items()
    ]
    return reverse("what-if") + (f"?{urlencode(pairs)}" if pairs else "")
