"""The client's address where reverse proxies stand in front."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class TrustedProxies:
    """Believes X-Forwarded-For as far as SEATBEACON_TRUSTED_PROXIES says, and not at all by default.

    Each proxy adds the address it was called from at the end, so that with N proxies the client's is the
    N-th from the right; whatever a client wrote there itself stands further left.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set REMOTE_ADDR to the client's address."""
        address = forwarded_address(request.META.get("HTTP_X_FORWARDED_FOR", ""), settings.TRUSTED_PROXIES)
        if address:
            request.META["REMOTE_ADDR"] = address
        return self.get_response(request)


def forwarded_address(header: str, proxies: int) -> str | None:
    """The address that the outermost of `proxies` trusted proxies saw, or None where it cannot be told."""
    parts = [part.strip() for part in header.split(",") if part.strip()]
    if proxies < 1 or len(parts) < proxies:
        return None
    try:
        return str(ipaddress.ip_address(parts[-proxies]))
    except ValueError:
        return None
