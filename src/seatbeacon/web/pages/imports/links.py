"""Where the numbers and names of an import lead to, as far as those pages exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.models import InventoryVersion
from seatbeacon.beacon.settings import load_settings
from seatbeacon.inventory.changes.between import imports_of
from seatbeacon.inventory.errors import BadVersion
from seatbeacon.web.pages.inventory.sight import Sight
from seatbeacon.web.pages.inventory.tenants import published_tenants

if TYPE_CHECKING:
    from seatbeacon.beacon.models import ImportRun


def sight_of(tenant_id: str) -> Sight:
    """What the pages of a tenant's inventory are asked for with."""
    named = tenant_id if len(published_tenants()) > 1 else ""
    return Sight(named, "", datetime.now(UTC).date(), None)


@dataclass(frozen=True)
class Brought:
    """Where what an import brought is told: the whole, and its users who came, went and changed."""

    whole: str
    users: dict[str, str]


def brought_by(run: ImportRun, version: InventoryVersion) -> Brought | None:
    """Where the changes of the import that made `version` stand in the inventory that readers see now; None
    where that does not know of it, because one went back to an earlier one, or it is held."""
    current = InventoryVersion.objects.filter(tenant_id=version.tenant_id, current=True).first()
    if current is None or run.started_at is None:
        return None
    try:
        imports = imports_of(version_path(load_settings(), current))
    except BadVersion:
        return None
    found = next((one for one in imports if run.started_at <= one.at <= version.created_at), None)
    if found is None:
        return None
    sight = sight_of(version.tenant_id)
    asked = {**({"tenant": sight.tenant} if sight.tenant else {}), "import": str(found.number)}
    whole = f"{reverse('history')}?{urlencode(asked)}"
    kinds = {"added": "joined", "removed": "left", "changed": "changed"}
    return Brought(whole, {key: f"{whole}&show={show}" for key, show in kinds.items()})


def listing_addresses(tenant_id: str) -> dict[str, str]:
    """The lists that the counts of an import lead to, by what is counted."""
    sight = sight_of(tenant_id)
    return {name: sight.list_of(name, ()) for name in ("users", "licenses", "assignments")}
