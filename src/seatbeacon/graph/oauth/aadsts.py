"""Entra ID's error numbers, from `aadsts.toml`: what happened and what to do."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from seatbeacon.graph.errors import SignInError

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBER = re.compile(r"AADSTS(\d{4,10})")
_TRACE = re.compile(r"\s*(Trace ID|Correlation ID|Timestamp)\s*:.*", re.DOTALL)
_LONGEST_WORDS = 300


class Meaning(msgspec.Struct, frozen=True):
    """What one error means: `kind` sorts it (the list stands in the table), `what` happened, what to `do`."""

    kind: str
    what: str
    do: str


class _Entry(Meaning, frozen=True):
    codes: tuple[int, ...] = ()
    ranges: tuple[tuple[int, int], ...] = ()


class _Table(msgspec.Struct, frozen=True):
    code: tuple[_Entry, ...]
    error: dict[str, Meaning]


# Made at import: msgspec learns a Struct at its first use, and two threads that do so at once may crash.
_DECODER = msgspec.json.Decoder(_Table)


@cache
def table() -> _Table:
    """The whole table, read once."""
    text = files(__package__).joinpath("aadsts.toml").read_text(encoding="utf-8")
    return _DECODER.decode(msgspec.json.encode(tomllib.loads(text)))


def meaning_of(code: int | None, error: str) -> Meaning | None:
    """What AADSTS number `code`, or else OAuth's word `error`, means; None where the table has neither."""
    if code is not None:
        for entry in table().code:
            if code in entry.codes or any(low <= code <= high for low, high in entry.ranges):
                return entry
    return table().error.get(error)


def is_transient(code: int | None, error: str) -> bool:
    """Whether asking again may help."""
    meaning = meaning_of(code, error)
    return meaning is not None and meaning.kind == "transient"


def sign_in_error(
    *,
    error: str,
    description: str = "",
    codes: Iterable[int] = (),
    request: str,
    status: int | None = None,
    request_id: str | None = None,
) -> SignInError:
    """The SignInError for an error of the token endpoint or of a redirect.

    `codes` are the answer's `error_codes`; without them the number is read off `description`, whose words are
    used only where the table has none.
    """
    code = _code(codes, description)
    meaning = meaning_of(code, error)
    words = _TRACE.sub("", description).strip()[:_LONGEST_WORDS]
    what = meaning.what if meaning else words or "Microsoft Entra ID gave no token"
    remedy = meaning.do if meaning else _look_up(code)
    failure = SignInError(
        what,
        request=request,
        status=status,
        code=f"AADSTS{code}" if code is not None else error[:100] or None,
        request_id=request_id[:100] if request_id else None,
        remedy=remedy,
        retryable=is_transient(code, error),
    )
    failure.aadsts, failure.error, failure.what_happened = code, error[:100], what
    failure.kind = meaning.kind if meaning else "unknown"
    return failure


def _code(codes: Iterable[int], description: str) -> int | None:
    numbers = list(codes)
    known = [number for number in numbers if meaning_of(number, "") is not None]
    found = _NUMBER.search(description)
    if known or numbers:
        return (known or numbers)[0]
    return int(found[1]) if found else None


def _look_up(code: int | None) -> str:
    if code is None:
        return "Check the connection's endpoints and client id, then sign in again."
    return f"Look the code up at https://login.microsoftonline.com/error?code={code}."
