"""Versions of inventories: which one is current, and how another becomes it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from seatbeacon.beacon.connections.tenants import refuse_taken_tenant
from seatbeacon.beacon.errors import NoSuchTenant, NothingPublished, SeveralTenants, StaleVersion
from seatbeacon.beacon.models import Connection, ImportRun, InventoryVersion, Tenant
from seatbeacon.beacon.runs.states import move
from seatbeacon.inventory.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.models import RunState
    from seatbeacon.beacon.settings import Settings


def current_version(tenant_id: str) -> InventoryVersion | None:
    """The tenant's published version that readers see."""
    return InventoryVersion.objects.filter(tenant_id=tenant_id, current=True).first()


def choose_version(tenant: str | None) -> InventoryVersion:
    """The current version of the tenant with that id or name; of the only one where none is named.

    Raises NothingPublished, NoSuchTenant, or SeveralTenants, which lists them.
    """
    current = InventoryVersion.objects.filter(current=True).select_related("tenant")
    if tenant is not None:
        # Of thousands one is found by its id without reading the others. An id goes before a name.
        named = current.filter(tenant_id=tenant.strip().lower()).first()
        if named is not None:
            return named
    versions = list(current)
    if not versions:
        message = "There is no inventory yet. Run an import first: seatbeacon import run NAME"
        raise NothingPublished(message)
    names = ", ".join(sorted(str(version.tenant) for version in versions))
    if tenant is None:
        if len(versions) > 1:
            raise SeveralTenants(f"There are several tenants: choose one with --tenant. There are: {names}")
        return versions[0]
    wanted = tenant.strip().casefold()
    found = [version for version in versions if version.tenant.display_name.casefold() == wanted]
    if not found:
        raise NoSuchTenant(f"There is no inventory of a tenant “{tenant}”. There are: {names}")
    if len(found) > 1:
        raise SeveralTenants(
            f"Several tenants are called “{tenant}”: choose one by its id. There are: {names}"
        )
    return found[0]


def version_path(settings: Settings, version: InventoryVersion) -> Path:
    """The version's file; rows name it relative to the inventory folder, so that this can be moved."""
    return settings.inventory / version.file


def record_version(
    settings: Settings,
    run: ImportRun,
    tenant: Tenant,
    file: Path,
    base: InventoryVersion | None,
    measures: dict[str, Any],
) -> InventoryVersion:
    """A row for a version that was just written, and is not published."""
    return InventoryVersion.objects.create(
        tenant=tenant,
        run=run,
        base=base,
        file=file.relative_to(settings.inventory).as_posix(),
        created_at=datetime.now(UTC),
        measures=measures,
        schema=SCHEMA_VERSION,
    )


def publish(version: InventoryVersion, run: ImportRun, state: RunState, **fields: Any) -> None:
    """Make `version` the one that readers see, and end its run, in one transaction.

    Raises StaleVersion where another version was published since this one was made from its base, and
    WrongState where the run is no longer this process's to end: then nothing changes. Raises TenantTaken
    where another connection got the tenant meanwhile.
    """
    now = datetime.now(UTC)
    with transaction.atomic():
        tenant = Tenant.objects.select_for_update().get(pk=version.tenant_id)
        current = current_version(tenant.pk)
        if (current.pk if current else None) != version.base_id:
            message = (
                f"A newer version of {tenant.display_name} was published since run {run.pk} made its own. "
                f"Discard this one with: seatbeacon import discard {run.pk}"
            )
            raise StaleVersion(message)
        InventoryVersion.objects.filter(tenant=tenant, current=True).update(current=False)
        InventoryVersion.objects.filter(pk=version.pk).update(current=True, published_at=now)
        if run.connection_id is not None:
            learning = Connection.objects.filter(pk=run.connection_id, tenant_id="").first()
            if learning is not None:
                refuse_taken_tenant(tenant.pk, learning)
                Connection.objects.filter(pk=learning.pk).update(tenant_id=tenant.pk)
        move(run, state, **fields)
