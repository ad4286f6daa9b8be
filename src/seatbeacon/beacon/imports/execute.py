"""Execute Now: one import of one connection, in this process, from sign-in to publication."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

from seatbeacon.beacon.audit import Actor, record
from seatbeacon.beacon.connections.access import open_access
from seatbeacon.beacon.connections.tenants import refuse_taken_tenant
from seatbeacon.beacon.errors import ConnectionDisabled, RunIsActive, WrongState
from seatbeacon.beacon.explain import explain
from seatbeacon.beacon.imports.merge import merge_package
from seatbeacon.beacon.imports.observer import Observer, Unobserved
from seatbeacon.beacon.imports.outcome import dataset_outcomes
from seatbeacon.beacon.imports.prune import drop_package
from seatbeacon.beacon.imports.space import require_space, watching_space
from seatbeacon.beacon.locks import LockBusyError, file_lock
from seatbeacon.beacon.logs.run_log import run_log
from seatbeacon.beacon.models import Connection, ImportRun, RunState, Trigger
from seatbeacon.beacon.runs.progress import RunWatch
from seatbeacon.beacon.runs.queued import claim_run
from seatbeacon.beacon.runs.recovery import interrupt_runs_of, package_folder, run_lock
from seatbeacon.beacon.runs.states import active_run, create_run, describe_active, move
from seatbeacon.collection.collector import collect
from seatbeacon.collection.package.reader import Package, open_package
from seatbeacon.graph.errors import Cancelled
from seatbeacon.inventory.errors import ImportCancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.collection.package import Manifest

    CheckCancelled = Callable[[], None] | None

logger = logging.getLogger(__name__)


def run_import(
    settings: Settings,
    connection: Connection,
    trigger: Trigger,
    *,
    actor: Actor | None = None,
    observer: Observer | None = None,
    check_cancelled: CheckCancelled = None,
) -> ImportRun:
    """Import `connection` and return its run: succeeded, succeeded with problems, or held.

    With `actor` the audit log tells who started it.

    Whatever fails is raised once the run says so (failed, or cancelled), and leaves what was published before
    published. `check_cancelled` raises `graph.errors.Cancelled` to stop, and is asked at each page. Raises
    RunIsActive, naming the run, where one is under way already.

    1. A run that a killed process left behind is marked interrupted.
    2. The connection is read into a package of the run's own, which is verified.
    3. The package becomes a new version beside the current one.
    4. One transaction publishes the version and ends the run.
    """
    if not connection.enabled:
        name = connection.name
        message = f'“{name}” is disabled. Enable it with: seatbeacon connection enable "{name}"'
        raise ConnectionDisabled(message)
    with _only_run(settings, connection):
        interrupt_runs_of(settings, connection.pk)
        run = create_run(connection, trigger)
        if actor is not None:
            record(actor, "import.started", connection.name, run=run.pk, trigger=run.trigger)
        _import(settings, run, connection, observer, check_cancelled)
    return run


def execute_queued(
    settings: Settings,
    run: ImportRun,
    *,
    observer: Observer | None = None,
    check_cancelled: CheckCancelled = None,
) -> None:
    """Claim `run`, which is queued, and do with its connection as `run_import` does.

    Raises WrongState where another process claimed it first, RunIsActive where an import of the connection is
    under way, and whatever fails, as `run_import`.
    """
    connection = run.connection
    if connection is None:
        move(run, RunState.CANCELLED, problem="Its connection was deleted before the run began.", remedy="")
        return
    with _only_run(settings, connection):
        interrupt_runs_of(settings, connection.pk)
        claim_run(run)
        _import(settings, run, connection, observer, check_cancelled)


def _import(
    settings: Settings,
    run: ImportRun,
    connection: Connection,
    observer: Observer | None,
    check_cancelled: CheckCancelled,
) -> None:
    with (
        run_log(run),
        RunWatch(observer or Unobserved(), watching_space(settings, check_cancelled)) as watch,
        ending(settings, run),
    ):
        watch.started(run)
        require_space(settings, connection)
        package = _collect(settings, run, connection, watch, watch.check)
        merge_package(settings, run, package, observer=watch, check_cancelled=watch.check)


def collect_package(
    settings: Settings,
    connection: Connection,
    folder: Path,
    *,
    observer: Observer,
    check_cancelled: CheckCancelled = None,
    resume: bool = False,
) -> Manifest:
    """Read `connection` into a package in `folder`, going on with what stands there where `resume`.

    Raises GraphError, CollectionError or SecretError."""
    with open_access(settings, connection, check_cancelled=check_cancelled) as access:
        # Sign in first: what is wrong there is told as such, and at once.
        access.tokens.token()
        logger.info("Signed in to Microsoft; reading from %s.", connection.graph_root)
        known = access.tokens.tokens
        if not connection.tenant_id and known is not None and known.id_claims.tid:
            refuse_taken_tenant(known.id_claims.tid, connection)
        return collect(
            access.client,
            folder,
            connection=connection.name,
            cloud=access.cloud,
            expected_tenant=connection.tenant_id or None,
            parallel=settings.parallel,
            progress=observer.collected,
            check_cancelled=check_cancelled,
            resume=resume,
        )


@contextlib.contextmanager
def ending(settings: Settings, run: ImportRun) -> Generator[None]:
    """End `run` as failed or cancelled where the block raises, drop its package, and raise on."""
    try:
        yield
    except (Cancelled, ImportCancelled, KeyboardInterrupt):
        logger.info("It was stopped before it was done.")
        _end(settings, run, RunState.CANCELLED, "It was stopped before it was done.", "")
        raise
    except BaseException as error:
        explained = explain(error)
        logger.log(logging.ERROR, "It failed. %s %s", explained.problem, explained.remedy)
        _end(settings, run, RunState.FAILED, explained.problem, explained.remedy)
        raise


def _collect(
    settings: Settings,
    run: ImportRun,
    connection: Connection,
    observer: Observer,
    check_cancelled: CheckCancelled,
) -> Package:
    folder = package_folder(settings, run)
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    ImportRun.objects.filter(pk=run.pk).update(package=str(folder))
    run.package = str(folder)
    manifest = collect_package(
        settings, connection, folder, observer=observer, check_cancelled=check_cancelled
    )
    remember_datasets(run, manifest)
    logger.info(
        "Read %s in %s requests; Microsoft asked to wait for %.0f s in all.",
        manifest.tenant.display_name if manifest.tenant else "the tenant",
        f"{manifest.requests:,}",
        manifest.throttled_seconds,
    )
    if not connection.tenant_id:
        refuse_taken_tenant(run.tenant_id, connection)
    package = open_package(folder)
    package.verify(tenant=connection.tenant_id or None, checksums=False)
    return package


def remember_datasets(run: ImportRun, manifest: Manifest) -> None:
    """What became of each dataset, kept with the run before anything else can go wrong."""
    run.datasets = dataset_outcomes(manifest)
    run.tenant_id = manifest.tenant.id.lower() if manifest.tenant else ""
    ImportRun.objects.filter(pk=run.pk).update(
        datasets=run.datasets,
        tenant_id=run.tenant_id,
        requests=manifest.requests,
        throttled_seconds=manifest.throttled_seconds,
    )


@contextlib.contextmanager
def _only_run(settings: Settings, connection: Connection) -> Generator[None]:
    lock = file_lock(run_lock(settings, connection.pk), wait=False)
    try:
        lock.__enter__()
    except LockBusyError:
        active = active_run(connection)
        told = describe_active(active) if active else f"An import of “{connection.name}” is starting already."
        raise RunIsActive(told) from None
    with contextlib.ExitStack() as stack:
        stack.push(lock)
        yield


def _end(settings: Settings, run: ImportRun, state: RunState, problem: str, remedy: str) -> None:
    # Somebody else may have ended it meanwhile; what went wrong is told in any case.
    with contextlib.suppress(WrongState):
        move(run, state, problem=problem, remedy=remedy)
    drop_package(settings, run)
