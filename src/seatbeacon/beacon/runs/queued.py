"""Runs that wait for a worker: made by whoever asks for an import, claimed by exactly one process."""

from __future__ import annotations

import contextlib
import os
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from seatbeacon.beacon.errors import ConnectionDisabled, RunIsActive, WrongState
from seatbeacon.beacon.models import Connection, ImportRun, RunState, Trigger
from seatbeacon.beacon.runs.states import active_run, create_run, describe_active, move, new_run

if TYPE_CHECKING:
    from collections.abc import Generator

    from seatbeacon.beacon.runs.presence import Presence

CANDIDATES = 20
"""Of the runs that wait longest so many are tried in turn, before the list is read anew."""


def queue_run(connection: Connection, trigger: Trigger) -> ImportRun:
    """A new queued run. Raises RunIsActive where the connection has one under way, or ConnectionDisabled."""
    if not connection.enabled:
        raise ConnectionDisabled(f"“{connection.name}” is disabled. Enable it, then run the import again.")
    return new_run(connection, trigger, state=RunState.QUEUED, queued_at=datetime.now(UTC))


def claim_run(run: ImportRun, worker: str = "") -> None:
    """Make this process, registered as `worker`, the one that runs `run`, under a new token.

    Raises WrongState where it is no longer queued.
    """
    move(
        run,
        RunState.RUNNING,
        worker=worker,
        token=run.token + 1,
        attempts=run.attempts + 1,
        host=socket.gethostname(),
        pid=os.getpid(),
        started_at=run.started_at or datetime.now(UTC),
        problem="",
        remedy="",
    )


@contextlib.contextmanager
def begun_here(me: Presence, connection: Connection | None, trigger: Trigger) -> Generator[ImportRun]:
    """A run that this process runs itself: the one of `connection` that waits for a worker, or a new one.

    Raises RunIsActive, naming the run, where one is under way.
    """
    with contextlib.ExitStack() as at:
        waiting = None if connection is None else _waiting_of(connection)
        with transaction.atomic():
            run = waiting or create_run(connection, trigger, me.id)
            # Before anybody else can see it running.
            at.enter_context(me.at_run(run.pk))
            if waiting is not None and connection is not None:
                try:
                    claim_run(waiting, me.id)
                except WrongState as error:
                    raise RunIsActive(describe_active(active_run(connection) or waiting)) from error
        yield run


@contextlib.contextmanager
def claimed_next(me: Presence) -> Generator[ImportRun | None]:
    """Claim the run that waits longest, whichever message said that there is one, and be at it while in here.

    Gives None where none waits. Those whose connection is gone or disabled are cancelled on the way.
    """
    with contextlib.ExitStack() as at:
        yield _claim_next(me, at)


def _claim_next(me: Presence, at: contextlib.ExitStack) -> ImportRun | None:
    waiting = ImportRun.objects.filter(state=RunState.QUEUED).select_related("connection").order_by("pk")
    while runs := list(waiting[:CANDIDATES]):
        for run in runs:
            with contextlib.suppress(WrongState):
                if (reason := _why_not(run)) is not None:
                    move(run, RunState.CANCELLED, problem=reason, remedy="")
                    continue
                with contextlib.ExitStack() as trying:
                    trying.enter_context(me.at_run(run.pk))
                    claim_run(run, me.id)
                    at.push(trying.pop_all())
                    return run
    return None


def _waiting_of(connection: Connection) -> ImportRun | None:
    waiting = ImportRun.objects.filter(connection=connection, state=RunState.QUEUED)
    return waiting.select_related("connection").first()


def _why_not(run: ImportRun) -> str | None:
    if run.connection is None:
        return "Its connection was deleted before the run began."
    if not run.connection.enabled:
        return "Its connection was disabled before the run began."
    return None
