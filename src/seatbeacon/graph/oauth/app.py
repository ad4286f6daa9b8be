"""An app registration as a connection knows it, and what it asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import msgspec

from seatbeacon.graph.endpoints import check_endpoint, check_graph_root
from seatbeacon.graph.errors import InvalidEndpoint

if TYPE_CHECKING:
    from collections.abc import Iterable

# Tenants' stand-ins in an endpoint's path, which a single tenant's id may replace.
_ANY_TENANT = re.compile(r"^/(common|organizations)/")


class OAuthApp(msgspec.Struct, frozen=True, kw_only=True):
    """Endpoints as the operator set them. Each is https, or http on loopback; else InvalidEndpoint.

    `device_code_endpoint` follows from the token endpoint (`…/token` becomes `…/devicecode`) unless given.
    `extra_scopes` are permissions beyond the two that are always asked for, by name (`AuditLog.Read.All`).
    """

    client_id: str
    token_endpoint: str
    authorization_endpoint: str | None = None
    redirect_uri: str | None = None
    graph_root: str = "https://graph.microsoft.com"
    device_code_endpoint: str | None = None
    extra_scopes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check and fill in the endpoints."""
        keep = msgspec.structs.force_setattr
        if not self.client_id.strip():
            raise InvalidEndpoint(
                "The client id is missing", remedy="Enter the app's Application (client) ID."
            )
        keep(self, "client_id", self.client_id.strip())
        keep(self, "token_endpoint", check_endpoint(self.token_endpoint))
        keep(self, "graph_root", check_graph_root(self.graph_root))
        if self.authorization_endpoint:
            keep(self, "authorization_endpoint", check_endpoint(self.authorization_endpoint))
        device = self.device_code_endpoint
        if device is None and self.token_endpoint.endswith("/token"):
            device = f"{self.token_endpoint.removesuffix('token')}devicecode"
        keep(self, "device_code_endpoint", check_endpoint(device) if device else None)

    @property
    def scopes(self) -> str:
        """What a person's sign-in asks for."""
        return delegated_scopes(self.graph_root, self.extra_scopes)

    def for_tenant(self, tenant_id: str) -> OAuthApp:
        """The same app with `tenant_id` in place of `common` or `organizations` in its endpoints.

        A refresh token belongs to no tenant; asking at the tenant's own endpoint keeps a guest's home and the
        tenant apart (`facts/graph.md` §4.2).
        """

        def at(url: str | None) -> str | None:
            if url is None:
                return None
            parts = urlsplit(url)
            return urlunsplit(parts._replace(path=_ANY_TENANT.sub(f"/{tenant_id}/", parts.path)))

        return msgspec.structs.replace(
            self,
            token_endpoint=at(self.token_endpoint),
            authorization_endpoint=at(self.authorization_endpoint),
            device_code_endpoint=at(self.device_code_endpoint),
        )


def delegated_scopes(graph_root: str, extra: Iterable[str] = ()) -> str:
    """The scopes of a person's sign-in, blank-separated: the two permissions, a refresh token, and who it
    was."""
    names = ["Directory.Read.All", "Reports.Read.All", *extra]
    return " ".join([*(f"{graph_root}/{name}" for name in names), "offline_access", "openid", "profile"])


def app_only_scope(graph_root: str) -> str:
    """The scope of an app's own sign-in: whatever an administrator granted it."""
    return f"{graph_root}/.default"
