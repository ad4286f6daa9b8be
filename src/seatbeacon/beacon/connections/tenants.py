"""One connection per tenant: an import covers every subscription of it."""

from __future__ import annotations

from seatbeacon.beacon.errors import TenantTaken
from seatbeacon.beacon.models import Connection


def refuse_taken_tenant(tenant_id: str, connection: Connection | None = None) -> None:
    """Raise TenantTaken, naming the first, where another connection than `connection` is to that tenant."""
    first = connection_to(tenant_id)
    if first is not None and (connection is None or first.pk != connection.pk):
        raise TenantTaken(tenant_id.lower(), first.name)


def connection_to(tenant_id: str) -> Connection | None:
    """The connection to a tenant, or None."""
    if not tenant_id:
        return None
    return Connection.objects.filter(tenant_id=tenant_id.lower()).order_by("pk").first()
