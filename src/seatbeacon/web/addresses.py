"""The addresses under which people reach the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def address_of(request: HttpRequest, path: str) -> str:
    """The whole address of `path`: below SEATBEACON_BASE_URL, or below the address that was called."""
    return f"{settings.BASE_URL}{path}" if settings.BASE_URL else request.build_absolute_uri(path)
