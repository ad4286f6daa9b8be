"""Where a page ended: an opaque text that the next page begins after."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from seatbeacon.inventory.errors import InvalidQuery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seatbeacon.inventory.listings import Column

_TYPES: dict[str, object] = {
    "text": str | None,
    "texts": list[str | None] | None,
    "number": int | None,
    "money": Decimal | None,
    "date": date | None,
    "time": datetime | None,
    "boolean": bool | None,
}
_DIGEST = 8  # bytes: tells a cursor of another question, and one that was cut or mistyped
_LONGEST = 16_384


@dataclass(frozen=True)
class Term:
    """One part of an order."""

    column: Column
    descending: bool


def encode(question: str, values: Sequence[object]) -> str:
    """The cursor that stands after a row whose order terms have `values`, of the question so described."""
    body = msgspec.json.encode(list(values))
    return base64.urlsafe_b64encode(_digest(question, body) + body).rstrip(b"=").decode()


def decode(cursor: str, question: str, terms: Sequence[Term]) -> list[object]:
    """The values of a cursor, each of its term's type. Raises `InvalidQuery` for one that is damaged, made up
    or of another question."""
    wrong = InvalidQuery(
        "The cursor is not of this list, or was changed.", "Begin again without it, with the same order."
    )
    if len(cursor) > _LONGEST or not cursor.isascii():
        raise wrong
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise wrong from error
    digest, body = raw[:_DIGEST], raw[_DIGEST:]
    if digest != _digest(question, body):
        raise wrong
    kinds = tuple(_TYPES[term.column.type] for term in terms)
    try:
        return list(msgspec.json.decode(body, type=tuple.__class_getitem__(kinds)))
    except msgspec.MsgspecError as error:
        raise wrong from error


def _digest(question: str, body: bytes) -> bytes:
    return hashlib.blake2s(question.encode() + b"\0" + body, digest_size=_DIGEST).digest()
