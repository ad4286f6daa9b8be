"""Connections as lists and pages show them. No secret is among it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatbeacon.beacon.connections.certificates import unpack_certificate
from seatbeacon.beacon.connections.facts import authorized_facts, credential_facts
from seatbeacon.beacon.connections.services import last_run, last_success
from seatbeacon.beacon.connections.warnings import all_warnings, connection_warnings
from seatbeacon.beacon.errors import SecretError
from seatbeacon.beacon.models import Connection, Flow, SecretField, SourceType, Tenant
from seatbeacon.beacon.schedules.overview import next_run_of, summary_of
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
    "schedule": "Schedule",
    "next_run_at": "Next run",
    "last_import_at": "Last import",
    "last_outcome": "Outcome",
    "status": "Status",
    "warnings": "Warnings",
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
    warnings = all_warnings()
    rows: list[list[object]] = []
    for connection in Connection.objects.select_related("schedule").order_by("name"):
        run = last_run(connection)
        rows.append(
            [
                connection.name,
                SourceType(connection.source_type).label,
                names.get(connection.tenant_id, connection.tenant_id) or None,
                Flow(connection.flow).label,
                connection.proxy_url or None,
                connection.schedule.name if connection.schedule else None,
                next_run_of(connection),
                (run.ended_at or run.started_at) if run else None,
                run.state if run else None,
                "enabled" if connection.enabled else "disabled",
                [warn.text for warn in warnings.get(connection.pk, ())],
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
        Detail("schedule", "Schedule", connection.schedule.name if connection.schedule else None),
        Detail("runs", "Runs", summary_of(connection.schedule) if connection.schedule else None),
        Detail("next_run_at", "Next run", next_run_of(connection)),
    ]
    for field in SecretField:
        since = held.get(field)
        told = f"stored {since:%Y-%m-%d %H:%M} UTC" if since else None
        if field is SecretField.CERTIFICATE and since:
            told = f"{told}; {_certificate(ring, connection)}"
        fields.append(Detail(field.value.replace("-", "_"), field.label, told))
    fields += _authorized(connection)
    fields += [
        Detail("last_run", "Last import run", run.pk if run else None),
        Detail("last_outcome", "Last outcome", run.state if run else None),
        Detail("last_success_at", "Last published", success.ended_at if success else None),
        Detail("warnings", "Warnings", [warn.sentence for warn in connection_warnings(connection)]),
    ]
    return fields


def _authorized(connection: Connection) -> list[Detail]:
    """Who signed in for the refresh token, and until when it and the client secret live."""
    facts = authorized_facts(connection)
    ends = credential_facts(connection).client_secret_expires
    return [
        Detail("signed_in", "Signed in", facts.who if facts else None),
        Detail("signed_in_tenant", "Signed in to tenant", facts.tenant_id if facts else None),
        Detail("permissions", "Permissions granted", list(facts.scopes) if facts else None),
        Detail("token_obtained_at", "Token obtained", facts.obtained_at if facts else None),
        Detail("token_last_used_at", "Token last used", facts.last_used_at if facts else None),
        Detail("token_dies_on", "Token dies if unused", facts.dies_on if facts else None),
        Detail("client_secret_expires", "Client secret ends", ends),
    ]


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
