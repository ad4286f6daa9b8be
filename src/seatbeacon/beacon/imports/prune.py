"""Remove what is no longer kept: old versions and old packages."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.models import ACTIVE_STATES, ImportRun, InventoryVersion
from seatbeacon.beacon.runs.recovery import package_folders
from seatbeacon.inventory.preparing.prepare import forget_prepared

if TYPE_CHECKING:
    from seatbeacon.beacon.settings import Settings


def prune_versions(settings: Settings, tenant_id: str) -> None:
    """Keep the newest published versions, as many as the setting says; held ones stay until decided."""
    published = InventoryVersion.objects.filter(tenant_id=tenant_id, published_at__isnull=False)
    # In the order in which they were made, because clocks are set back now and then.
    for version in published.order_by("-id")[settings.keep_versions :]:
        if not version.current:
            remove_version(settings, version)


def remove_version(settings: Settings, version: InventoryVersion) -> None:
    """Remove a version: first its row, then its file. A file left over is swept by the next import."""
    path = version_path(settings, version)
    version.delete()
    path.unlink(missing_ok=True)
    forget_prepared(path)


def prune_packages(settings: Settings, run: ImportRun) -> None:
    """Keep the newest packages of the run's connection, as many as the setting says."""
    if run.connection_id is None:
        return
    runs = ImportRun.objects.filter(connection_id=run.connection_id).exclude(package="")
    for old in runs.exclude(state__in=ACTIVE_STATES).order_by("-id")[settings.keep_packages :]:
        drop_package(settings, old)


def drop_package(settings: Settings, run: ImportRun) -> None:
    """Remove the package that a run collected, if it still has one: first its name, then its files. What a
    kill leaves of them is swept by the housekeeping."""
    ImportRun.objects.filter(pk=run.pk).update(package="")
    run.package = ""
    for folder in package_folders(settings, run):
        shutil.rmtree(folder, ignore_errors=True)
