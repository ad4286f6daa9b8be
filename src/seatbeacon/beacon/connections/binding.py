"""Which secrets a change of a connection makes useless: each was given for one client at one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.beacon.connections.facts import authorized_facts
from seatbeacon.beacon.models import Connection, SecretField

if TYPE_CHECKING:
    from collections.abc import Collection

    from seatbeacon.beacon.connections.drafts import Draft

AUTHORIZED = ("client_id", "token_endpoint", "authorization_endpoint", "redirect_uri", "graph_root", "flow")
"""What a refresh token was authorized for: with another value in one of these it is generated anew."""


def outdated(before: Connection, draft: Draft, given: Collection[SecretField]) -> set[SecretField]:
    """The secrets that would go elsewhere from now on, whether the connection holds them or not.

    A refresh token with another client id, endpoint, redirect URI, flow or tenant; a client secret or
    certificate with another client id or sign-in host, or where the other of the two is `given`; a proxy
    password with another proxy.
    """
    other_client = before.client_id != draft.client_id
    other_host = _origin(before.token_endpoint) != _origin(draft.token_endpoint)
    gone: set[SecretField] = set()
    if any(getattr(before, name) != getattr(draft, name) for name in AUTHORIZED) or _is_foreign(
        before, draft
    ):
        gone.add(SecretField.REFRESH_TOKEN)
    if other_client or other_host or SecretField.CERTIFICATE in given:
        gone.add(SecretField.CLIENT_SECRET)
    if other_client or other_host or SecretField.CLIENT_SECRET in given:
        gone.add(SecretField.CERTIFICATE)
    if before.proxy_url != draft.proxy_url:
        gone.add(SecretField.PROXY_PASSWORD)
    return gone


def _is_foreign(before: Connection, draft: Draft) -> bool:
    """Whether the tenant changes to another one than that which authorized."""
    if not draft.tenant_id or draft.tenant_id == before.tenant_id:
        return False
    facts = authorized_facts(before)
    known = facts.tenant_id if facts and facts.tenant_id else before.tenant_id
    return bool(known) and known != draft.tenant_id


def _origin(address: str) -> str:
    return "/".join(address.split("/", 3)[:3]).lower()
