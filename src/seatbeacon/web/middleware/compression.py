"""Pages go compressed over the wire. Files do not: an export's length is told, and it is sent as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.middleware.gzip import GZipMiddleware

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase


class CompressPages(GZipMiddleware):
    """Compresses what is answered whole, as HTML or JSON, for who accepts gzip.

    Secrets of a page cannot be guessed from its compressed length (BREACH): the CSRF token is masked anew in
    each answer, and Django adds some random bytes.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress, or leave as it is."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in {"text/html", "application/json"}:
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
