"""Read the address on which a sign-in ended. What is wrong with it is told in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from seatbeacon.beacon.errors import AuthorizationError, AuthorizationKind
from seatbeacon.graph.endpoints import DEFAULT_PORTS

LONGEST = 16_384
"""Characters; Microsoft's codes take two thousand or so."""

WHOLE = "Copy the whole address of the page on which the sign-in ended, and paste it here."


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: `code`, or `error` with its `description`; `state` where there is one.

    `place` is scheme, host, port and path of the address; None for a bare code or a bare query.
    """

    code: str = ""
    state: str = ""
    error: str = ""
    description: str = ""
    place: tuple[str, str, int, str] | None = None


def read_address(text: str, *, code_alone: bool) -> Answer:
    """The answer in an address, or (where `code_alone` will do) in a code. Raises AuthorizationError."""
    text = _bounded(text)
    if not text:
        raise AuthorizationError(AuthorizationKind.NO_CODE, "Nothing was pasted.", WHOLE)
    if code_alone and re.fullmatch(r"[\w.~+-]{20,}", text):
        return Answer(code=text)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        problem = "What was pasted is not the address of a page."
        raise AuthorizationError(AuthorizationKind.NOT_THE_REDIRECT, problem, WHOLE)
    if parts.fragment:
        problem = "The address has a part after “#”: its answer must stand after “?” and nowhere else."
        raise AuthorizationError(AuthorizationKind.FRAGMENT, problem, f"{WHOLE} Nothing may be added to it.")
    place = (parts.scheme, parts.hostname, port or DEFAULT_PORTS[parts.scheme], parts.path or "/")
    return read_query(parts.query, place)


def read_query(query: str, place: tuple[str, str, int, str] | None = None) -> Answer:
    """The answer in the query of an address. Raises AuthorizationError where it holds none, or two."""
    try:
        values = parse_qs(_bounded(query), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        values = {}
    answer = {name: found[0] for name, found in values.items() if len(found) == 1}
    if not answer.get("code") and not answer.get("error"):
        problem = "The address holds no answer of a sign-in: there is no code in it."
        raise AuthorizationError(AuthorizationKind.NO_CODE, problem, WHOLE)
    return Answer(
        code=answer.get("code", ""),
        state=answer.get("state", ""),
        error=answer.get("error", ""),
        description=answer.get("error_description", ""),
        place=place,
    )


def is_place(place: tuple[str, str, int, str], redirect_uri: str) -> bool:
    """Whether an address is the redirect URI: scheme, host, port and path, the latter in its own case."""
    parts = urlsplit(redirect_uri)
    port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    return place == (parts.scheme, parts.hostname, port, parts.path or "/")


def _bounded(text: str) -> str:
    if len(text) > LONGEST:
        problem = f"What came back has {len(text):,} characters, and no answer of a sign-in is that long."
        raise AuthorizationError(AuthorizationKind.TOO_LONG, problem, WHOLE)
    return text.strip()
