"""Go back to an earlier version of a tenant's inventory, or forth again, as long as it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.beacon.audit import COMMAND_LINE, Actor, record
from seatbeacon.beacon.errors import NoSuchVersion, WrongState
from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.imports.writing import tenant_at_rest
from seatbeacon.beacon.models import InventoryVersion, Tenant

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from seatbeacon.beacon.settings import Settings


def kept_versions(tenant_id: str | None = None) -> QuerySet[InventoryVersion]:
    """The versions that were published and are kept, by tenant and the newest first; of all, or of one."""
    kept = InventoryVersion.objects.filter(published_at__isnull=False).select_related("tenant", "run")
    if tenant_id is not None:
        kept = kept.filter(tenant_id=tenant_id)
    return kept.order_by("tenant__display_name", "tenant_id", "-pk")


def find_version(number: int) -> InventoryVersion:
    """The version of that number. Raises NoSuchVersion."""
    version = InventoryVersion.objects.select_related("tenant", "run").filter(pk=number).first()
    if version is None:
        message = f"There is no version {number}. List them with: seatbeacon import versions"
        raise NoSuchVersion(message)
    return version


def go_back(settings: Settings, version: InventoryVersion, *, actor: Actor = COMMAND_LINE) -> None:
    """Make `version` the one that readers see. The next import goes on from it; the others stay for as long
    as they are kept.

    Raises WrongState where it is current already or was never published, NoSuchVersion where it or its file
    is gone, and RunIsActive where an import is writing the tenant's inventory: then nothing changes.
    """
    tenant = version.tenant
    with tenant_at_rest(tenant.pk, tenant.display_name):
        Tenant.objects.select_for_update().get(pk=tenant.pk)
        now = InventoryVersion.objects.select_for_update().filter(pk=version.pk).first()
        if now is None or not version_path(settings, now).is_file():
            raise NoSuchVersion(f"Version {version.pk} of {tenant.display_name} is not kept any more.")
        if now.published_at is None:
            told = (
                f"Version {version.pk} was never published. Publish its import run {version.run_id} instead."
            )
            raise WrongState(told)
        if now.current:
            raise WrongState(f"Version {version.pk} of {tenant.display_name} is the current one already.")
        before = InventoryVersion.objects.filter(tenant=tenant, current=True)
        left = before.values_list("pk", flat=True).first()
        before.update(current=False)
        InventoryVersion.objects.filter(pk=version.pk).update(current=True)
        record(actor, "inventory.gone-back", tenant.display_name, version=version.pk, from_version=left)
    version.refresh_from_db()
