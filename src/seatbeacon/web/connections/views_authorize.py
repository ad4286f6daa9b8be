"""Generate…: from the form to Microsoft's sign-in, and the two ways back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from seatbeacon.beacon.authorization.begin import begin
from seatbeacon.beacon.authorization.device import begin_device, poll_device
from seatbeacon.beacon.authorization.finish import finish, finish_query
from seatbeacon.beacon.authorization.status import Status, authorization_status
from seatbeacon.beacon.errors import AuthorizationError, BeaconError, InvalidConnection
from seatbeacon.beacon.explain import explain
from seatbeacon.beacon.models import Flow
from seatbeacon.beacon.settings import load_settings
from seatbeacon.graph.errors import GraphError
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.connections.page import ShownToken, form_of, tenant_words
from seatbeacon.web.connections.shared import asker_of, find
from seatbeacon.web.connections.views_form import refused, typed_secrets

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from seatbeacon.beacon.authorization.candidates import Candidate
    from seatbeacon.beacon.models import Connection

BESIDE_GENERATE = {"name", "client_secret_expires"}
"""Fields that a sign-in does not need."""

ADDRESS_LENGTH = 100_000
"""Characters of a pasted address that are looked at; Microsoft's have some thousand."""


@requires(Role.ADMINISTRATOR)
@require_POST
def begin_new(request: HttpRequest) -> HttpResponse:
    """Start a sign-in for a connection that is not saved yet."""
    return _begin(request, None)


@requires(Role.ADMINISTRATOR)
@require_POST
def begin_edit(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Start a sign-in for a connection as its form stands."""
    return _begin(request, find(connection_id))


@requires(Role.ADMINISTRATOR)
@require_POST
def pasted(request: HttpRequest, authorization: str) -> HttpResponse:
    """The way back by hand: the address of the blank page, or the code in it."""
    address = request.POST.get("address", "")
    try:
        found = finish(
            load_settings(),
            address[: ADDRESS_LENGTH + 1],
            asker=asker_of(request),
            actor=actor_of(request),
            id=authorization,
        )
    except AuthorizationError as error:
        return render(request, "connections/_paste_error.html", {"error": error})
    return _generated(request, found)


@requires(Role.ADMINISTRATOR)
@require_GET
def status(request: HttpRequest, authorization: str) -> HttpResponse:
    """What became of a sign-in, for the dialog that waits for it."""
    try:
        told = authorization_status(authorization, asker=asker_of(request))
    except AuthorizationError as error:
        told = Status(state="failed", kind=error.kind, problem=error.problem, remedy=error.remedy)
    if told.state == "finished" and told.candidate is not None:
        return _generated(request, told.candidate)
    return render(request, "connections/_waiting.html", {"id": authorization, "told": told})


@requires(Role.ADMINISTRATOR)
@require_POST
def device(request: HttpRequest, authorization: str) -> HttpResponse:
    """Ask once whether somebody typed the device code; the dialog asks again."""
    context = {"id": authorization, "interval": _interval(request)}
    try:
        found = poll_device(load_settings(), authorization, asker=asker_of(request), actor=actor_of(request))
    except AuthorizationError as error:
        return render(request, "connections/_device_waiting.html", context | {"error": error})
    if found is None:
        return render(request, "connections/_device_waiting.html", context)
    return _generated(request, found)


@requires(Role.ADMINISTRATOR)
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """The way back by itself: where Microsoft sends the pop-up window."""
    found, error = None, None
    try:
        query = request.META.get("QUERY_STRING", "")
        found = finish_query(load_settings(), query, asker=asker_of(request), actor=actor_of(request))
    except AuthorizationError as refusal:
        error = refusal
    context = {"candidate": found, "error": error}
    answer = render(request, "connections/callback.html", context)
    # Its window came from Microsoft's; with a policy of its own it could not be closed by a script.
    answer["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return answer


def _begin(request: HttpRequest, before: Connection | None) -> HttpResponse:
    form = form_of(request, before)
    form.is_valid()
    for name in BESIDE_GENERATE & set(form.errors):
        del form.errors[name]
    if form.errors:
        return refused(request, form, "generate-refused")
    settings, given = load_settings(), form.given()
    name = str(form.cleaned_data.get("name") or "")
    secrets, asker, actor = typed_secrets(form, request), asker_of(request), actor_of(request)
    try:
        if form.flow_now == Flow.DEVICE_CODE:
            shown = begin_device(
                settings, given=given, secrets=secrets, connection=before, name=name, asker=asker, actor=actor
            )
            context = {"device": shown, "id": shown.id, "interval": max(1, round(shown.interval))}
            return render(request, "connections/_device.html", context)
        begun = begin(
            settings, given=given, secrets=secrets, connection=before, name=name, asker=asker, actor=actor
        )
    except InvalidConnection as error:
        form.refuse(error)
    except (BeaconError, GraphError) as error:
        told = explain(error)
        form.add_error("authorization", f"{told.problem} {told.remedy}".strip())
    else:
        return render(request, "connections/_authorize.html", {"begun": begun, "id": begun.id})
    return refused(request, form, "generate-refused")


def _generated(request: HttpRequest, found: Candidate) -> HttpResponse:
    """The Refresh Token field filled, and the dialog closed."""
    token = ShownToken(
        "generated", "Generated – save to keep it", found.facts, tenant_words(found.facts), found.id
    )
    answer = render(request, "connections/_token_filled.html", {"token": token})
    answer["HX-Trigger-After-Settle"] = "authorized"
    return answer


def _interval(request: HttpRequest) -> int:
    text = request.POST.get("interval", "5")
    return min(60, max(1, int(text))) if text.isdecimal() and len(text) < 4 else 5
