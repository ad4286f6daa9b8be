"""After Seatbeacon was updated: bring the inventories that it kept to today's schema, so that pages read
them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.imports.writing import writing_tenant
from seatbeacon.beacon.models import InventoryVersion, VersionBrief
from seatbeacon.beacon.runs.presence import present
from seatbeacon.inventory.errors import InventoryError
from seatbeacon.inventory.schema import SCHEMA_VERSION
from seatbeacon.inventory.upgrade import upgrade_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.settings import Settings

logger = logging.getLogger(__name__)


def upgrade_versions(settings: Settings, check_cancelled: Callable[[], None] | None = None) -> int:
    """Bring every version on record up to date, those that readers see first; answers how many were behind.

    One that cannot be is logged and left as it was: its readers are told, and the tenant's next import writes
    a new one. `check_cancelled` raises to stop between two.
    """
    upgraded = 0
    for version in InventoryVersion.objects.filter(schema__lt=SCHEMA_VERSION).order_by("-current", "pk"):
        path = version_path(settings, version)
        try:
            with present(settings) as me, writing_tenant(settings, me, version.tenant_id, check_cancelled):
                upgraded += upgrade_file(path, memory_limit=settings.memory_limit)
            # What was told of it in brief may be counted otherwise by now.
            VersionBrief.objects.filter(version=version).delete()
            InventoryVersion.objects.filter(pk=version.pk).update(schema=SCHEMA_VERSION)
        except InventoryError as error:
            logger.warning("The inventory %s could not be brought up to date: %s", path, error)
    if upgraded:
        logger.info("%s inventories of an older Seatbeacon were brought up to date", upgraded)
    return upgraded
