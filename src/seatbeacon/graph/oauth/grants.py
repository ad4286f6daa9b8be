"""The grants that need no person: a refresh token, and an app's own credential."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .app import app_only_scope
from .token_request import Patience, request_tokens

if TYPE_CHECKING:
    from seatbeacon.graph.secret import Secret
    from seatbeacon.graph.transport import Transport

    from .app import OAuthApp
    from .credentials import Credential
    from .token_set import TokenSet


def refresh(
    app: OAuthApp,
    transport: Transport,
    refresh_token: Secret,
    credential: Credential | None = None,
    claims: str | None = None,
    *,
    patience: Patience | None = None,
) -> TokenSet:
    """New tokens for a refresh token. A new refresh token in the answer replaces the old one: store it first.

    `claims` is the JSON of a claims challenge. SignInError where a person has to sign in again.
    """
    parameters: dict[str, str | Secret | None] = {
        "refresh_token": refresh_token,
        "scope": app.scopes,
        "claims": claims,
    }
    return request_tokens(
        app, transport, "refresh_token", parameters, credential=credential, patience=patience
    )


def client_credentials(
    app: OAuthApp,
    transport: Transport,
    credential: Credential,
    claims: str | None = None,
    *,
    patience: Patience | None = None,
) -> TokenSet:
    """A token for the app itself, by its secret or certificate. No refresh token comes with it."""
    parameters = {"scope": app_only_scope(app.graph_root), "claims": claims}
    return request_tokens(
        app, transport, "client_credentials", parameters, credential=credential, patience=patience
    )
