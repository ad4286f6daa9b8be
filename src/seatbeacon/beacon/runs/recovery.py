"""Runs whose process died: found by the lock that a living one holds, and marked interrupted."""

from __future__ import annotations

import contextlib
import shutil
import socket
from typing import TYPE_CHECKING

from django.db import connection as database

from seatbeacon.beacon.errors import WrongState
from seatbeacon.beacon.locks import LockBusyError, file_lock
from seatbeacon.beacon.models import ImportRun, RunState
from seatbeacon.beacon.runs.states import move

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings

PROBLEM = "The process that ran it ended before the run did."
REMEDY = "Run the import again; what was published before is still published."


def run_lock(settings: Settings, connection_id: int | None) -> Path:
    """The lock that is held while a run of that connection (or of a package, for None) is under way."""
    name = "package" if connection_id is None else str(connection_id)
    return settings.home / "locks" / f"import-{name}"


def package_folder(settings: Settings, run: ImportRun) -> Path:
    """Where a run collects its package."""
    return settings.home / "packages" / f"run-{run.pk}"


def interrupt_dead_runs(settings: Settings) -> list[ImportRun]:
    """Mark each run whose process died on this machine, and return them. Living ones are left alone."""
    dead: list[ImportRun] = []
    running = ImportRun.objects.filter(state=RunState.RUNNING)
    for connection_id in set(running.values_list("connection_id", flat=True)):
        with (
            contextlib.suppress(LockBusyError),
            file_lock(run_lock(settings, connection_id), wait=False),
        ):
            dead += interrupt_runs_of(settings, connection_id)
    return dead


def interrupt_runs_of(settings: Settings, connection_id: int | None) -> list[ImportRun]:
    """As `interrupt_dead_runs` for one connection, whose `run_lock` the caller holds."""
    dead = []
    running = ImportRun.objects.filter(state=RunState.RUNNING)
    if connection_id is None:
        running = running.filter(connection__isnull=True)
    else:
        running = running.filter(connection_id=connection_id)
    for run in running:
        # Another machine's locks are not ours to see; SQLite's home is on one machine only.
        if database.vendor != "sqlite" and run.host != socket.gethostname():
            continue
        with contextlib.suppress(WrongState):
            move(run, RunState.INTERRUPTED, problem=PROBLEM, remedy=REMEDY)
            dead.append(run)
        shutil.rmtree(package_folder(settings, run), ignore_errors=True)
    return dead
