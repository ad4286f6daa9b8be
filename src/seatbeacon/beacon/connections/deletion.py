"""Delete a connection: what goes stale with it, and what goes with it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatbeacon.beacon.audit import Actor, record
from seatbeacon.beacon.connections.services import delete_connection, last_success
from seatbeacon.beacon.imports.leftovers import sweep_tenant
from seatbeacon.beacon.imports.prune import drop_package
from seatbeacon.beacon.imports.versions import current_version, version_path
from seatbeacon.beacon.imports.writing import tenant_at_rest
from seatbeacon.beacon.models import Connection, ImportRun, InventoryVersion, RunState, Tenant
from seatbeacon.beacon.runs.states import move
from seatbeacon.inventory.preparing.prepare import forget_prepared
from seatbeacon.inventory.store import InventoryStore

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings


@dataclass(frozen=True, kw_only=True)
class GoesStale:
    """What came only through one connection: numbers as of its tenant's current version."""

    tenant_id: str
    tenant_name: str | None
    users: int
    licenses: int
    assignments: int
    versions: int
    packages: int
    last_import_at: datetime | None

    @property
    def anything(self) -> bool:
        """Whether there is any data."""
        return bool(self.versions or self.packages)

    @property
    def sentence(self) -> str:
        """For the question before a deletion."""
        if not self.versions:
            return "Nothing was imported through it."
        when = f" of {self.last_import_at:%Y-%m-%d %H:%M} UTC" if self.last_import_at else ""
        return (
            f"{self.users:,} users and {self.licenses:,} licenses of {self.tenant_name} came only through it "
            f"and get no newer than the import{when}."
        )


def what_goes_stale(connection: Connection) -> GoesStale:
    """What nothing brings up to date any more once `connection` is deleted: it is its tenant's only one."""
    tenant = Tenant.objects.filter(pk=connection.tenant_id).first() if connection.tenant_id else None
    version = current_version(tenant.pk) if tenant is not None else None
    counts = version.run.counts if version is not None else {}
    success = last_success(connection)
    return GoesStale(
        tenant_id=connection.tenant_id,
        tenant_name=tenant.display_name if tenant is not None else None,
        users=_total(counts, "users"),
        licenses=_total(counts, "licenses"),
        assignments=_total(counts, "assignments"),
        versions=InventoryVersion.objects.filter(tenant=tenant).count() if tenant is not None else 0,
        packages=ImportRun.objects.filter(connection=connection).exclude(package="").count(),
        last_import_at=success.ended_at if success is not None else None,
    )


def delete(settings: Settings, connection: Connection, *, with_inventory: bool = False, actor: Actor) -> None:
    """Delete `connection` with its secrets. Raises RunIsActive.

    What it imported stays and gets old. With `with_inventory` the versions of its tenant and its packages go
    too; the runs stay, for the record.
    """
    tenant_id = connection.tenant_id
    runs = list(ImportRun.objects.filter(connection=connection).exclude(package=""))
    if not with_inventory or not tenant_id:
        delete_connection(connection, actor=actor)
    else:
        name = connection.name
        with tenant_at_rest(tenant_id, name):
            delete_connection(connection, actor=actor)
            paths = _forget_inventory(settings, tenant_id)
            record(actor, "inventory.removed", name, tenant_id=tenant_id)
        _remove_files(settings, tenant_id, paths)
    if with_inventory:
        for run in runs:
            drop_package(settings, run)


def stale_tenants() -> list[Tenant]:
    """Tenants that can be seen, and that no connection brings up to date any more, by name."""
    served = Connection.objects.exclude(tenant_id="").values_list("tenant_id", flat=True)
    seen = InventoryVersion.objects.filter(current=True).values_list("tenant_id", flat=True)
    return list(Tenant.objects.filter(pk__in=seen).exclude(pk__in=served).order_by("display_name"))


def _forget_inventory(settings: Settings, tenant_id: str) -> list[Path]:
    """Forget every version of a tenant, the held ones too, and answer their files."""
    versions = list(InventoryVersion.objects.filter(tenant_id=tenant_id).select_related("run"))
    for version in versions:
        if version.run.state == RunState.HELD:
            problem = "Held, and removed with its connection."
            move(version.run, RunState.CANCELLED, problem=problem, remedy="")
        version.delete()
    Tenant.objects.filter(pk=tenant_id).delete()
    return [version_path(settings, version) for version in versions]


def _remove_files(settings: Settings, tenant_id: str, paths: list[Path]) -> None:
    """Remove those files, what was cut off, and the tenant's folder where nobody writes into it again."""
    for path in paths:
        path.unlink(missing_ok=True)
        forget_prepared(path)
    sweep_tenant(settings, tenant_id)
    with contextlib.suppress(OSError):
        InventoryStore(settings.inventory).folder(tenant_id).rmdir()


def _total(counts: dict[str, dict[str, int]], name: str) -> int:
    return int(counts.get(name, {}).get("total", 0))
