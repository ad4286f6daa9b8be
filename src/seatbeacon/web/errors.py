"""The pages for what went wrong, in our words."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING

from django.shortcuts import render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - may hold input
    """400: what was sent cannot be read."""
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the role does not reach. Our own refusals say which one does."""
    return render(request, "errors/403.html", {"reason": str(exception)[:300]}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - names our routes
    """404."""
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours. The number on the page is the one in the log."""
    number = secrets.token_hex(4)
    logger.error("Fault %s at %s %s", number, request.method, request.path)
    return render(request, "errors/500.html", {"number": number}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - for programmers
    """403: a form that this site did not make, or whose session has ended."""
    return render(request, "errors/csrf.html", status=403)
