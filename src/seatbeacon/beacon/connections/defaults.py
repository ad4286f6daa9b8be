"""What a new connection's fields hold before anybody types.

The cloud's own addresses stand in `graph.clouds`; for the global cloud they and the client id are those of
FlexNet Manager Suite's multi-tenant app, as its documentation gives them (`facts/the-system.md` §1).
"""

from __future__ import annotations

CLIENT_ID = "5bb1a5a2-0d97-4335-9448-119f7b27aff9"
DEFAULT_CLOUD = "global"
TOKEN_PATH = "/oauth2/v2.0/token"  # noqa: S105 - a path, not a secret
AUTHORIZE_PATH = "/oauth2/v2.0/authorize"
MULTI_TENANT = ("common", "organizations", "consumers")
"""Tenant names of Microsoft's login addresses that stand for no single tenant."""


def authorization_endpoint_beside(token_endpoint: str) -> str | None:
    """The authorization endpoint beside a token endpoint of Microsoft's shape, else None."""
    if token_endpoint.endswith(TOKEN_PATH):
        return token_endpoint.removesuffix(TOKEN_PATH) + AUTHORIZE_PATH
    return None
