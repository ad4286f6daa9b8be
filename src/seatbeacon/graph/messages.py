"""What is sent and what comes back, without the sending."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import msgspec

from .endpoints import origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .secret import Secret

# Page tokens are long and say nothing to a person; signatures and codes are secret.
_PAGE_TOKEN = re.compile(r"((?:skip|delta)token=)[^&]+", re.IGNORECASE)
_LONGEST_QUERY = 300


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request. Secrets stand in fields of their own, so that nothing that prints headers prints them.

    `bearer` becomes the Authorization header, `form` a body of type application/x-www-form-urlencoded.
    `shown` is how the request is named in messages (`describe`).
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = {}
    bearer: Secret | None = None
    form: Secret | None = None
    shown: str = ""

    @property
    def name(self) -> str:
        """The request as it may stand in a message."""
        return self.shown or describe(self.method, self.url)


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A whole answer. `headers` has lower-case names; `body` is decompressed, `wire_bytes` what was
    transferred."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    wire_bytes: int = 0


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """An answer whose body is still to come, in decompressed `chunks` of up to about a megabyte."""

    status: int
    headers: Mapping[str, str]
    chunks: Iterator[bytes]


def describe(method: str, url: str, root: str | None = None) -> str:
    """`GET /v1.0/users?$top=999` for a URL under the Graph `root`, else `GET https://host/path` without its
    query.

    Elsewhere the query may be what authenticates (a report's pre-authenticated link), so it is not shown.
    """
    parts = urlsplit(url)
    if root is None or origin(url) != origin(root):
        return f"{method} {parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    if not parts.query:
        return f"{method} {parts.path}"
    query = _PAGE_TOKEN.sub(r"\1…", unquote(parts.query))
    if len(query) > _LONGEST_QUERY:
        query = f"{query[:_LONGEST_QUERY]}…"
    return f"{method} {parts.path}?{query}"


def is_html(headers: Mapping[str, str], beginning: bytes) -> bool:
    """Whether an answer is a web page, by its type or by how it begins."""
    if "html" in headers.get("content-type", "").lower():
        return True
    start = beginning[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script"))
