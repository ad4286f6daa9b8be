"""Where the numbers and names of an import lead to, as far as those pages exist."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from seatbeacon.beacon.imports.versions import current_version, version_path
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


_SHOW = {
    ("users", "added"): "joined",
    ("users", "removed"): "left",
    ("users", "changed"): "changed",
    **{
        (what, kind): f"{what}-{kind}"
        for what in ("licenses", "assignments")
        for kind in ("added", "removed", "changed")
    },
}
"""What History calls the rows behind a number."""


def rows_brought_by(run: ImportRun, what: str, kind: str) -> str | None:
    """The address of the rows that `run` counted as `kind` (added, removed, changed) of `what`; None where
    the inventory that readers see knows nothing of it, or nothing is counted so."""
    whole, show = brought_by(run), _SHOW.get((what, kind))
    return f"{whole}&{urlencode({'show': show})}" if whole and show else None


def brought_by(run: ImportRun) -> str | None:
    """Where the changes of an import stand in the inventory that readers see now; None where that does not
    know of it, because one went back to an earlier one, or it is held."""
    current = current_version(run.tenant_id) if run.tenant_id else None
    if current is None or run.started_at is None:
        return None
    made = InventoryVersion.objects.filter(run=run).values_list("created_at", flat=True).first()
    until = made or run.ended_at
    try:
        imports = imports_of(version_path(load_settings(), current))
    except BadVersion:
        return None
    found = next((one for one in imports if until and run.started_at <= one.at <= until), None)
    if found is None:
        return None
    sight = sight_of(run.tenant_id)
    asked = {**({"tenant": sight.tenant} if sight.tenant else {}), "import": str(found.number)}
    return f"{reverse('history')}?{urlencode(asked)}"


def listing_addresses(tenant_id: str) -> dict[str, str]:
    """The lists that the counts of an import lead to, by what is counted."""
    sight = sight_of(tenant_id)
    return {name: sight.list_of(name, ()) for name in ("users", "licenses", "assignments")}
