"""What a person decides about a held run: publish it, or discard it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from seatbeacon.beacon.audit import COMMAND_LINE, Actor, record
from seatbeacon.beacon.errors import NoSuchRun, WrongState
from seatbeacon.beacon.imports.outcome import problem_of, state_of
from seatbeacon.beacon.imports.prune import drop_package, prune_versions, remove_version
from seatbeacon.beacon.imports.versions import publish
from seatbeacon.beacon.imports.writing import tenant_at_rest
from seatbeacon.beacon.models import ImportRun, InventoryVersion, RunState
from seatbeacon.beacon.runs.states import move

if TYPE_CHECKING:
    from seatbeacon.beacon.settings import Settings


def find_run(number: int) -> ImportRun:
    """The run of that number. Raises NoSuchRun."""
    run = ImportRun.objects.filter(pk=number).first()
    if run is None:
        raise NoSuchRun(f"There is no import run {number}. List them with: seatbeacon import list")
    return run


def publish_held(settings: Settings, run: ImportRun, *, actor: Actor = COMMAND_LINE) -> None:
    """Publish the version that `run` holds. Raises WrongState where it holds none, StaleVersion, or
    RunIsActive where an import is writing the tenant's inventory."""
    version = _held_version(run)
    problem, remedy = problem_of(run.datasets)
    with tenant_at_rest(version.tenant_id, version.tenant.display_name):
        publish(version, run, state_of(run.datasets), problem=problem, remedy=remedy)
        record(actor, "import.published", run.connection_name, run=run.pk)
    prune_versions(settings, version.tenant_id)


def discard_held(settings: Settings, run: ImportRun, *, actor: Actor = COMMAND_LINE) -> None:
    """Remove the version that `run` holds; the published one stays. Raises WrongState where it holds none."""
    version = _held_version(run)
    problem = f"Held, and discarded by a person. {run.problem}"
    with transaction.atomic():
        move(run, RunState.CANCELLED, problem=problem, remedy="")
        record(actor, "import.discarded", run.connection_name, run=run.pk)
    remove_version(settings, version)
    drop_package(settings, run)


def _held_version(run: ImportRun) -> InventoryVersion:
    version = InventoryVersion.objects.filter(run=run, published_at__isnull=True).first()
    if run.state != RunState.HELD or version is None:
        message = f"Import run {run.pk} is {run.state}, not held: there is nothing to decide."
        raise WrongState(message)
    return version
