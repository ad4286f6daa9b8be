"""Cancel an import that is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from seatbeacon.beacon.errors import WrongState
from seatbeacon.beacon.models import ImportRun
from seatbeacon.beacon.runs.cancel import request_cancel
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@requires(Role.OPERATOR)
@require_POST
def cancel(request: HttpRequest, run_id: int) -> HttpResponse:
    """Ask the run to stop: at once while it is queued, else at its next page."""
    run = get_object_or_404(ImportRun, pk=run_id)
    try:
        request_cancel(run, actor=actor_of(request))
    except WrongState as error:
        messages.info(request, str(error))
    return redirect("import-run", run.pk)
