"""Pages of a listing: the envelope is read, the objects in it stay the bytes they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from .answers import not_json
from .errors import Malformed

if TYPE_CHECKING:
    from .messages import Reply

_OBJECT = ord("{")
_PIECE = 1 << 14  # bytes


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One page. `items` are JSON objects as Graph sent them (`bytes(item)`, or written as they are: they are
    buffers); `next_link` is checked already; `count` is the first page's `@odata.count`, if it was asked for;
    `number` begins at 1; `wire_bytes` as transferred."""

    items: list[msgspec.Raw]
    next_link: str | None = None
    count: int | None = None
    number: int = 1
    wire_bytes: int = 0


class Envelope(msgspec.Struct, frozen=True):
    """What stands around the objects of a page (Microsoft Graph: paging)."""

    value: list[msgspec.Raw]
    next_link: str | None = msgspec.field(default=None, name="@odata.nextLink")
    count: int | None = msgspec.field(default=None, name="@odata.count")


_DECODER = msgspec.json.Decoder(Envelope)


def read_envelope(reply: Reply, *, request: str) -> Envelope:
    """The envelope of a page. NotJson and Malformed for what is none."""
    check_text(reply, request=request)
    try:
        envelope = _DECODER.decode(reply.body)
    except msgspec.ValidationError:
        problem = "The answer is no page of a listing"
    except (msgspec.DecodeError, RecursionError):
        raise not_json(reply.headers, reply.body, request=request) from None
    else:
        if all(memoryview(item)[0] == _OBJECT for item in envelope.value):
            return envelope
        problem = "The listing holds something that is no object"
    raise Malformed(problem, request=request, request_id=reply.headers.get("request-id"))


def read_object(reply: Reply, *, request: str) -> bytes:
    """The body, if it is one JSON object. NotJson and Malformed otherwise."""
    check_text(reply, request=request)
    try:
        msgspec.json.decode(reply.body, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        problem = Malformed("The answer is not an object", request=request)
    except (msgspec.DecodeError, RecursionError):
        raise not_json(reply.headers, reply.body, request=request) from None
    else:
        return reply.body
    raise problem


def read_count(reply: Reply, *, request: str) -> int:
    """The number that a `$count` answers with, as plain text, with or without a byte order mark."""
    text = reply.body.removeprefix(b"\xef\xbb\xbf").strip()
    if text.isdigit() and len(text) < 19:
        return int(text)
    raise not_json(reply.headers, reply.body, request=request)


def check_text(reply: Reply, *, request: str) -> None:
    """NotJson unless the body is UTF-8: msgspec does not look at the bytes of what it leaves raw."""
    body = reply.body
    if body.isascii():
        return
    try:
        # Piece by piece: as text a page takes up to four times its bytes, and fresh memory costs more than
        # decoding. A quote never stands inside a character.
        start = 0
        while start < len(body):
            end = body.find(b'"', start + _PIECE) + 1 or len(body)
            body[start:end].decode()
            start = end
    except UnicodeDecodeError:
        pass
    else:
        return
    raise not_json(reply.headers, reply.body, request=request)
