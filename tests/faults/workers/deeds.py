"""What is done in a beacon by processes that the nursery forks for it."""

from __future__ import annotations

import importlib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seatbeacon.beacon.audit import COMMAND_LINE
from seatbeacon.beacon.chores.housekeeping import remove_stray_locks, remove_stray_packages
from seatbeacon.beacon.connections.drafts import Given
from seatbeacon.beacon.connections.services import GivenSecrets, add_connection
from seatbeacon.beacon.imports.leftovers import sweep_inventory
from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.models import (
    Connection,
    ImportRun,
    InventoryVersion,
    RunState,
    TenantWriting,
    Trigger,
    Worker,
)
from seatbeacon.beacon.runs.recovery import GIVEN_UP, MOST_ATTEMPTS, interrupt_dead_runs
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.beacon.worker.execute_now import execute_now
from seatbeacon.collection.package.manifest import MANIFEST_NAME, Outcome
from seatbeacon.collection.package.reader import read_manifest
from seatbeacon.graph.secret import Secret
from seatbeacon.inventory.describe import describe

if TYPE_CHECKING:
    from seatbeacon.beacon.settings import Settings

PUBLISHED = (RunState.SUCCEEDED, RunState.SUCCEEDED_WITH_PROBLEMS)
LAZY = ("duckdb", "structlog", "psycopg", "seatbeacon.inventory.importer", "huey.consumer")


def get_ready(settings: Settings) -> None:
    """Import what a worker imports at its first run, so that each fork has it; and make the keys."""
    for module in LAZY:
        importlib.import_module(module)
    load_key_ring(settings)


def connect(settings: Settings, tenants: list[dict[str, Any]]) -> None:
    """Add a connection for each of `tenants`, whose refresh token is `token`."""
    ring = load_key_ring(settings)
    for tenant in tenants:
        token = Secret(tenant.pop("token"))
        add_connection(ring, tenant.pop("name"), Given(**tenant), GivenSecrets(refresh_token=token))


def queue(settings: Settings) -> None:
    """Execute Now, for every connection."""
    for connection in Connection.objects.order_by("pk"):
        execute_now(settings, connection, Trigger.PERSON, actor=COMMAND_LINE)


def states(settings: Settings) -> dict[str, int]:
    """How many runs there are in each state."""
    del settings
    return dict(Counter(ImportRun.objects.values_list("state", flat=True)))


def runs_of(settings: Settings, name: str) -> list[dict[str, Any]]:
    """The runs of a connection, oldest first."""
    del settings
    keys = ("pk", "state", "token", "attempts", "problem")
    runs = ImportRun.objects.filter(connection_name=name).order_by("pk")
    return [{key: getattr(run, key) for key in keys} for run in runs]


def whole(settings: Settings) -> list[str]:
    """The datasets that are whole in the only package there is."""
    folders = list((settings.home / "packages").glob("*"))
    if not folders or not (folders[0] / MANIFEST_NAME).exists():
        return []
    found = read_manifest(folders[0]).datasets
    return [record.name for record in found if record.outcome is Outcome.COLLECTED]


def files(settings: Settings) -> list[str]:
    """What lies in the inventory and among the packages."""
    places = (settings.inventory, settings.home / "packages")
    return [str(path) for place in places for path in place.rglob("*") if path.is_file()]


def forget(settings: Settings) -> None:
    """Let there have been no runs."""
    del settings
    ImportRun.objects.all().delete()


def put_in_order(settings: Settings) -> None:
    """What the next worker does when it starts."""
    interrupt_dead_runs(settings)
    sweep_inventory(settings)
    remove_stray_packages(settings)
    remove_stray_locks(settings, before=datetime.now(UTC))


def wrongs(settings: Settings, truth: dict[str, dict[str, int] | None], runs_each: int = 1) -> list[str]:
    """The checker: reads the stores when all is over, and tells what is not as it must be.

    `truth` tells of each connection how many rows each listing has; None for one that cannot sign in.
    """
    found: list[str] = []
    runs = list(ImportRun.objects.order_by("pk"))
    by_connection = Counter(run.connection_name for run in runs)
    found += [f"{name} has {by_connection[name]} runs" for name in truth if by_connection[name] != runs_each]
    for run in runs:
        found += [f"{run}: {told}" for told in _wrongs_of_run(settings, run, truth.get(run.connection_name))]
    found += _wrongs_of_versions(settings)
    found += [f"left over: {thing}" for thing in _left_over(settings)]
    return found


def _wrongs_of_run(settings: Settings, run: ImportRun, truth: dict[str, int] | None) -> list[str]:
    found = []
    if run.attempts > MOST_ATTEMPTS or run.attempts > run.token:
        found.append(f"{run.attempts} attempts under {run.token} tokens")
    if run.ended_at is None or run.started_at is None or run.ended_at < run.started_at:
        found.append(f"it began at {run.started_at} and ended at {run.ended_at}")
    version = InventoryVersion.objects.filter(run=run).first()
    if run.state in PUBLISHED:
        found += _wrongs_of_success(settings, run, version, truth)
    elif version is not None:
        found.append(f"it is {run.state} and has a version")
    elif run.state != RunState.FAILED:
        found.append(f"it is {run.state}")
    # The last attempt may end by what was wrong all along, as that of one that cannot sign in.
    elif run.problem == GIVEN_UP and run.attempts != MOST_ATTEMPTS:
        found.append(f"after {run.attempts} attempts: {run.problem}")
    elif run.problem != GIVEN_UP and truth is not None:
        found.append(f"it failed: {run.problem}")
    return found


def _wrongs_of_success(
    settings: Settings, run: ImportRun, version: InventoryVersion | None, truth: dict[str, int] | None
) -> list[str]:
    if truth is None:
        return ["it succeeded without signing in"]
    if version is None or version.published_at is None:
        return ["it succeeded and published nothing"]
    found = []
    if f"-{run.pk}-{run.token}." not in version.file:
        found.append(f"published {version.file} under token {run.token}")
    told = describe(version_path(settings, version))
    if told.counts != truth:
        found.append(f"its version holds {told.counts} and the tenant {truth}")
    if told.tenant_id.lower() != version.tenant_id:
        found.append(f"its version is of tenant {told.tenant_id}")
    return found


def _wrongs_of_versions(settings: Settings) -> list[str]:
    found = []
    newest: dict[str, InventoryVersion] = {}
    for version in InventoryVersion.objects.order_by("pk"):
        newest[version.tenant_id] = version
    for tenant_id, version in newest.items():
        if not version.current:
            found.append(f"the newest version of tenant {tenant_id} is not what readers see")
    known = {version_path(settings, version) for version in InventoryVersion.objects.all()}
    there = {path for path in settings.inventory.rglob("*") if path.is_file()}
    found += [f"a version without its file: {path}" for path in known - there]
    found += [f"a file of no version: {path}" for path in there - known]
    return found


def _left_over(settings: Settings) -> list[str]:
    kept = {Path(run.package).name for run in ImportRun.objects.exclude(package="")}
    folders = set((settings.home / "packages").glob("*"))
    found = [str(folder) for folder in folders if folder.name not in kept]
    found += [str(folder) for folder in folders if not (folder / "manifest.json").is_file()]
    found += [str(path) for path in (settings.home / "locks").glob("worker-*")]
    found += [str(each) for each in (*Worker.objects.all(), *TenantWriting.objects.all())]
    return found
