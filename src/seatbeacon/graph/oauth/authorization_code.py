"""A person signs in with the browser; the code that comes back is redeemed (RFC 6749 §4.1, PKCE RFC 7636)."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import msgspec
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from seatbeacon.graph.errors import InvalidEndpoint, SignInError
from seatbeacon.graph.secret import Secret

from .aadsts import sign_in_error
from .app import delegated_scopes
from .token_request import Patience, request_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seatbeacon.graph.transport import Transport

    from .app import OAuthApp
    from .credentials import Credential
    from .token_set import TokenSet

_AGAIN = "Start the sign-in again (Generate…), and paste the whole address of the page it ends on."


class PendingAuthorization(msgspec.Struct, frozen=True):
    """A sign-in under way: `url` to open, `state` that must come back, `code_verifier` to keep until then.

    Good for one redemption; a code lives about ten minutes.
    """

    url: str
    state: str
    code_verifier: Secret


def begin_authorization(
    app: OAuthApp,
    *,
    prompt: str | None = "select_account",
    login_hint: str | None = None,
    extra_scopes: Iterable[str] = (),
) -> PendingAuthorization:
    """The address where a person signs in. `extra_scopes` are further permissions by name.

    InvalidEndpoint where the app has no authorization endpoint or no redirect URI.
    """
    if not app.authorization_endpoint:
        raise InvalidEndpoint("The connection has no authorization endpoint")
    if not app.redirect_uri:
        raise InvalidEndpoint("The connection has no redirect URI", remedy="Enter the app's redirect URI.")
    verifier = Secret(generate_token(64))
    state = generate_token(32)
    url: str = prepare_grant_uri(
        app.authorization_endpoint,
        app.client_id,
        "code",
        redirect_uri=app.redirect_uri,
        scope=delegated_scopes(app.graph_root, dict.fromkeys([*app.extra_scopes, *extra_scopes])),
        state=state,
        response_mode="query",
        code_challenge=create_s256_code_challenge(verifier.reveal()),
        code_challenge_method="S256",
        prompt=prompt,
        login_hint=login_hint,
    )
    return PendingAuthorization(url=url, state=state, code_verifier=verifier)


def redeem_code(
    app: OAuthApp,
    transport: Transport,
    pending: PendingAuthorization,
    redirected: str,
    credential: Credential | None = None,
    *,
    patience: Patience | None = None,
) -> TokenSet:
    """Tokens for the sign-in `pending`.

    `redirected` is the whole address the browser ended on, or the code alone (the verifier still binds it to
    this sign-in). SignInError where it tells of a refusal, or belongs to another sign-in.
    """
    parameters = {
        "code": read_code(redirected, pending.state),
        "redirect_uri": app.redirect_uri,
        "scope": app.scopes,
        "code_verifier": pending.code_verifier,
    }
    return request_tokens(
        app, transport, "authorization_code", parameters, credential=credential, patience=patience
    )


def read_code(redirected: str, state: str) -> Secret:
    """The code in the address a sign-in ended on, its `state` checked; text without `=` or `/` is a code
    itself."""
    text = redirected.strip()
    if not text:
        raise _refused("Nothing was pasted")
    if "=" not in text and "://" not in text:
        return Secret(text)
    parts = urlsplit(text)
    query = parts.query or parts.fragment or text
    values = {name: found[0] for name, found in parse_qs(query).items()}
    if "error" in values:
        raise sign_in_error(
            error=values["error"], description=values.get("error_description", ""), request="Sign-in"
        )
    code = values.get("code")
    if not code:
        raise _refused("The address holds no code")
    if not hmac.compare_digest(values.get("state", "").encode(), state.encode()):
        raise _refused("The address belongs to another sign-in than the one that was started here")
    return Secret(code)


def _refused(what: str) -> SignInError:
    error = SignInError(what, request="Sign-in", remedy=_AGAIN)
    error.kind, error.what_happened = "start-again", what
    return error
