"""What a route answers, before faults and the wire have their say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

JSON_TYPE = (
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
)


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Where a page of a listing stands, so that a fault can tell it differently."""

    offset: int
    link_to: Callable[[int], str]
    """The next link to a position of the same listing."""
    objects: Callable[[int, int], list[Any]]
    """The objects from one position to another."""


@dataclass(frozen=True, slots=True)
class StoredBody:
    """A body that stands in a file: `packed` bytes of gzip at `start`, which unzip to `size` bytes."""

    open: Callable[[], BinaryIO]
    start: int
    packed: int
    size: int


@dataclass(slots=True)
class Reply:
    """Status, headers and body; `packed` is the same body in gzip where that is at hand."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON_TYPE
    headers: dict[str, str] = field(default_factory=dict)
    packed: bytes | None = None
    stored: StoredBody | None = None
    page: PageFacts | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came: `role` is login, graph or download; `headers` have lower-case names."""

    role: str
    method: str
    target: str
    path: str
    """Percent-decoded, without the query."""
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes = b""

    def parameter(self, name: str) -> str | None:
        """The first query parameter of that name."""
        return next((value for key, value in self.query if key == name), None)


def request_of(role: str, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Request:
    """The request for a target (path with query) as it stands on a request line."""
    parts = urlsplit(target)
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    return Request(role, method, target, unquote(parts.path), query, headers, body)


def json_reply(value: object, status: int = 200, content_type: str = JSON_TYPE, **headers: str) -> Reply:
    """`value` as JSON; header names are given with underscores."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status, msgspec.json.encode(value), content_type, named)
