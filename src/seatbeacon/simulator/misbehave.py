"""What a fault makes of a reply. Faults of the connection itself are played out in `wire`."""

from __future__ import annotations

import os
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import msgspec

from seatbeacon.simulator.entra.errors import SignInError
from seatbeacon.simulator.faults import CONTENT_KINDS, Fault
from seatbeacon.simulator.graph.errors import RefusedError, bad_request
from seatbeacon.simulator.graph.paging import expired_page_token
from seatbeacon.simulator.reply import Reply
from seatbeacon.simulator.spill import unpack

if TYPE_CHECKING:
    from collections.abc import Callable

_CODES = {
    "400": "Request_BadRequest",
    "403": "Authorization_RequestDenied",
    "404": "Request_ResourceNotFound",
    "410": "syncStateNotFound",
    "429": "TooManyRequests",
    "500": "InternalServerError",
    "502": "BadGateway",
    "503": "ServiceUnavailable",
    "504": "GatewayTimeout",
}
_MESSAGES = {
    "403": "Insufficient privileges to complete the operation.",
    "410": "The sync state generation is not found; continuation token is expired or invalid.",
    "429": "Please retry again later.",
    "503": "The service is temporarily unavailable. Please retry later.",
    "504": "The gateway did not receive a response from a backend.",
}
CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}'
_LOGIN_PAGE = (
    b"<!DOCTYPE html><html><head><title>Sign in to the network</title></head><body><h1>Corporate proxy</h1>"
    b"<form method='post' action='/proxy-login'><input name='user'><input name='password' "
    b"type='password'></form></body></html>"
)
_DUPLICATED = 5


def instead(fault: Fault) -> Exception | Reply | None:
    """What is answered in place of the real answer; None where the fault changes the real one or its
    delivery."""
    if fault.kind in _ANSWERS:
        return _ANSWERS[fault.kind](fault)
    if not fault.kind.isdigit():
        return None
    headers = retry_after(fault)
    code = fault.code or _CODES.get(fault.kind, "UnknownError")
    return RefusedError(
        int(fault.kind), code, fault.message or _MESSAGES.get(fault.kind, "The request failed."), headers
    )


def _token_refused(fault: Fault) -> RefusedError:
    challenge = {"WWW-Authenticate": 'Bearer realm="", error="invalid_token"'}
    message = fault.message or "Lifetime validation failed, the token is expired."
    return RefusedError(401, fault.code or "InvalidAuthenticationToken", message, challenge)


def _claims_asked(_: Fault) -> RefusedError:
    claims = b64encode(CLAIMS.encode()).decode()
    challenge = {"WWW-Authenticate": f'Bearer realm="", error="insufficient_claims", claims="{claims}"'}
    message = (
        "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: "
        "TokenIssuedBeforeRevocationTimestamp"
    )
    return RefusedError(401, "InvalidAuthenticationToken", message, challenge)


def _led_away(fault: Fault) -> Reply:
    target = fault.to or "https://login.proxy.invalid/signin?back=1"
    return Reply(302, content_type="text/html", headers={"Location": target})


_ANSWERS: dict[str, Callable[[Fault], Exception | Reply]] = {
    "aadsts": lambda fault: SignInError(int(fault.code or 70000)),
    "401": _token_refused,
    "claims": _claims_asked,
    "expired-page": lambda _: expired_page_token(),
    "html": lambda _: Reply(body=_LOGIN_PAGE, content_type="text/html; charset=utf-8"),
    "login-redirect": _led_away,
}


def retry_after(fault: Fault) -> dict[str, str]:
    """The `Retry-After` header of a fault, if it has one."""
    text = fault.retry_after
    if text is None:
        return {}
    if text.startswith("date:"):
        due = datetime.now(UTC) + timedelta(seconds=float(text[5:]))
        return {"Retry-After": format_datetime(due, usegmt=True)}
    return {"Retry-After": text}


def due(header: str) -> float:
    """The Unix time before which a request must not come again that has this `Retry-After` now."""
    try:
        return time.time() + float(header)
    except ValueError:
        return parsedate_to_datetime(header).timestamp()


def changed(fault: Fault, reply: Reply, target: str, graph_root: str, foreign_root: str) -> Reply:
    """`reply` with the content that the fault makes wrong."""
    if fault.kind not in CONTENT_KINDS:
        return reply
    if fault.kind == "bad-json":
        body = body_of(reply)
        return Reply(reply.status, body[: max(1, int(len(body) * fault.share))] or b"{", reply.content_type)
    if reply.page is None:
        raise bad_request(f"The fault '{fault.kind}' fits a listing's page only.")
    content: dict[str, Any] = msgspec.json.decode(body_of(reply))
    page, link = reply.page, "@odata.nextLink"
    if fault.kind == "empty-page":
        content["value"] = []
        content[link] = page.link_to(page.offset)
    elif fault.kind == "foreign-link":
        content[link] = page.link_to(page.offset + len(content["value"])).replace(
            graph_root, fault.to or foreign_root, 1
        )
    elif fault.kind == "repeat-link":
        content[link] = f"{graph_root}{target}"
    elif fault.kind == "duplicates":
        earlier = (
            page.objects(max(0, page.offset - _DUPLICATED), page.offset) or content["value"][:_DUPLICATED]
        )
        content["value"] = [*earlier, *content["value"]]
    else:
        content.pop(link, None)
    return Reply(reply.status, msgspec.json.encode(content), reply.content_type)


def body_of(reply: Reply) -> bytes:
    """The reply's body, unpacked."""
    if reply.packed is not None and not reply.body:
        return unpack(reply.packed)
    if reply.stored is not None:
        file = reply.stored.open()
        return unpack(os.pread(file.fileno(), reply.stored.packed, reply.stored.start))
    return reply.body
