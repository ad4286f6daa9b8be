"""What imports that were cut off have left in the inventory.

A version's file names the run and the token that write it, so that it can be told from any machine whether
somebody still does.
"""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from seatbeacon.beacon.errors import RunIsActive
from seatbeacon.beacon.imports.writing import tenant_at_rest
from seatbeacon.beacon.models import ImportRun, InventoryVersion, RunState
from seatbeacon.inventory.store import InventoryStore

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings

_WRITER = re.compile(r"v\d+-(\d+)-(\d+)\.duckdb.*")


def writer_tag(run: ImportRun) -> str:
    """What stands in the name of the version that `run` writes under its token."""
    return f"{run.pk}-{run.token}"


def sweep_tenant(settings: Settings, tenant_id: str) -> list[Path]:
    """Remove files of the tenant that no version names and nobody is writing; answers which.

    The caller is the one that writes the tenant, or holds it at rest.
    """
    found = _leftovers(settings, tenant_id)
    for path in found:
        _remove(path)
    return found


def sweep_inventory(settings: Settings) -> list[Path]:
    """As `sweep_tenant` for every tenant whose inventory nobody writes."""
    removed: list[Path] = []
    for tenant_id in InventoryStore(settings.inventory).tenants():
        if _leftovers(settings, tenant_id):
            with suppress(RunIsActive), tenant_at_rest(tenant_id, tenant_id):
                removed += sweep_tenant(settings, tenant_id)
    return removed


def _leftovers(settings: Settings, tenant_id: str) -> list[Path]:
    store = InventoryStore(settings.inventory)
    found = [*store.versions(tenant_id), *store.unfinished(tenant_id)]
    if not found:
        return []
    # First who writes, then what is on record: what is published in between was still being written.
    runs = {writer[0] for path in found if (writer := _writer(path)) is not None}
    living = set(ImportRun.objects.filter(pk__in=runs, state=RunState.RUNNING).values_list("pk", "token"))
    files = InventoryVersion.objects.filter(tenant_id=tenant_id).values_list("file", flat=True)
    known = {settings.inventory / file for file in files}
    return [path for path in found if path not in known and _writer(path) not in living]


def _writer(path: Path) -> tuple[int, int] | None:
    match = _WRITER.fullmatch(path.name)
    return (int(match[1]), int(match[2])) if match else None


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)
