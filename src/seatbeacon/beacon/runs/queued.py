"""Runs that wait for a worker: made by whoever asks for an import, claimed by exactly one worker."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime

from django.db import IntegrityError, transaction

from seatbeacon.beacon.errors import ConnectionDisabled, RunIsActive
from seatbeacon.beacon.models import Connection, ImportRun, RunState, Trigger
from seatbeacon.beacon.runs.states import active_run, describe_active, move


def queue_run(connection: Connection, trigger: Trigger) -> ImportRun:
    """A new queued run. Raises RunIsActive where the connection has one under way, or ConnectionDisabled."""
    if not connection.enabled:
        raise ConnectionDisabled(f"“{connection.name}” is disabled. Enable it, then run the import again.")
    try:
        with transaction.atomic():
            return ImportRun.objects.create(
                connection=connection,
                connection_name=connection.name,
                trigger=trigger,
                state=RunState.QUEUED,
                queued_at=datetime.now(UTC),
            )
    except IntegrityError as error:
        active = active_run(connection)
        if active is None:
            raise
        raise RunIsActive(describe_active(active)) from error


def claim_run(run: ImportRun) -> None:
    """Make this process the one that runs `run`. Raises WrongState where it is no longer queued."""
    move(
        run,
        RunState.RUNNING,
        host=socket.gethostname(),
        pid=os.getpid(),
        started_at=datetime.now(UTC),
    )
