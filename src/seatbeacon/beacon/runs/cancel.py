"""Ask a run to stop."""

from __future__ import annotations

from django.db import transaction

from seatbeacon.beacon.audit import Actor, record
from seatbeacon.beacon.errors import WrongState
from seatbeacon.beacon.models import ACTIVE_STATES, ImportRun, RunState
from seatbeacon.beacon.runs.states import move


def request_cancel(run: ImportRun, *, actor: Actor) -> None:
    """Cancel `run`: at once while it is queued, at its next page while it runs, wherever it runs.

    Raises WrongState where it is over.
    """
    with transaction.atomic():
        run.refresh_from_db()
        if run.state == RunState.QUEUED:
            move(run, RunState.CANCELLED, problem="It was cancelled before it began.", remedy="")
        elif ImportRun.objects.filter(pk=run.pk, state__in=ACTIVE_STATES).update(cancel_requested=True) == 1:
            run.cancel_requested = True
        else:
            raise WrongState(f"Import run {run.pk} is {run.state}: there is nothing to cancel.")
        record(actor, "import.cancel-requested", run.connection_name, run=run.pk)
