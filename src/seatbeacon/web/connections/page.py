"""The form's page: what stands in its fields, and beside them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from seatbeacon.beacon.authorization import candidates
from seatbeacon.beacon.connections.drafts import draft_connection
from seatbeacon.beacon.connections.facts import authorized_facts, credential_facts
from seatbeacon.beacon.connections.guide import app_guide
from seatbeacon.beacon.connections.presets import preset_of, presets
from seatbeacon.beacon.connections.services import would_forget
from seatbeacon.beacon.connections.warnings import connection_warnings
from seatbeacon.beacon.errors import AuthorizationError, BeaconError, InvalidConnection
from seatbeacon.beacon.models import Connection, Flow, SecretField, Tenant
from seatbeacon.beacon.secrets.store import stored_at
from seatbeacon.beacon.settings import load_settings
from seatbeacon.graph.clouds import CLOUDS, authorization_endpoint, native_client_redirect, token_endpoint
from seatbeacon.web.connections.forms import ConnectionForm
from seatbeacon.web.connections.shared import asker_of, callback_address

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from seatbeacon.beacon.connections.facts import Facts
    from seatbeacon.graph.oauth import ClientCertificate

DRAFTED = (
    "cloud",
    "flow",
    "token_endpoint",
    "client_id",
    "redirect_uri",
    "authorization_endpoint",
    "tenant_id",
    "graph_root",
)
"""Form fields that have the connection's own names."""


@dataclass(frozen=True)
class ShownToken:
    """The Refresh Token field: never the token, only what is known of it."""

    state: str
    words: str
    facts: Facts | None = None
    tenant: str = ""
    authorization: str = ""
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownCertificate:
    """A certificate's public side."""

    subject: str
    thumbprint: str
    not_after: datetime | None
    unsaved: bool


def form_of(request: HttpRequest, before: Connection | None) -> ConnectionForm:
    """The form as sent, or as it opens: with what is stored, or with the defaults."""
    known = presets(load_settings())
    held = stored_at(before) if before is not None else {}
    if request.method == "POST":
        return ConnectionForm(request.POST, request.FILES, presets=known, before=before, held=held)
    if before is None:
        return ConnectionForm(presets=known, initial=_defaults())
    initial = {name: getattr(before, name) for name in DRAFTED}
    initial |= {
        "name": before.name,
        "source_type": before.source_type,
        "use_proxy": bool(before.proxy_url),
        "proxy": before.proxy_url,
        "proxy_username": before.proxy_username,
        "preset": preset_of(known, before),
        "client_secret_expires": credential_facts(before).client_secret_expires,
    }
    for name, value in _defaults().items():
        if name != "tenant_id":
            initial[name] = initial.get(name) or value
    return ConnectionForm(presets=known, initial=initial, before=before, held=held)


def form_page(request: HttpRequest, form: ConnectionForm) -> dict[str, Any]:
    """The context of `connections/form.html`."""
    before = form.before
    held = stored_at(before) if before is not None else {}
    arguments = [before.pk] if before is not None else []
    prefix = "connection" if before is not None else "new-connection"
    cloud = CLOUDS[form.cloud_now]
    return {
        "form": form,
        "connection": before,
        "presets": presets(load_settings()),
        "stored": {field.value.replace("-", "_"): since for field, since in held.items()},
        "secret_optional": form.flow_now != Flow.CLIENT_CREDENTIALS,
        "token": token_of(request, form),
        "certificate": certificate_of(form),
        "guide": guide_of(request, form),
        "forgets": forgets(form),
        "warnings": connection_warnings(before) if before is not None else [],
        "callback": callback_address(request),
        "native_client": native_client_redirect(cloud if cloud.login else CLOUDS["global"]),
        "clouds_json": json.dumps({name: _cloud_fills(name) for name in CLOUDS}),
        "presets_json": json.dumps({one.key: _preset_fills(one) for one in presets(load_settings())}),
        "save_address": reverse(
            "connection-edit" if before is not None else "new-connection", args=arguments
        ),
        "validate_address": reverse(f"{prefix}-validate", args=arguments),
        "begin_address": reverse(f"{prefix}-authorize", args=arguments),
        "exit_address": f"{reverse('inventory-systems')}{f'?selected={before.pk}' if before else ''}",
    }


def token_of(request: HttpRequest, form: ConnectionForm, *, errors: tuple[str, ...] = ()) -> ShownToken:
    """What stands in and beside the Refresh Token field."""
    handle = str(form["authorization"].value() or "")
    if handle:
        try:
            found = candidates.candidate(handle, asker=asker_of(request))
        except AuthorizationError as error:
            errors = (*errors, str(error))
        else:
            return ShownToken(
                "generated",
                "Generated – save to keep it",
                found.facts,
                tenant_words(found.facts),
                handle,
                errors or errors_of(form, "authorization"),
            )
    errors = errors or errors_of(form, "authorization")
    if SecretField.REFRESH_TOKEN not in form.held or form.before is None:
        return ShownToken("none", "", errors=errors)
    facts = authorized_facts(form.before)
    return ShownToken("stored", "Stored – Generate… replaces it", facts, tenant_words(facts), errors=errors)


def errors_of(form: ConnectionForm, name: str) -> tuple[str, ...]:
    """What is wrong with a field, in words."""
    return tuple(str(error) for error in form.errors.get(name, ()))


def certificate_of(form: ConnectionForm) -> ShownCertificate | None:
    """The certificate that was uploaded, else the one that is stored."""
    loaded: ClientCertificate | None = form.loaded
    if loaded is not None:
        return ShownCertificate(loaded.subject, loaded.thumbprint, loaded.not_after, unsaved=True)
    if form.before is None or SecretField.CERTIFICATE not in form.held:
        return None
    facts = credential_facts(form.before)
    if not facts.certificate_subject:
        return None
    return ShownCertificate(
        facts.certificate_subject,
        facts.certificate_thumbprint or "",
        facts.certificate_not_after,
        unsaved=False,
    )


def guide_of(request: HttpRequest, form: ConnectionForm) -> object | None:
    """How an app of one's own is registered, for what the form says so far; None where that is unreadable."""
    fields = SimpleNamespace(**{name: str(form[name].value() or "") for name in DRAFTED})
    try:
        if form.is_bound and not form.errors:
            return app_guide(draft_connection(form.given(), form.before), callback=callback_address(request))
        return app_guide(fields, callback=callback_address(request))  # type: ignore[arg-type] # the same names
    except (BeaconError, ValueError, KeyError):
        return None


def forgets(form: ConnectionForm) -> list[str]:
    """The secrets that saving the form as it stands would forget, by the form's labels."""
    if form.before is None or not form.is_bound or form.errors:
        return []
    try:
        fields = set(would_forget(form.before, form.given()))
    except InvalidConnection:
        return []
    for field, name in (
        (SecretField.CLIENT_SECRET, "client_secret"),
        (SecretField.PROXY_PASSWORD, "proxy_password"),
    ):
        if form.secret(name) is not None:
            fields.discard(field)
    if form.certificate_file() is not None:
        fields -= {SecretField.CERTIFICATE}
    if form["authorization"].value():
        fields -= {SecretField.REFRESH_TOKEN}
    return [field.label for field in SecretField if field in fields]


def tenant_words(facts: Facts | None) -> str:
    """The tenant of a token: its name where an import told it, and its id."""
    if facts is None or not facts.tenant_id:
        return ""
    name = Tenant.objects.filter(pk=facts.tenant_id).values_list("display_name", flat=True).first()
    return f"{name} ({facts.tenant_id})" if name else facts.tenant_id


def _defaults() -> dict[str, Any]:
    """What the form opens with: the first preset, word for word as documented."""
    first = presets(load_settings())[0]
    cloud = CLOUDS[first.cloud or "global"]
    return {
        "source_type": "microsoft-365",
        "preset": first.key,
        "cloud": cloud.name,
        "flow": first.flow or Flow.AUTHORIZATION_CODE,
        "token_endpoint": first.token_endpoint or token_endpoint(cloud),
        "client_id": first.client_id,
        "redirect_uri": first.redirect_uri or native_client_redirect(cloud),
        "authorization_endpoint": first.authorization_endpoint or authorization_endpoint(cloud),
        "tenant_id": first.tenant_id,
        "graph_root": cloud.graph_root,
    }


def _cloud_fills(name: str) -> dict[str, str]:
    cloud = CLOUDS[name]
    if not cloud.login:
        return {}
    return {
        "token_endpoint": token_endpoint(cloud),
        "authorization_endpoint": authorization_endpoint(cloud),
        "redirect_uri": native_client_redirect(cloud),
        "graph_root": cloud.graph_root,
    }


def _preset_fills(preset: Any) -> dict[str, str]:
    fills = {key: str(value) for key, value in asdict(preset).items() if key in DRAFTED and value}
    # The cloud's Graph is the preset's, even where the preset says nothing of it.
    if preset.cloud in CLOUDS and CLOUDS[preset.cloud].graph_root:
        fills["graph_root"] = CLOUDS[preset.cloud].graph_root
    return fills
