"""Signing in on another device: for machines without a browser (RFC 8628)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from seatbeacon.graph.errors import InvalidEndpoint, SignInError
from seatbeacon.graph.retry import persist
from seatbeacon.graph.secret import Secret

from .token_request import Patience, request_tokens, token_error, token_post

if TYPE_CHECKING:
    from seatbeacon.graph.transport import Transport

    from .app import OAuthApp
    from .credentials import Credential
    from .token_set import TokenSet

_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_SLOW_DOWN = 5  # seconds more between two polls, RFC 8628 §3.5


class DeviceCode(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in under way: the person opens `verification_uri` and types `user_code`.

    `message` is Microsoft's own sentence for that; `expires_at` aware UTC; `interval` seconds between polls.
    """

    user_code: str
    verification_uri: str
    message: str
    expires_at: datetime
    interval: float
    device_code: Secret


class _Answer(msgspec.Struct):
    device_code: str
    user_code: str
    verification_uri: str
    expires_in: float = 900
    interval: float = 5
    message: str = ""


# Made at import: msgspec learns a Struct at its first use, and two threads that do so at once may crash.
_DECODER = msgspec.json.Decoder(_Answer)


def begin_device_code(app: OAuthApp, transport: Transport, *, patience: Patience | None = None) -> DeviceCode:
    """Ask for a code that a person types elsewhere. SignInError where the app may not do this."""
    endpoint = app.device_code_endpoint
    if endpoint is None:
        raise InvalidEndpoint("The connection has no device code endpoint")
    patience = patience or Patience()
    form = Secret(urlencode({"client_id": app.client_id, "scope": app.scopes}))

    def attempt() -> DeviceCode:
        now = patience.runtime.now()
        reply = transport.send(token_post(endpoint, form))
        try:
            answer = _DECODER.decode(reply.body) if reply.status == 200 else None
        except (msgspec.MsgspecError, UnicodeDecodeError):
            answer = None
        if answer is None:
            raise token_error(endpoint, reply, now, [])
        told = answer.message or f"Open {answer.verification_uri} and enter the code {answer.user_code}."
        return DeviceCode(
            user_code=answer.user_code,
            verification_uri=answer.verification_uri,
            message=told,
            expires_at=now + timedelta(seconds=answer.expires_in),
            interval=max(answer.interval, 1.0),
            device_code=Secret(answer.device_code),
        )

    return persist(attempt, policy=patience.policy, runtime=patience.runtime)


def poll_device_code(
    app: OAuthApp,
    transport: Transport,
    pending: DeviceCode,
    credential: Credential | None = None,
    *,
    patience: Patience | None = None,
) -> TokenSet:
    """Tokens once the person has signed in: polls at the pace asked for. SignInError when declined or too
    late."""
    patience = patience or Patience()
    runtime = patience.runtime
    interval = pending.interval
    while True:
        runtime.wait(interval)
        try:
            return request_tokens(
                app,
                transport,
                _GRANT,
                {"device_code": pending.device_code},
                credential=credential,
                patience=patience,
            )
        except SignInError as error:
            if error.error == "slow_down":
                interval += _SLOW_DOWN
            elif error.error != "authorization_pending":
                raise
        if runtime.now() >= pending.expires_at:
            late = SignInError(
                "Nobody signed in before the code expired", remedy="Start again, and enter the new code."
            )
            late.error, late.kind, late.what_happened = "expired_token", "start-again", late.message
            raise late
