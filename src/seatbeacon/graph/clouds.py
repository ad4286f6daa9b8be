"""Microsoft's clouds and their endpoints (Microsoft Entra: authentication-national-cloud; Graph:
deployments)."""

from __future__ import annotations

import msgspec

from .endpoints import check_endpoint, check_graph_root
from .errors import InvalidEndpoint


class Cloud(msgspec.Struct, frozen=True, kw_only=True):
    """Where one cloud signs in and where its Graph is. `reports`: usage reports exist in the global cloud
    only."""

    name: str
    label: str
    login: str
    graph_root: str
    reports: bool = False


CLOUDS: dict[str, Cloud] = {
    cloud.name: cloud
    for cloud in (
        Cloud(
            name="global",
            label="Global (and US Government GCC)",
            login="https://login.microsoftonline.com",
            graph_root="https://graph.microsoft.com",
            reports=True,
        ),
        Cloud(
            name="us-gov-l4",
            label="US Government L4 (GCC High)",
            login="https://login.microsoftonline.us",
            graph_root="https://graph.microsoft.us",
        ),
        Cloud(
            name="us-gov-l5",
            label="US Government L5 (DoD)",
            login="https://login.microsoftonline.us",
            graph_root="https://dod-graph.microsoft.us",
        ),
        Cloud(
            name="china",
            label="China (operated by 21Vianet)",
            login="https://login.partner.microsoftonline.cn",
            graph_root="https://microsoftgraph.chinacloudapi.cn",
        ),
        # Its endpoints are the connection's own; see custom_cloud.
        Cloud(name="custom", label="Custom endpoints", login="", graph_root="", reports=True),
    )
}


def custom_cloud(*, login: str, graph_root: str, reports: bool = True) -> Cloud:
    """A cloud with endpoints of the operator's own; InvalidEndpoint where a token may not be sent there."""
    return Cloud(
        name="custom",
        label=CLOUDS["custom"].label,
        login=check_endpoint(login).rstrip("/"),
        graph_root=check_graph_root(graph_root),
        reports=reports,
    )


def token_endpoint(cloud: Cloud, tenant: str = "common") -> str:
    """Where tokens are asked for. `tenant`: a tenant id, a verified domain, `common` or `organizations`."""
    return _endpoint(cloud, tenant, "oauth2/v2.0/token")


def authorization_endpoint(cloud: Cloud, tenant: str = "common") -> str:
    """Where a person signs in."""
    return _endpoint(cloud, tenant, "oauth2/v2.0/authorize")


def device_code_endpoint(cloud: Cloud, tenant: str = "common") -> str:
    """Where a device code is asked for."""
    return _endpoint(cloud, tenant, "oauth2/v2.0/devicecode")


def native_client_redirect(cloud: Cloud) -> str:
    """The redirect URI whose page is blank, so that the code can be copied from the address bar."""
    return _endpoint(cloud, "common", "oauth2/nativeclient")


def _endpoint(cloud: Cloud, tenant: str, path: str) -> str:
    if not cloud.login:
        raise InvalidEndpoint(
            f"The cloud {cloud.name!r} has no sign-in address of its own; give the endpoints"
        )
    return f"{cloud.login}/{tenant}/{path}"
