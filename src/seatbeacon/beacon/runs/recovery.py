"""Runs whose process died or fell silent: put back into the queue, to go on from what is whole of their
package."""

from __future__ import annotations

import contextlib
import logging
import re
import shutil
import socket
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from seatbeacon.beacon.errors import WrongState
from seatbeacon.beacon.locks import LockBusyError, file_lock
from seatbeacon.beacon.models import ImportRun, RunState, TenantWriting, Worker
from seatbeacon.beacon.runs.states import move

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.runs.lookout import Lookout
    from seatbeacon.beacon.settings import Settings

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
"""How often a run is begun before it is given up."""

PROBLEM = "The process that ran it ended before the run did."
GOES_ON = "It waits for a worker, which goes on with what was read already."
AGAIN = "Import again; what was published before is still published."
GIVEN_UP = (
    f"{MOST_ATTEMPTS} times the process that ran it ended before the run did. Often that is for want of "
    "memory: look into the system's log, and at SEATBEACON_MEMORY_LIMIT and SEATBEACON_IMPORTS_AT_ONCE."
)


def worker_lock(settings: Settings, worker_id: str) -> Path:
    """The lock that a process holds on its machine while it is registered."""
    return settings.home / "locks" / f"worker-{worker_id}"


def package_folder(settings: Settings, run: ImportRun) -> Path:
    """Where a run collects its package: a folder of its own for each claim, so that two never write into
    one."""
    return settings.home / "packages" / f"run-{run.pk}-{run.token}"


def package_folders(settings: Settings, run: ImportRun) -> list[Path]:
    """The folders that claims of `run` have left in this home, the newest first."""
    name = re.compile(rf"run-{run.pk}(?:-(\d+))?")
    found = [path for path in (settings.home / "packages").glob(f"run-{run.pk}*") if path.is_dir()]
    tokens = {path: int(match[1] or 0) for path in found if (match := name.fullmatch(path.name))}
    return sorted(tokens, key=lambda path: tokens[path], reverse=True)


def interrupt_dead_runs(settings: Settings) -> list[ImportRun]:
    """Interrupt each run whose process is known to have died, and return them. Living ones are left alone.

    Known is it of processes of this machine, by the lock that a living one holds; and of those that are
    registered no longer. A run of a connection is queued again, up to three attempts.
    """
    _bury_dead_of_this_machine(settings)
    registered = Worker.objects.filter(pk=OuterRef("worker"))
    orphans = ImportRun.objects.filter(~Exists(registered), state=RunState.RUNNING)
    return [run for run in orphans if interrupt(settings, run)]


def interrupt_silent_runs(settings: Settings, lookout: Lookout) -> list[ImportRun]:
    """As `interrupt_dead_runs`, and with those whose process has not been heard of for a lease, wherever it
    is."""
    beats = dict(Worker.objects.values_list("pk", "beats"))
    for silent in lookout.look(beats):
        # Unless it was heard of just now.
        buried, _ = Worker.objects.filter(pk=silent, beats=beats[silent]).delete()
        if buried:
            logger.warning(
                "Worker %s was not heard of for %.0f s: its imports go to others", silent, settings.lease
            )
    TenantWriting.objects.filter(~Exists(Worker.objects.filter(pk=OuterRef("worker")))).delete()
    return interrupt_dead_runs(settings)


def interrupt(settings: Settings, run: ImportRun) -> bool:
    """Take `run`, as it was read, from its process; answers whether that is what happened.

    It is queued again, unless somebody cancelled it, or it was begun three times, or has no connection to be
    read from.
    """
    try:
        with transaction.atomic():
            if run.cancel_requested:
                move(run, RunState.CANCELLED, problem=f"It was cancelled. {PROBLEM}", remedy="")
            elif run.connection_id is None:
                move(run, RunState.INTERRUPTED, problem=PROBLEM, remedy=AGAIN)
            elif run.attempts >= MOST_ATTEMPTS:
                move(run, RunState.FAILED, problem=GIVEN_UP, remedy=AGAIN)
            else:
                move(run, RunState.INTERRUPTED, problem=PROBLEM, remedy=AGAIN)
                move(run, RunState.QUEUED, problem=PROBLEM, remedy=GOES_ON, ended_at=None)
    except WrongState:
        # It ended after all, or somebody else interrupted it.
        return False
    logger.warning("Import %s was interrupted after attempt %s; it is %s", run.pk, run.attempts, run.state)
    if run.state != RunState.QUEUED:
        for folder in package_folders(settings, run):
            shutil.rmtree(folder, ignore_errors=True)
    return True


def hand_over(run: ImportRun) -> None:
    """Queue `run`, which this process has claimed, again for the next worker; its package stays. That is no
    failed attempt. Raises WrongState where it is no longer ours."""
    move(
        run,
        RunState.QUEUED,
        attempts=max(0, run.attempts - 1),
        problem="The worker that ran it was stopped.",
        remedy=GOES_ON,
    )


def _bury_dead_of_this_machine(settings: Settings) -> None:
    """Remove the registration of each process of this machine that does not hold its lock any more."""
    for worker_id in Worker.objects.filter(host=socket.gethostname()).values_list("pk", flat=True):
        lock = worker_lock(settings, worker_id)
        # A lock that is not here is of another home: of another container by the same name, say.
        if lock.exists():
            with contextlib.suppress(LockBusyError), file_lock(lock, wait=False):
                Worker.objects.filter(pk=worker_id).delete()
                lock.unlink(missing_ok=True)
