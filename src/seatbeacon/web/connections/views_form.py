"""New, Edit…, Save, and what is told as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from seatbeacon.beacon.authorization import candidates
from seatbeacon.beacon.connections.services import (
    GivenSecrets,
    add_connection,
    edit_connection,
    pack_certificate,
)
from seatbeacon.beacon.errors import AuthorizationError, InvalidConnection
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.beacon.settings import load_settings
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.connections.page import certificate_of, errors_of, forgets, form_of, form_page, guide_of
from seatbeacon.web.connections.shared import asker_of, find, is_htmx

if TYPE_CHECKING:
    from django.http import HttpRequest

    from seatbeacon.beacon.models import Connection
    from seatbeacon.web.connections.forms import ConnectionForm

GENERATE_AGAIN = (
    "The client id, an endpoint or the flow is another than the one it was generated for. Generate it again."
)


@requires(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new connection, and its Save."""
    return _form(request, None)


@requires(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, connection_id: int) -> HttpResponse:
    """The form of a connection, and its Save."""
    return _form(request, find(connection_id))


@requires(Role.ADMINISTRATOR)
@require_POST
def validate_new(request: HttpRequest) -> HttpResponse:
    """What is wrong with the fields that were touched. Nothing is stored."""
    return _validate(request, None)


@requires(Role.ADMINISTRATOR)
@require_POST
def validate(request: HttpRequest, connection_id: int) -> HttpResponse:
    """As `validate_new`, for a connection that is edited."""
    return _validate(request, find(connection_id))


def secrets_of(form: ConnectionForm, request: HttpRequest) -> GivenSecrets:
    """The secrets that the form gives, the generated token among them. Raises AuthorizationError."""
    return _secrets(form, request, with_token=True)


def typed_secrets(form: ConnectionForm, request: HttpRequest) -> GivenSecrets:
    """The secrets that were typed, without the token: what Generate… signs in with."""
    return _secrets(form, request, with_token=False)


def refused(request: HttpRequest, form: ConnectionForm, event: str = "connection-refused") -> HttpResponse:
    """Every field's errors, each beside its field; the form stays as it is."""
    names = ["form", *form.fields]
    shown = [(name, errors_of(form, "__all__" if name == "form" else name)) for name in names]
    answer = render(request, "connections/_errors.html", {"shown_errors": shown})
    answer["HX-Reswap"] = "none"
    answer["HX-Trigger-After-Settle"] = event
    return answer


def _form(request: HttpRequest, before: Connection | None) -> HttpResponse:
    form = form_of(request, before)
    if request.method == "POST" and form.is_valid():
        saved = _save(request, form)
        if saved is not None:
            address = f"{reverse('inventory-systems')}?selected={saved.pk}"
            if not is_htmx(request):
                return redirect(address)
            answer = HttpResponse(status=200)
            answer["HX-Trigger"] = "connection-saved"
            answer["HX-Redirect"] = address
            return answer
    if request.method == "POST" and is_htmx(request):
        return refused(request, form)
    return render(
        request, "connections/form.html", form_page(request, form), status=400 if form.errors else 200
    )


def _save(request: HttpRequest, form: ConnectionForm) -> Connection | None:
    """Save, or put what was refused beside its field and return None."""
    ring = load_key_ring(load_settings())
    name, given, actor = form.cleaned_data["name"], form.given(), actor_of(request)
    try:
        secrets = secrets_of(form, request)
        if form.before is None:
            connection = add_connection(ring, name, given, secrets, actor=actor)
            forgotten = []
        else:
            connection = form.before
            forgotten = edit_connection(ring, connection, given, secrets, name, actor=actor)
    except InvalidConnection as error:
        form.refuse(error)
        return None
    except AuthorizationError as error:
        form.add_error("authorization", str(error))
        return None
    messages.success(request, f"“{name}” is saved.")
    if forgotten:
        words = ", ".join(field.label for field in forgotten)
        messages.warning(
            request, f"Forgotten, because it was given for other settings: {words}. Give it again."
        )
    return connection


def _validate(request: HttpRequest, before: Connection | None) -> HttpResponse:
    form = form_of(request, before)
    touched = set(request.POST.get("touched", "").split(","))
    errors = {name: errors_of(form, name) for name in form.errors}
    handle = str(form["authorization"].value() or "")
    if handle and not form.errors:
        if not candidates.matches(handle, form.given(), before, asker=asker_of(request)):
            errors["authorization"] = (GENERATE_AGAIN,)
        touched.add("authorization")
    names = [name for name in form.fields if name != "authorization" or handle]
    shown = [(name, errors.get(name, ()) if name in touched else ()) for name in names]
    context = {
        "shown_errors": shown,
        "with_parts": True,
        "forgets": forgets(form),
        "certificate": certificate_of(form),
        "guide": guide_of(request, form),
    }
    return render(request, "connections/_errors.html", context)


def _secrets(form: ConnectionForm, request: HttpRequest, *, with_token: bool) -> GivenSecrets:
    certificate = form.certificate_file()
    handle = str(form["authorization"].value() or "")
    authorized = None
    if with_token and handle and form.flow_now != "client-credentials":
        ring = load_key_ring(load_settings())
        authorized = candidates.open_candidate(ring, handle, asker=asker_of(request))
    return GivenSecrets(
        client_secret=form.secret("client_secret"),
        client_secret_expires=form.cleaned_data.get("client_secret_expires")
        if form.uses_own_credential
        else None,
        certificate=pack_certificate(*certificate) if certificate is not None else None,
        proxy_password=form.secret("proxy_password"),
        authorized=authorized,
    )
