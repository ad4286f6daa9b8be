"""Keys, hosts and the Content-Security-Policy of the pages."""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from seatbeacon.beacon.secrets.keys import load_key_ring

if TYPE_CHECKING:
    from wsgiref.headers import Headers

    from seatbeacon.beacon.settings import Settings

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def web_secret_keys(settings: Settings) -> list[str]:
    """Django's signing keys, one per key of the key ring, newest first; makes the key ring at first use.

    Each is derived with HMAC-SHA256 under a name of its own: it tells nothing of the key that seals secrets.
    """
    ring = load_key_ring(settings)
    return [
        base64.b64encode(hmac.digest(key.value, b"seatbeacon web signing key", hashlib.sha256)).decode()
        for key in ring.keys
    ]


def allowed_hosts(settings: Settings) -> list[str]:
    """The host names that the pages answer to; any other is refused, so that no link is made with it."""
    hosts = [*LOOPBACK, socket.gethostname().lower()]
    if settings.base_url:
        host = urlsplit(settings.base_url).netloc.lower()
        hosts.append(host if host.startswith("[") and host.endswith("]") else host.rsplit(":", 1)[0])
    return list(dict.fromkeys([*hosts, *(settings.allowed_hosts or ())]))


def content_security_policy() -> dict[str, Any]:
    """What a page may load: our own files. No inline script or style, no frame, no form to elsewhere."""
    own = ["'self'"]
    return {
        "DIRECTIVES": {
            "default-src": ["'none'"],
            "script-src": own,
            "style-src": own,
            # Tabler draws arrows and checks as data: images, allauth its QR code.
            "img-src": ["'self'", "data:"],
            "font-src": own,
            "connect-src": own,
            "manifest-src": own,
            "form-action": own,
            "frame-ancestors": ["'none'"],
            "base-uri": ["'none'"],
        }
    }


def static_headers(headers: Headers, path: str, url: str) -> None:  # noqa: ARG001 - WhiteNoise's signature
    """Headers of every static file, for WhiteNoise."""
    headers["Cache-Control"] = "public, max-age=31536000, immutable"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
