"""The settings, as `seatbeacon settings` lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatbeacon.beacon.settings import describe_settings
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@requires(Role.ADMINISTRATOR)
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """Every setting with its value and where it comes from; secrets are masked."""
    return render(request, "settings/list.html", {"settings": describe_settings()})
