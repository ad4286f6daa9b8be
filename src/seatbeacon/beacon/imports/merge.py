"""From a whole package to a new version of its tenant's inventory, published or held."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from seatbeacon.beacon.catalog import catalog_copy
from seatbeacon.beacon.imports.briefs import keep_brief
from seatbeacon.beacon.imports.leftovers import sweep_tenant, writer_tag
from seatbeacon.beacon.imports.outcome import problem_of, state_of
from seatbeacon.beacon.imports.prune import prune_packages, prune_versions
from seatbeacon.beacon.imports.versions import current_version, publish, record_version, version_path
from seatbeacon.beacon.imports.writing import writing_tenant
from seatbeacon.beacon.models import ImportRun, InventoryVersion, RunState, Tenant
from seatbeacon.beacon.runs.presence import present
from seatbeacon.beacon.runs.states import move
from seatbeacon.inventory.errors import InventoryError
from seatbeacon.inventory.importer import import_package
from seatbeacon.inventory.overview.brief import brief_of
from seatbeacon.inventory.store import InventoryStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from seatbeacon.beacon.imports.observer import Observer
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.collection.package.manifest import TenantIdentity
    from seatbeacon.collection.package.reader import Package
    from seatbeacon.inventory.overview.brief import Brief
    from seatbeacon.inventory.result import Counts, ImportResult

logger = logging.getLogger(__name__)

COUNTED = ("users", "licenses", "assignments")


def merge_package(
    settings: Settings,
    run: ImportRun,
    package: Package,
    *,
    observer: Observer,
    check_cancelled: Callable[[], None] | None = None,
) -> None:
    """Import `package`, which is verified, and end `run`: succeeded, with problems, or held.

    Whatever fails is raised, leaves the run as it was, and what was published before published.
    """
    identity = package.manifest.tenant
    assert identity is not None  # noqa: S101 - a verified package names its tenant
    tenant_id = identity.id.lower()
    observer.merging(identity.display_name)
    store = InventoryStore(settings.inventory)
    with present(settings) as me, writing_tenant(settings, me, tenant_id, check_cancelled):
        store.make_folder(tenant_id)
        sweep_tenant(settings, tenant_id)
        base = current_version(tenant_id)
        target = store.next_target(tenant_id, writer_tag(run))
        result = import_package(
            package,
            previous=version_path(settings, base) if base else None,
            target=target,
            imported_at=datetime.now(UTC),
            catalog=catalog_copy(settings),
            hold_share=settings.hold_share,
            check_cancelled=check_cancelled,
            memory_limit=settings.memory_limit,
        )
        brief = _brief(target)
        # Cut off before this commits, the file belongs to no version, and the next sweep removes it.
        with transaction.atomic():
            tenant = _remember(identity)
            version = record_version(settings, run, tenant, target, base, dict(result.measures))
            if brief is not None:
                keep_brief(version, brief)
            _end(run, version, result)
        prune_versions(settings, tenant.pk)
    prune_packages(settings, run)


def _end(run: ImportRun, version: InventoryVersion, result: ImportResult) -> None:
    """End the run, published or held; the caller's transaction holds both together."""
    for name in COUNTED:
        counts: Counts = getattr(result, name)
        logger.info(
            "%s: %s, of which %s are new, %s changed; %s are gone.",
            name,
            *(f"{number:,}" for number in (counts.total, counts.added, counts.changed, counts.removed)),
        )
    for note in result.notes:
        logger.info("%s", note)
    told: dict[str, Any] = {
        "tenant_id": version.tenant_id,
        "counts": {name: asdict(getattr(result, name)) for name in COUNTED},
        "notes": [str(note) for note in result.notes],
    }
    if result.held is not None:
        remedy = (
            f"Publish it with: seatbeacon import publish {run.pk} - or discard it with: "
            f"seatbeacon import discard {run.pk}"
        )
        logger.warning("It is held, and not published: %s", result.held)
        move(run, RunState.HELD, problem=str(result.held), remedy=remedy, **told)
        return
    problem, remedy = problem_of(run.datasets)
    publish(version, run, state_of(run.datasets), problem=problem, remedy=remedy, **told)
    logger.info("Published: readers see it from now on. %s", problem)


def _brief(target: Path) -> Brief | None:
    """The version in brief. It is a help for pages: without it the version is as good, and a chore tries
    again."""
    try:
        return brief_of(target)
    except InventoryError as error:
        logger.warning("The version could not be told in brief: %s", error)
        return None


def _remember(identity: TenantIdentity) -> Tenant:
    """The tenant's row, with the name as of now."""
    tenant, _ = Tenant.objects.update_or_create(
        id=identity.id.lower(),
        defaults={"display_name": identity.display_name},
        create_defaults={"display_name": identity.display_name, "created_at": datetime.now(UTC)},
    )
    return tenant
