"""Which tenant a page shows, and the version of its inventory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from seatbeacon.beacon.imports.versions import choose_version, version_path
from seatbeacon.beacon.models import Tenant
from seatbeacon.beacon.settings import load_settings
from seatbeacon.inventory.describe import Description, describe

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.models import InventoryVersion


@dataclass(frozen=True)
class Chosen:
    """A tenant's published version. `several` are all tenants with one, where there is more than one."""

    version: InventoryVersion
    file: Path
    several: tuple[Tenant, ...]

    @property
    def tenant(self) -> Tenant:
        """Whose inventory it is."""
        return self.version.tenant

    @property
    def named(self) -> str:
        """The tenant as an address names it: empty where there is no other."""
        return self.version.tenant_id if self.several else ""

    @property
    def description(self) -> Description:
        """What the version holds. Raises `BadVersion`."""
        return _described(self.file, self.version.pk)


def published_tenants() -> list[Tenant]:
    """The tenants that have a published inventory, by name."""
    tenants = Tenant.objects.filter(versions__current=True)
    return sorted(tenants, key=lambda one: (one.display_name, one.pk))


def choose(tenant: str, tenants: list[Tenant] | None = None) -> Chosen:
    """The current version of `tenant`, an id or a name; of the first one where it is empty.

    `tenants` are those that are published, where the caller has asked for them already. Raises
    NothingPublished, NoSuchTenant and SeveralTenants.
    """
    tenants = published_tenants() if tenants is None else tenants
    if not tenant and len(tenants) > 1:
        tenant = tenants[0].pk
    version = choose_version(tenant or None)
    several = tuple(tenants) if len(tenants) > 1 else ()
    return Chosen(version, version_path(load_settings(), version), several)


@lru_cache(maxsize=1024)
def _described(file: Path, version: int) -> Description:  # noqa: ARG001 - a file name may come again
    """A version never changes, so it is described once."""
    return describe(file)
