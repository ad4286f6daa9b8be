"""Answers to programs that watch."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import TYPE_CHECKING

from django.db import DatabaseError
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from seatbeacon.beacon.settings import load_settings
from seatbeacon.web.access import public
from seatbeacon.web.pages.observation.health import health, is_ready
from seatbeacon.web.pages.observation.numbers import metrics_text

if TYPE_CHECKING:
    from django.http import HttpRequest


@public
@require_safe
def live(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """The process answers."""
    return JsonResponse({"status": "ok"})


@public
@require_safe
def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """Whether pages can be answered: 200, or 503 with what is wrong."""
    checks = health(load_settings())
    fine = is_ready(checks)
    told = {"status": "ok" if fine else "not ready", "checks": checks}
    return JsonResponse(told, status=200 if fine else 503)


@public
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers for Prometheus: to this machine, or to whoever has the token where one is set."""
    if not _may_read(request, load_settings().metrics_token):
        told = (
            "Metrics are told to this machine only. To read them from elsewhere set "
            "SEATBEACON_METRICS_TOKEN, and send it as a bearer token.\n"
        )
        return HttpResponse(told, status=403, content_type="text/plain; charset=utf-8")
    try:
        return HttpResponse(metrics_text(), content_type=CONTENT_TYPE_LATEST)
    except DatabaseError:
        return HttpResponse("The database cannot be reached.\n", status=503, content_type="text/plain")


def _may_read(request: HttpRequest, token: str | None) -> bool:
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        return hmac.compare_digest(given.encode(), token.encode())
    # A proxy on this machine speaks for others, whether or not it is one that is trusted.
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
