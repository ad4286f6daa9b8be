"""Execute Now: one import of one connection, in this process, from sign-in to publication."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

from django.db import DatabaseError, InterfaceError, OperationalError
from django.db import connections as databases

from seatbeacon.beacon.audit import Actor, record
from seatbeacon.beacon.connections.access import open_access
from seatbeacon.beacon.connections.tenants import refuse_taken_tenant
from seatbeacon.beacon.errors import ConnectionDisabled, WrongState
from seatbeacon.beacon.explain import explain
from seatbeacon.beacon.imports.merge import merge_package
from seatbeacon.beacon.imports.observer import Observer, Unobserved
from seatbeacon.beacon.imports.outcome import dataset_outcomes
from seatbeacon.beacon.imports.prune import drop_package
from seatbeacon.beacon.imports.resume import begin_folder
from seatbeacon.beacon.imports.space import require_space, watching_space
from seatbeacon.beacon.logs.run_log import run_log
from seatbeacon.beacon.models import Connection, ImportRun, RunState, Trigger
from seatbeacon.beacon.runs.interruptions import HandedOver, LeaseLost
from seatbeacon.beacon.runs.presence import present
from seatbeacon.beacon.runs.progress import RunWatch
from seatbeacon.beacon.runs.queued import begun_here, claim_run
from seatbeacon.beacon.runs.recovery import hand_over, interrupt, interrupt_dead_runs
from seatbeacon.beacon.runs.states import move, own
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

    1. Runs whose process died are put back into the queue.
    2. The connection's run that waits there is taken over; where there is none, one is made.
    3. The connection is read into a package of the run's own, which is verified.
    4. The package becomes a new version beside the current one.
    5. One transaction publishes the version and ends the run.
    """
    if not connection.enabled:
        name = connection.name
        message = f'“{name}” is disabled. Enable it with: seatbeacon connection enable "{name}"'
        raise ConnectionDisabled(message)
    with present(settings) as me:
        interrupt_dead_runs(settings)
        with begun_here(me, connection, trigger) as run:
            if actor is not None:
                record(actor, "import.started", connection.name, run=run.pk, trigger=run.trigger)
            execute_claimed(settings, run, observer=observer, check_cancelled=check_cancelled)
    return run


def execute_queued(
    settings: Settings,
    run: ImportRun,
    *,
    observer: Observer | None = None,
    check_cancelled: CheckCancelled = None,
) -> None:
    """Claim `run`, which is queued, and do with its connection as `run_import` does.

    Raises WrongState where another process claimed it first, and whatever fails, as `run_import`.
    """
    with present(settings) as me, me.at_run(run.pk):
        claim_run(run, me.id)
        execute_claimed(settings, run, observer=observer, check_cancelled=check_cancelled)


def execute_claimed(
    settings: Settings,
    run: ImportRun,
    *,
    observer: Observer | None = None,
    check_cancelled: CheckCancelled = None,
) -> None:
    """Import the connection of `run`, which this process has claimed and is at. Raises as `run_import`."""
    connection = run.connection
    assert connection is not None  # noqa: S101 - no run without a connection is claimed
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

    Raises GraphError, CollectionError or SecretError.
    """
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
    """Say of `run` how it ended where the block raises, and raise on.

    Failed or cancelled it loses its package. Where this process is to end, or the database was away, it is
    queued again and keeps it. Where it is another process's by now nothing of it is touched.
    """
    try:
        yield
    except LeaseLost:
        logger.warning("It was given to another process, and stops here.")
        raise
    except HandedOver:
        logger.info("This worker is being stopped; the next one goes on with it.")
        with contextlib.suppress(WrongState):
            hand_over(run)
        raise
    except (Cancelled, ImportCancelled, KeyboardInterrupt):
        logger.info("It was stopped before it was done.")
        _end(settings, run, RunState.CANCELLED, "It was stopped before it was done.", "")
        raise
    except BaseException as error:
        if _is_away(error):
            logger.warning("The database was away: %s", error)
            databases.close_all()
            # Where it still is, this process's next heartbeat does it.
            with contextlib.suppress(DatabaseError):
                interrupt(settings, run)
            raise
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
    folder, resume = begin_folder(settings, run, connection)
    own(run).update(package=str(folder))
    run.package = str(folder)
    manifest = collect_package(
        settings, connection, folder, observer=observer, check_cancelled=check_cancelled, resume=resume
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
    own(run).update(
        datasets=run.datasets,
        tenant_id=run.tenant_id,
        requests=manifest.requests,
        throttled_seconds=manifest.throttled_seconds,
    )


def _end(settings: Settings, run: ImportRun, state: RunState, problem: str, remedy: str) -> None:
    try:
        move(run, state, problem=problem, remedy=remedy)
    except WrongState:
        # It is somebody else's by now, and so is what was read of it. What went wrong is told in any case.
        return
    drop_package(settings, run)


def _is_away(error: BaseException) -> bool:
    """Whether it says that the control plane's database is away, which passes. A full disk does not by
    itself."""
    return isinstance(error, OperationalError | InterfaceError) and "full" not in str(error)
