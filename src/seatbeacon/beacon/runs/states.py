"""Which state of a run may follow which. A change is one conditional UPDATE that must change exactly one row.

queued ──▶ running ──▶ succeeded
   │          ├──────▶ succeeded with problems
   │          ├──────▶ failed
   │          ├──────▶ cancelled
   │          ├──────▶ interrupted ──▶ queued                         (its process died)
   │          ├──────▶ queued                                         (its process was asked to end)
   │          └──────▶ held ──▶ succeeded · succeeded with problems   (a person publishes it)
   └─▶ cancelled         └────▶ cancelled                             (a person discards it)

Every change names the run's token as well, which each claim raises: a process that was silent for so long
that its run was given to another one can change nothing of it any more, and so publishes nothing.
"""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from seatbeacon.beacon.errors import RunIsActive, WrongState
from seatbeacon.beacon.models import ACTIVE_STATES, Connection, ImportRun, RunState, Trigger

if TYPE_CHECKING:
    from django.db.models import QuerySet

FOLLOWS: dict[RunState, frozenset[RunState]] = {
    RunState.QUEUED: frozenset({RunState.RUNNING, RunState.CANCELLED}),
    RunState.RUNNING: frozenset(
        {
            RunState.SUCCEEDED,
            RunState.SUCCEEDED_WITH_PROBLEMS,
            RunState.FAILED,
            RunState.CANCELLED,
            RunState.INTERRUPTED,
            RunState.QUEUED,
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


def create_run(connection: Connection | None, trigger: Trigger, worker: str = "") -> ImportRun:
    """A new run, running in this process, which is registered as `worker`. `connection` is None for a package
    import.

    Raises RunIsActive, naming the run, where the connection has one under way.
    """
    now = datetime.now(UTC)
    here = {"worker": worker, "host": socket.gethostname(), "pid": os.getpid()}
    return new_run(
        connection,
        trigger,
        state=RunState.RUNNING,
        queued_at=now,
        started_at=now,
        token=1,
        attempts=1,
        **here,
    )


def new_run(connection: Connection | None, trigger: Trigger, **fields: Any) -> ImportRun:
    """A new run with those fields. Raises RunIsActive as `create_run`."""
    name = connection.name if connection else ""
    try:
        with transaction.atomic():
            return ImportRun.objects.create(
                connection=connection, connection_name=name, trigger=trigger, **fields
            )
    except IntegrityError as error:
        active = active_run(connection) if connection else None
        if active is None:
            raise
        raise RunIsActive(describe_active(active)) from error


def own(run: ImportRun) -> QuerySet[ImportRun]:
    """The run's row as long as it is running under this token: empty once it was given to another process."""
    return ImportRun.objects.filter(pk=run.pk, token=run.token, state=RunState.RUNNING)


def active_run(connection: Connection) -> ImportRun | None:
    """The connection's run that is queued or running, if any."""
    return ImportRun.objects.filter(connection=connection, state__in=ACTIVE_STATES).first()


def describe_active(run: ImportRun) -> str:
    """The sentence that refuses a second run beside `run`."""
    since = f" since {run.started_at:%Y-%m-%d %H:%M:%S} UTC" if run.started_at else ""
    where = f" (process {run.pid} on {run.host})" if run.pid and run.state == RunState.RUNNING else ""
    return (
        f"Import run {run.pk} of connection “{run.connection_name}” is {run.state}{since}{where}. "
        "Wait for it to end, then run the import again."
    )


def move(run: ImportRun, to: RunState, **fields: Any) -> None:
    """Take `run` from the state it was read in to `to`, and set `fields`, all at once.

    Raises WrongState where `to` may not follow, or where the run is no longer in that state or under that
    token: somebody else moved it meanwhile, and nothing was changed.
    """
    before = RunState(run.state)
    if to not in FOLLOWS[before]:
        raise WrongState(f"Import run {run.pk} is {before.value} and cannot become {to.value}.")
    if to not in ACTIVE_STATES:
        # A clock that was set back does not make a run end before it began.
        fields.setdefault("ended_at", max(datetime.now(UTC), run.started_at or run.queued_at))
    found = ImportRun.objects.filter(pk=run.pk)
    if found.filter(state=before, token=run.token).update(state=to, **fields) != 1:
        current = found.values_list("state", flat=True).first() or "gone"
        raise WrongState(f"Import run {run.pk} is {current} by now, and no longer this process's to change.")
    run.state = to
    for name, value in fields.items():
        setattr(run, name, value)
