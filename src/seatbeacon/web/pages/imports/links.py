"""Where the numbers and names of an import lead to, as far as those pages exist."""

from __future__ import annotations

from datetime import UTC, datetime

from seatbeacon.web.pages.inventory.sight import Sight
from seatbeacon.web.pages.inventory.tenants import published_tenants


def sight_of(tenant_id: str) -> Sight:
    """What the pages of a tenant's inventory are asked for with."""
    named = tenant_id if len(published_tenants()) > 1 else ""
    return Sight(named, "", datetime.now(UTC).date(), None)


def listing_addresses(tenant_id: str) -> dict[str, str]:
    """The lists that the counts of an import lead to, by what is counted."""
    sight = sight_of(tenant_id)
    return {name: sight.list_of(name, ()) for name in ("users", "licenses", "assignments")}
