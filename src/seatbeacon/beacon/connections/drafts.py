"""From what a person gave to a whole connection: defaults filled in, every field checked, no network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from seatbeacon.beacon.connections import defaults
from seatbeacon.beacon.connections.fields import (
    check_address,
    check_graph_root,
    check_guid,
    check_redirect_uri,
)
from seatbeacon.beacon.errors import InvalidConnection
from seatbeacon.beacon.models import Connection, Flow
from seatbeacon.graph.clouds import CLOUDS, Cloud, native_client_redirect, token_endpoint
from seatbeacon.graph.errors import InvalidProxy
from seatbeacon.graph.proxy import parse_proxy

_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a person gave. None: not given, the default or what stood there holds; empty: to be emptied."""

    cloud: str | None = None
    flow: str | None = None
    token_endpoint: str | None = None
    authorization_endpoint: str | None = None
    client_id: str | None = None
    redirect_uri: str | None = None
    tenant_id: str | None = None
    graph_root: str | None = None
    proxy: str | None = None
    proxy_username: str | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Every field of a connection but its name and secrets, checked. Empty where a field does not apply."""

    cloud: str
    flow: Flow
    token_endpoint: str
    authorization_endpoint: str
    client_id: str
    redirect_uri: str
    tenant_id: str
    graph_root: str
    proxy_url: str
    proxy_username: str


def draft_connection(given: Given, before: Connection | None = None) -> Draft:
    """Complete `given` from what stood `before`, else from the cloud's defaults. Raises InvalidConnection.

    Another cloud than before fills all endpoints anew, save those that are given.
    """
    cloud = _cloud(given.cloud or (before.cloud if before else defaults.DEFAULT_CLOUD))
    kept = before if before is not None and before.cloud == cloud.name else None
    flow = _flow(given.flow or (before.flow if before else Flow.AUTHORIZATION_CODE))
    tenant = _tenant(given.tenant_id, before)
    token = _token_endpoint(
        given.token_endpoint or (kept.token_endpoint if kept else ""), cloud, flow, tenant
    )
    tenant = _tenant_of_endpoint(token, tenant)
    proxy_url, proxy_username = _proxy(given, before)
    return Draft(
        cloud=cloud.name,
        flow=flow,
        token_endpoint=token,
        authorization_endpoint=_authorization_endpoint(given, kept, token, flow),
        client_id=_client_id(given.client_id or (before.client_id if before else ""), flow),
        redirect_uri=_redirect_uri(given.redirect_uri or (kept.redirect_uri if kept else ""), cloud, flow),
        tenant_id=tenant,
        graph_root=_graph_root(given.graph_root or (kept.graph_root if kept else ""), cloud),
        proxy_url=proxy_url,
        proxy_username=proxy_username,
    )


def _cloud(name: str) -> Cloud:
    try:
        return CLOUDS[name]
    except KeyError:
        message = f"There is no cloud “{name}”. Choose one of: {', '.join(CLOUDS)}"
        raise InvalidConnection("cloud", message) from None


def _flow(name: str) -> Flow:
    try:
        return Flow(name)
    except ValueError:
        message = f"There is no authentication flow “{name}”. Choose one of: {', '.join(Flow.values)}"
        raise InvalidConnection("flow", message) from None


def _tenant(given: str | None, before: Connection | None) -> str:
    if given is None:
        return before.tenant_id if before else ""
    return check_guid("tenant-id", "tenant id", given) if given.strip() else ""


def _client_id(text: str, flow: Flow) -> str:
    if flow is Flow.CLIENT_CREDENTIALS and text in {"", defaults.CLIENT_ID}:
        message = (
            "The flow client-credentials needs an app registration of your own: give its Application "
            "(client) ID with --client-id"
        )
        raise InvalidConnection("client-id", message)
    return check_guid("client-id", "Application (client) ID", text or defaults.CLIENT_ID)


def _token_endpoint(text: str, cloud: Cloud, flow: Flow, tenant: str) -> str:
    app_only = flow is Flow.CLIENT_CREDENTIALS
    example = token_endpoint(_login_of(cloud), "common")
    if not text and not cloud.login:
        message = f"The cloud {cloud.name} needs --token-endpoint, such as: {example}"
        raise InvalidConnection("token-endpoint", message)
    endpoint = check_address("token-endpoint", "token endpoint", text or example, example)
    if not app_only or _endpoint_tenant(endpoint) not in defaults.MULTI_TENANT:
        return endpoint
    if not tenant:
        message = (
            f"The token endpoint {endpoint} names no tenant, and Microsoft gives client credentials a token "
            "only at the tenant's own endpoint (AADSTS9001023). Give the tenant with --tenant-id"
        )
        raise InvalidConnection("tenant-id", message)
    parts = urlsplit(endpoint)
    _, _, rest = parts.path.removeprefix("/").partition("/")
    return urlunsplit(parts._replace(path=f"/{tenant}/{rest}"))


def _authorization_endpoint(given: Given, kept: Connection | None, token: str, flow: Flow) -> str:
    if flow is not Flow.AUTHORIZATION_CODE:
        return ""
    text = given.authorization_endpoint or ""
    if not text and kept is not None and given.token_endpoint is None:
        text = kept.authorization_endpoint
    text = text or defaults.authorization_endpoint_beside(token) or ""
    if not text:
        message = (
            f"The authorization endpoint does not follow from the token endpoint {token}. "
            "Give it with --authorization-endpoint"
        )
        raise InvalidConnection("authorization-endpoint", message)
    example = "https://login.microsoftonline.com/common/oauth2/v2.0/authorize"
    return check_address("authorization-endpoint", "authorization endpoint", text, example)


def _endpoint_tenant(endpoint: str) -> str:
    return urlsplit(endpoint).path.removeprefix("/").partition("/")[0].lower()


def _tenant_of_endpoint(endpoint: str, tenant: str) -> str:
    """The tenant that the endpoint names, where it names one by id: it may not contradict `tenant`."""
    named = _endpoint_tenant(endpoint)
    if not _GUID.fullmatch(named):
        return tenant
    if tenant and tenant != named:
        message = (
            f"The token endpoint is of tenant {named}, the tenant id says {tenant}. Give one of them anew."
        )
        raise InvalidConnection("tenant-id", message)
    return named


def _redirect_uri(text: str, cloud: Cloud, flow: Flow) -> str:
    if flow is not Flow.AUTHORIZATION_CODE:
        return check_redirect_uri(text) if text else ""
    return check_redirect_uri(text or native_client_redirect(_login_of(cloud)))


def _graph_root(text: str, cloud: Cloud) -> str:
    example = cloud.graph_root or CLOUDS[defaults.DEFAULT_CLOUD].graph_root
    if not text and not cloud.graph_root:
        message = f"The cloud {cloud.name} needs --graph-root, such as: {example}"
        raise InvalidConnection("graph-root", message)
    return check_graph_root(text or example, example)


def _login_of(cloud: Cloud) -> Cloud:
    """The cloud itself where it has a login host, else the global one, for examples."""
    return cloud if cloud.login else CLOUDS[defaults.DEFAULT_CLOUD]


def _proxy(given: Given, before: Connection | None) -> tuple[str, str]:
    """The proxy's address and user name, both empty without one."""
    text = given.proxy if given.proxy is not None else (before.proxy_url if before else "")
    username = given.proxy_username
    if username is None:
        username = before.proxy_username if before else ""
    if not text.strip():
        if given.proxy_username:
            message = (
                "A proxy user name needs a proxy. Give its address with --proxy, such as: proxy.example:8080"
            )
            raise InvalidConnection("proxy-username", message)
        return "", ""
    try:
        proxy = parse_proxy(text)
    except InvalidProxy as error:
        raise InvalidConnection("proxy", f"{error} {error.remedy}") from None
    if proxy.username or proxy.password:
        message = (
            "The proxy address may hold no user name or password: give them with --proxy-username and "
            "--proxy-password-file"
        )
        raise InvalidConnection("proxy", message)
    return proxy.url, username
