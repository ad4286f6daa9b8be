"""Judge what became current, by whichever way: an import, a held run published, a step back.

Nothing is sent for it: a current version that was not settled yet is found by looking, so that nothing is
lost where a process dies in between.
"""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError

from seatbeacon.beacon.models import ImportRun, InventoryVersion, Reckoning, RunState
from seatbeacon.beacon.savings.evaluate import is_current, recommendations_of
from seatbeacon.inventory.errors import InventoryError
from seatbeacon.optimization import OptimizationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.settings import Settings

logger = logging.getLogger(__name__)

AGAIN = timedelta(minutes=10)
"""After so long an evaluation that failed is tried again."""

PATIENCE = timedelta(minutes=15)
"""For so long a version gives way to imports that wait."""

_FAILED = "The rules could not be judged for %s, version %s; it is tried again in ten minutes. %s"


def unjudged() -> list[InventoryVersion]:
    """Current versions that were not settled yet, or not today (each day has its sums), or of which something
    changed since; but for those that failed a moment ago."""
    settled = {one.tenant_id: one for one in Reckoning.objects.all()}
    now = datetime.now(UTC)
    # Of a thousand tenants the columns that nobody asks here would be most of the work.
    current = InventoryVersion.objects.filter(current=True).select_related("tenant").defer("measures")
    return [version for version in current if _waits(version, settled.get(version.tenant_id), now)]


def _waits(version: InventoryVersion, last: Reckoning | None, now: datetime) -> bool:
    if last is None:
        return True
    done = not last.stale and last.version == version.pk and last.at.date() == now.date()
    failed = last.failed_at is not None and last.failed_at >= now - AGAIN
    return not done and not failed


def _still(version: InventoryVersion) -> bool:
    """Whether a version that waited still does: of several workers another one may have been first."""
    last = Reckoning.objects.filter(tenant_id=version.tenant_id).first()
    if not _waits(version, last, datetime.now(UTC)):
        return False
    return InventoryVersion.objects.filter(pk=version.pk, current=True).exists()


def _imports_wait() -> bool:
    """Whether imports come first: data that is fresh is worth more than its judgement a while sooner."""
    return ImportRun.objects.filter(state=RunState.QUEUED).exists()


def _gives_way(version: InventoryVersion) -> bool:
    """Whether it may wait for them yet."""
    return datetime.now(UTC) - (version.published_at or version.created_at) < PATIENCE


def judge(settings: Settings, check_stopping: Callable[[], None] = lambda: None) -> int:
    """Judge what is to be judged, and return how many versions were. What fails is logged, and kept for the
    pages; the others are judged all the same. Raises what `check_stopping` does, and DatabaseError."""
    judged = 0
    found = unjudged()
    # Of several workers each begins elsewhere, so that they do not judge the same one at the same time.
    start = os.getpid() % max(1, len(found))
    imports_wait = _imports_wait()
    for version in found[start:] + found[:start]:
        check_stopping()
        if (imports_wait and _gives_way(version)) or not _still(version):
            continue
        imports_wait = _imports_wait()
        try:
            outcome = recommendations_of(settings, version)
            # Set otherwise while it was judged: that was cleared with the rest, and is not judged by yet.
            if not is_current(settings, version, outcome):
                Reckoning.objects.filter(tenant_id=version.tenant_id).update(stale=True)
        except DatabaseError:
            raise  # it is away: all of them are tried at the next look
        except (OptimizationError, InventoryError) as error:
            _put_off(version, str(error))
            logger.error(_FAILED, *_named(version), error)  # noqa: TRY400 - told in its own words
        except Exception as error:
            _put_off(version, f"It failed ({type(error).__name__}); the worker's log tells more.")
            logger.exception(_FAILED, *_named(version), type(error).__name__)
        else:
            judged += 1
    return judged


def _put_off(version: InventoryVersion, fault: str) -> None:
    Reckoning.objects.update_or_create(
        tenant_id=version.tenant_id,
        defaults={"fault": fault[:1000], "failed_at": datetime.now(UTC)},
        create_defaults={
            "version": 0,
            "results": "",
            "at": datetime.now(UTC),
            "fault": fault[:1000],
            "failed_at": datetime.now(UTC),
        },
    )


def _named(version: InventoryVersion) -> tuple[str, int]:
    return version.tenant.display_name, version.pk
