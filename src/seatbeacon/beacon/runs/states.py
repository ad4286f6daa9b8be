"""Which state of a run may follow which. A change is one conditional UPDATE that must change exactly one row.

queued ──▶ running ──▶ succeeded
   │          ├──────▶ succeeded with problems
   │          ├──────▶ failed
   │          ├──────▶ cancelled
   │          ├──────▶ interrupted ──▶ queued
   │          └──────▶ held ──▶ succeeded · succeeded with problems   (a person publishes it)
   └─▶ cancelled         └────▶ cancelled                             (a person discards it)
"""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, transaction

from seatbeacon.beacon.errors import RunIsActive, WrongState
from seatbeacon.beacon.models import ACTIVE_STATES, Connection, ImportRun, RunState, Trigger

FOLLOWS: dict[RunState, frozenset[RunState]] = {
    RunState.QUEUED: frozenset({RunState.RUNNING, RunState.CANCELLED}),
    RunState.RUNNING: frozenset(
        {
            RunState.SUCCEEDED,
            RunState.SUCCEEDED_WITH_PROBLEMS,
            RunState.FAILED,
            RunState.CANCELLED,
            RunState.INTERRUPTED,
            RunState.HELD,
        }
    ),
    RunState.HELD: frozenset({RunState.SUCCEEDED, RunState.SUCCEEDED_WITH_PROBLEMS, RunState.CANCELLED}),
    RunState.INTERRUPTED: frozenset({RunState.QUEUED}),
    RunState.SUCCEEDED: frozenset(),
    RunState.SUCCEEDED_WITH_PROBLEMS: frozenset(),
    RunState.FAILED: frozenset(),
    RunState.CANCELLED: frozenset(),
}


def create_run(connection: Connection | None, trigger: Trigger) -> ImportRun:
    """A new run, running in this process. `connection` is None for a package import.

    Raises RunIsActive, naming the run, where the connection has one under way.
    """
    now = datetime.now(UTC)
    try:
        with transaction.atomic():
            return ImportRun.objects.create(
                connection=connection,
                connection_name=connection.name if connection else "",
                trigger=trigger,
                state=RunState.RUNNING,
                host=socket.gethostname(),
                pid=os.getpid(),
                queued_at=now,
                started_at=now,
            )
    except IntegrityError as error:
        active = active_run(connection) if connection else None
        if active is None:
            raise
        raise RunIsActive(describe_active(active)) from error


def active_run(connection: Connection) -> ImportRun | None:
    """The connection's run that is queued or running, if any."""
    return ImportRun.objects.filter(connection=connection, state__in=ACTIVE_STATES).first()


def describe_active(run: ImportRun) -> str:
    """The sentence that refuses a second run beside `run`."""
    since = f" since {run.started_at:%Y-%m-%d %H:%M:%S} UTC" if run.started_at else ""
    where = f" (process {run.pid} on {run.host})" if run.pid else ""
    return (
        f"Import run {run.pk} of connection “{run.connection_name}” is {run.state}{since}{where}. "
        "Wait for it to end, then run the import again."
    )


def move(run: ImportRun, to: RunState, **fields: Any) -> None:
    """Take `run` from the state it was read in to `to`, and set `fields`, all at once.

    Raises WrongState where `to` may not follow, or where the run is no longer in that state: somebody else
    moved it meanwhile, and nothing was changed.
    """
    before = RunState(run.state)
    if to not in FOLLOWS[before]:
        raise WrongState(f"Import run {run.pk} is {before.value} and cannot become {to.value}.")
    if to not in ACTIVE_STATES:
        fields.setdefault("ended_at", datetime.now(UTC))
    changed = ImportRun.objects.filter(pk=run.pk, state=before).update(state=to, **fields)
    if changed != 1:
        current = ImportRun.objects.filter(pk=run.pk).values_list("state", flat=True).first() or "gone"
        raise WrongState(f"Import run {run.pk} is {current} by now, no longer {before.value}.")
    run.state = to
    for name, value in fields.items():
        setattr(run, name, value)
