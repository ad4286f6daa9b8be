"""What a new connection's fields hold before anybody types.

The values for the global cloud are those of FlexNet Manager Suite's multi-tenant app, as its documentation
gives them (`facts/the-system.md` §1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.graph.clouds import CLOUDS, token_endpoint

if TYPE_CHECKING:
    from seatbeacon.graph.clouds import Cloud

CLIENT_ID = "5bb1a5a2-0d97-4335-9448-119f7b27aff9"
DEFAULT_CLOUD = "global"
TOKEN_PATH = "/oauth2/v2.0/token"  # noqa: S105 - a path, not a secret
AUTHORIZE_PATH = "/oauth2/v2.0/authorize"
MULTI_TENANT = ("common", "organizations", "consumers")
"""Tenant names of Microsoft's login addresses that stand for no single tenant."""


def cloud_named(name: str) -> Cloud:
    """The cloud; KeyError where there is none of that name."""
    return CLOUDS[name]


def default_token_endpoint(cloud: Cloud, tenant: str) -> str:
    """`https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token`, on the cloud's login host."""
    return token_endpoint(cloud, tenant)


def default_redirect_uri(cloud: Cloud) -> str:
    """The cloud's native-client page, whose address the person pastes back (`facts/graph.md` §4.3)."""
    return f"{cloud.login}/common/oauth2/nativeclient"


def authorization_endpoint_beside(token_endpoint: str) -> str | None:
    """The authorization endpoint beside a token endpoint of Microsoft's shape, else None."""
    if token_endpoint.endswith(TOKEN_PATH):
        return token_endpoint.removesuffix(TOKEN_PATH) + AUTHORIZE_PATH
    return None
