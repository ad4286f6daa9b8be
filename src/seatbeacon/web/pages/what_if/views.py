"""Thresholds moved, and what the rules would then find."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_POST

from seatbeacon.beacon.errors import InvalidDecision
from seatbeacon.beacon.savings.rule_settings import keep_thresholds, set_apart
from seatbeacon.beacon.savings.what_if import compare, movables
from seatbeacon.beacon.settings import load_settings
from seatbeacon.optimization.phrases import plain
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.models import User
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
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
        "kept": _pairs(moved),
        "keep": _keep_address(frame),
        "may_keep": isinstance(request.user, User) and request.user.allows(Role.OPERATOR),
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


@requires(Role.OPERATOR)
@require_POST
@framed("What if")
def keep(request: HttpRequest, frame: Frame) -> HttpResponse:
    """Let the thresholds that were moved stand, for the tenant or (`for=all`) for all of them."""
    frame = without_day(frame)
    settings, version = load_settings(), frame.chosen.version
    form = ThresholdsForm(request.POST.dict(), movables(settings, version))
    moved = form.moved() if form.is_valid() else {}
    everywhere = not frame.chosen.several or request.POST.get("for") == "all"
    if not moved:
        messages.error(request, "Nothing was kept: no threshold was moved within its bounds.")
        return redirect(_address(frame, {}))
    tenant_id = None if everywhere else version.tenant_id
    try:
        keep_thresholds(settings, moved, tenant_id=tenant_id, actor=actor_of(request))
    except InvalidDecision as error:
        messages.error(request, f"Nothing was kept: {error}")
        return redirect(_address(frame, moved))
    count = sum(len(each) for each in moved.values())
    told = f"{count} threshold{'' if count == 1 else 's'} kept. It is judged by within seconds."
    apart = set_apart(moved) if everywhere and frame.chosen.several else []
    if apart:
        names = ", ".join(one.display_name for one in apart)
        told += f" A setting of their own stays with: {names}."
    messages.success(request, told)
    query = "" if everywhere else f"?{urlencode({'tenant': version.tenant_id})}"
    return redirect(reverse("rules") + query)


def _keep_address(frame: Frame) -> str:
    query = f"?{urlencode({'tenant': frame.chosen.named})}" if frame.chosen.named else ""
    return reverse("what-if-keep") + query


def _pairs(moved: Mapping[str, Mapping[str, float]]) -> list[tuple[str, str]]:
    """Thresholds as the form has them: name and value of each."""
    return [(f"{rule}.{name}", plain(value)) for rule, each in moved.items() for name, value in each.items()]


def _address(frame: Frame, moved: Mapping[str, Mapping[str, float]]) -> str:
    """The address of the page with these thresholds."""
    pairs = [("tenant", frame.chosen.named)] if frame.chosen.named else []
    pairs += _pairs(moved)
    return reverse("what-if") + (f"?{urlencode(pairs)}" if pairs else "")
