"""Asking the token endpoint: one way for every grant, over the connection's own transport."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_token_request

from seatbeacon.graph.answers import error_of, not_json
from seatbeacon.graph.errors import GraphError, Malformed, SignInError
from seatbeacon.graph.messages import Reply, Request, describe, is_html
from seatbeacon.graph.retry import RetryPolicy, Runtime, parse_retry_after, persist
from seatbeacon.graph.secret import Secret, mask

from .aadsts import sign_in_error
from .certificate import ASSERTION_TYPE, ClientCertificate
from .credentials import ClientSecret, Credential
from .token_set import TokenSet, read_token_set

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from seatbeacon.graph.transport import Transport

    from .app import OAuthApp


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long and by which clock the token endpoint is retried. A person may be waiting: two minutes."""

    policy: RetryPolicy = RetryPolicy(give_up_after=120.0)
    runtime: Runtime = Runtime()


class OAuthFault(msgspec.Struct, frozen=True):
    """An error of the token endpoint (RFC 6749 §5.2, with Entra ID's additions)."""

    error: str
    error_description: str = ""
    error_codes: tuple[int, ...] = ()
    suberror: str = ""
    claims: str | None = None
    trace_id: str | None = None
    correlation_id: str | None = None


# Made at import: msgspec learns a Struct at its first use, and two threads that do so at once may crash.
_FAULT = msgspec.json.Decoder(OAuthFault)


def request_tokens(
    app: OAuthApp,
    transport: Transport,
    grant_type: str,
    parameters: Mapping[str, str | Secret | None],
    *,
    credential: Credential | None = None,
    patience: Patience | None = None,
) -> TokenSet:
    """Ask `app.token_endpoint` for tokens with one grant. Without a credential none is sent.

    SignInError where Entra ID refuses; what may pass (429, 5xx, transient AADSTS codes, a broken connection)
    is retried first. NotJson for a web page, Malformed for JSON without a token.
    """
    patience = patience or Patience()
    runtime = patience.runtime

    def attempt() -> TokenSet:
        now = runtime.now()
        # A new assertion each time: it may be used once and lives for minutes.
        form = _form(app, grant_type, parameters, credential, now)
        reply = transport.send(token_post(app.token_endpoint, form))
        if reply.status == 200:
            tokens = read_token_set(reply.body, now)
            if tokens is not None:
                return tokens
        secrets = [value for value in parameters.values() if isinstance(value, Secret)]
        raise token_error(app.token_endpoint, reply, now, secrets)

    return persist(attempt, policy=patience.policy, runtime=runtime)


def token_post(endpoint: str, form: Secret) -> Request:
    """The POST of a form to one of Entra ID's endpoints."""
    return Request(
        method="POST",
        url=endpoint,
        headers={"Accept": "application/json"},
        form=form,
        shown=describe("POST", endpoint),
    )


def token_error(endpoint: str, reply: Reply, now: datetime, secrets: list[Secret]) -> GraphError:
    """What an answer of a token (or device code) endpoint means that holds no token."""
    shown = describe("POST", endpoint)
    fault = read_oauth_fault(reply.body)
    if fault is not None and reply.status != 429:
        error: GraphError = sign_in_error(
            error=fault.error,
            description=mask(fault.error_description, *secrets),
            codes=fault.error_codes,
            request=shown,
            status=reply.status,
            request_id=fault.trace_id or reply.headers.get("x-ms-request-id"),
        )
        error.retryable = error.retryable or reply.status >= 500
        error.retry_after = parse_retry_after(reply.headers.get("retry-after"), now)
        return error
    if is_html(reply.headers, reply.body):
        return not_json(reply.headers, reply.body, request=shown, status=reply.status)
    if reply.status == 200:
        if _is_json(reply.body):
            return Malformed(
                "The token endpoint answered without a token",
                request=shown,
                status=200,
                remedy="Check that the token endpoint is Microsoft Entra ID's (…/oauth2/v2.0/token).",
            )
        return not_json(reply.headers, reply.body, request=shown)
    return _refusal(endpoint, reply, now, shown)


def read_oauth_fault(body: bytes) -> OAuthFault | None:
    """The error object of the token endpoint, or None where the body is none."""
    try:
        return _FAULT.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _refusal(endpoint: str, reply: Reply, now: datetime, shown: str) -> GraphError:
    """A status without OAuth's error: what may pass keeps its kind, all else means no token."""
    error = error_of(
        status=reply.status, headers=reply.headers, body=reply.body, url=endpoint, request=shown, now=now
    )
    if error.retryable:
        error.message = error.message.replace("Graph", "The token endpoint", 1)
        return error
    refused = SignInError(
        "The token endpoint refused the request without saying why",
        request=shown,
        status=reply.status,
        code=error.code,
        request_id=error.request_id,
        remedy="Check the token endpoint of the connection.",
    )
    refused.what_happened = refused.message
    return refused


def _form(
    app: OAuthApp,
    grant_type: str,
    parameters: Mapping[str, str | Secret | None],
    credential: Credential | None,
    now: datetime,
) -> Secret:
    plain = {
        name: value.reveal() if isinstance(value, Secret) else value
        for name, value in parameters.items()
        if value
    }
    if isinstance(credential, ClientCertificate):
        assertion = credential.assertion(client_id=app.client_id, audience=app.token_endpoint, now=now)
        plain |= {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion.reveal()}
    body = prepare_token_request(grant_type, **plain)
    secret = credential.value.reveal() if isinstance(credential, ClientSecret) else None
    method = "client_secret_post" if secret else "none"
    auth = ClientAuth(app.client_id, secret, method)
    _, _, body = auth.prepare("POST", app.token_endpoint, {}, body)
    return Secret(body)


def _is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    return True
