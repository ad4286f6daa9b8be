"""Connections as lists and pages show them. No secret is among it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatbeacon.beacon.connections.services import last_run, last_success, unpack_certificate
from seatbeacon.beacon.errors import SecretError
from seatbeacon.beacon.models import Connection, Flow, SecretField, SourceType, Tenant
from seatbeacon.beacon.secrets.store import get_secret, stored_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.secrets.keys import KeyRing

OVERVIEW_COLUMNS = {
    "name": "Connection Name",
    "source_type": "Type",
    "tenant": "Tenant",
    "flow": "Flow",
    "proxy": "Proxy",
    "last_import_at": "Last import",
    "last_outcome": "Outcome",
    "status": "Status",
}


@dataclass(frozen=True)
class Detail:
    """One field of a connection, under the form's label."""

    key: str
    label: str
    value: object


def overview() -> list[list[object]]:
    """A row per connection, by name, in the order of `OVERVIEW_COLUMNS`."""
    names = dict(Tenant.objects.values_list("id", "display_name"))
    rows: list[list[object]] = []
    for connection in Connection.objects.order_by("name"):
        run = last_run(connection)
        rows.append(
            [
                connection.name,
                SourceType(connection.source_type).label,
                names.get(connection.tenant_id, connection.tenant_id) or None,
                Flow(connection.flow).label,
                connection.proxy_url or None,
                (run.ended_at or run.started_at) if run else None,
                run.state if run else None,
                "enabled" if connection.enabled else "disabled",
            ]
        )
    return rows


def details(ring: Callable[[], KeyRing], connection: Connection) -> list[Detail]:
    """Every field of a connection. `ring` is asked for only where a certificate is to be looked into."""
    held = stored_at(connection)
    run, success = last_run(connection), last_success(connection)
    tenant = Tenant.objects.filter(pk=connection.tenant_id).values_list("display_name", flat=True).first()
    fields = [
        Detail("name", "Connection Name", connection.name),
        Detail("source_type", "Source Type", SourceType(connection.source_type).label),
        Detail("status", "Status", "enabled" if connection.enabled else "disabled"),
        Detail("proxy", "Proxy Server", connection.proxy_url or None),
        Detail("proxy_username", "Proxy Username", connection.proxy_username or None),
        Detail("cloud", "Cloud", connection.cloud),
        Detail("token_endpoint", "Token Endpoint", connection.token_endpoint),
        Detail("client_id", "Application (client) ID", connection.client_id),
        Detail("redirect_uri", "Redirect URI", connection.redirect_uri or None),
        Detail("flow", "Authentication Flow", connection.flow),
        Detail("authorization_endpoint", "Authorization Endpoint", connection.authorization_endpoint or None),
        Detail("graph_root", "Graph Root", connection.graph_root),
        Detail("tenant_id", "Tenant ID", connection.tenant_id or None),
        Detail("tenant", "Tenant", tenant),
    ]
    for field in SecretField:
        since = held.get(field)
        told = f"stored {since:%Y-%m-%d %H:%M} UTC" if since else None
        if field is SecretField.CERTIFICATE and since:
            told = f"{told}; {_certificate(ring, connection)}"
        fields.append(Detail(field.value.replace("-", "_"), field.label, told))
    fields += [
        Detail("last_run", "Last import run", run.pk if run else None),
        Detail("last_outcome", "Last outcome", run.state if run else None),
        Detail("last_success_at", "Last published", success.ended_at if success else None),
    ]
    return fields


def _certificate(ring: Callable[[], KeyRing], connection: Connection) -> str:
    """Subject, thumbprint and end of the stored certificate; why not, where it cannot be opened."""
    from seatbeacon.graph.oauth import load_certificate  # noqa: PLC0415 - cryptography takes a while to import

    try:
        secret = get_secret(ring(), connection, SecretField.CERTIFICATE)
    except SecretError as error:
        return str(error)
    if secret is None:
        return ""
    certificate = load_certificate(*unpack_certificate(secret))
    return (
        f"{certificate.subject}, thumbprint {certificate.thumbprint}, until {certificate.not_after:%Y-%m-%d}"
    )
