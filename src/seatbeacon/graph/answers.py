"""From an answer that is no success to the error it means. Pure: an answer goes in, an error comes out."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

import msgspec

from .endpoints import shown
from .errors import (
    GraphError,
    NotFound,
    NotJson,
    NotSupported,
    PageTokenExpired,
    PermissionDenied,
    PremiumRequired,
    Refused,
    ServiceUnavailable,
    Throttled,
    Unauthorized,
)
from .messages import is_html
from .permissions import how_to_allow, permission_for, role_for
from .retry import parse_retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_PREMIUM_CODE = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
_EXPIRED_PAGE = re.compile(r"expiredpagetoken|skip_?token|syncstate|resyncrequired|deltatoken", re.IGNORECASE)
_CLAIMS = re.compile(r'claims="([^"]+)"', re.IGNORECASE)
_LONGEST_WORDS = 300


class GraphFault(msgspec.Struct, frozen=True):
    """What Graph says about an error: its code, its words, and the id that support asks for."""

    code: str | None = None
    message: str = ""
    request_id: str | None = None


class _InnerError(msgspec.Struct, rename={"request_id": "request-id"}):
    request_id: str | None = None


class _Error(msgspec.Struct, rename={"inner_error": "innerError"}):
    code: str | None = None
    message: str | None = None
    inner_error: _InnerError | None = None


class _Envelope(msgspec.Struct):
    error: _Error


# Made at import: msgspec learns a Struct at its first use, and two threads that do so at once may crash.
_DECODER = msgspec.json.Decoder(_Envelope)


def read_fault(headers: Mapping[str, str], body: bytes) -> GraphFault:
    """The `error` object of Graph's answer; with only the request-id of the headers where there is none."""
    request_id = headers.get("request-id") or headers.get("x-ms-request-id")
    try:
        error = _DECODER.decode(body).error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return GraphFault(request_id=_short(request_id))
    inner = error.inner_error.request_id if error.inner_error else None
    return GraphFault(
        code=_short(error.code), message=_words(error.message or ""), request_id=_short(request_id or inner)
    )


def error_of(
    *,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    url: str,
    request: str,
    now: datetime,
    app_only: bool | None = None,
) -> GraphError:
    """The error that an answer with a status other than 200 means.

    `request` is how messages name it, `now` (aware UTC) what a `Retry-After` date is seen from, `app_only`
    whether an app signed in by itself. The error is to be raised by the caller.
    """
    fault = read_fault(headers, body)
    kind = _kind(status, fault)
    error = kind(
        _sentence(kind, fault),
        request=request,
        status=status,
        code=fault.code,
        request_id=fault.request_id,
        retry_after=parse_retry_after(headers.get("retry-after"), now),
    )
    if isinstance(error, PermissionDenied):
        error.permission = permission_for(url)
        error.role = None if app_only else role_for(url)
        error.remedy = how_to_allow(url, app_only=app_only)
    if fault.code is None and not error.retryable and is_html(headers, body):
        return not_json(headers, body, request=request, status=status)
    if 300 <= status < 400:
        return _redirected(headers, request=request, status=status)
    return error


def not_json(headers: Mapping[str, str], body: bytes, *, request: str, status: int = 200) -> NotJson:
    """The error for an answer that should have been JSON and is a web page, or nothing, or broken."""
    if is_html(headers, body):
        return NotJson(
            "A web page came instead of JSON, most likely a proxy's login page",
            request=request,
            status=status,
        )
    what = "is empty" if not body.strip() else "is not valid JSON"
    return NotJson(
        f"The answer {what}",
        request=request,
        status=status,
        request_id=_short(headers.get("request-id")),
        remedy="Try again; if it persists, look at what stands between this machine and Microsoft (a proxy).",
    )


def claims_challenge(headers: Mapping[str, str]) -> str | None:
    """The JSON of a claims challenge in `WWW-Authenticate`, to be passed on as `claims`; None without one.

    Microsoft Entra: claims challenges (`error="insufficient_claims", claims="<base64 of JSON>"`).
    """
    challenge = headers.get("www-authenticate", "")
    found = _CLAIMS.search(challenge)
    if "insufficient_claims" not in challenge or found is None:
        return None
    text = found[1].replace("-", "+").replace("_", "/")
    try:
        claims = base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode()
        msgspec.json.decode(claims.encode(), type=dict[str, msgspec.Raw])
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        return None
    return claims


def _kind(status: int, fault: GraphFault) -> type[GraphError]:
    code = fault.code or ""
    if status == 410 or (400 <= status < 500 and _EXPIRED_PAGE.search(f"{code} {_if_bad(status, fault)}")):
        return PageTokenExpired
    if status == 403 and code == _PREMIUM_CODE:
        return PremiumRequired
    by_status: dict[int, type[GraphError]] = {
        400: NotSupported,
        401: Unauthorized,
        403: PermissionDenied,
        404: NotFound,
        408: ServiceUnavailable,
        429: Throttled,
        501: NotSupported,
    }
    return by_status.get(status, ServiceUnavailable if status >= 500 else Refused)


def _if_bad(status: int, fault: GraphFault) -> str:
    # Only a 400 is read by its words as well: "skiptoken" may stand in other refusals' words by chance.
    return fault.message if status == 400 else ""


def _sentence(kind: type[GraphError], fault: GraphFault) -> str:
    sentences: dict[type[GraphError], str] = {
        Throttled: "Graph asks for fewer requests",
        ServiceUnavailable: "Graph is not available just now",
        Unauthorized: "Graph does not accept the token, not even a new one",
        PermissionDenied: "Graph does not allow this",
        PremiumRequired: "The tenant has no Microsoft Entra ID P1 or P2 license, which this needs",
        NotFound: "Graph has nothing there",
        NotSupported: "Graph does not take this request",
        PageTokenExpired: "The link to the next page is no longer good",
        Refused: "Graph refused the request",
    }
    sentence = sentences[kind]
    return f"{sentence}: {fault.message}" if fault.message and kind is not PremiumRequired else sentence


def _redirected(headers: Mapping[str, str], *, request: str, status: int) -> NotJson:
    place = shown(headers.get("location", "")) or "nowhere"
    return NotJson(f"A redirect to {place} came instead of JSON", request=request, status=status)


def _words(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_WORDS else f"{text[:_LONGEST_WORDS]}…"


def _short(text: str | None) -> str | None:
    return text[:100] if text else None
