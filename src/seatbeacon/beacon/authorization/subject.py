"""What is to be authorized: a form as it stands, saved or not, with the secrets that a sign-in needs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

import msgspec

from seatbeacon.beacon.connections.binding import AUTHORIZED, outdated
from seatbeacon.beacon.connections.certificates import unpack_certificate
from seatbeacon.beacon.connections.drafts import Draft, draft_connection
from seatbeacon.beacon.models import Authorization, Flow, SecretField
from seatbeacon.beacon.secrets.store import get_secret
from seatbeacon.graph.oauth import ClientSecret, OAuthApp, load_certificate
from seatbeacon.graph.proxy import parse_proxy
from seatbeacon.graph.transport import Transport

if TYPE_CHECKING:
    from seatbeacon.beacon.connections.drafts import Given
    from seatbeacon.beacon.connections.services import GivenSecrets
    from seatbeacon.beacon.models import Connection
    from seatbeacon.beacon.secrets.keys import KeyRing
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.graph.oauth import Credential
    from seatbeacon.graph.secret import Secret

BOUND = ("cloud", *AUTHORIZED)
"""The fields that a token is bound to: with another value in one of them it has to be generated anew."""

_FIELDS = tuple(one.name for one in fields(Draft))
_NEEDED = (SecretField.CLIENT_SECRET, SecretField.CERTIFICATE, SecretField.PROXY_PASSWORD)


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The checked fields of a form, and the secrets that its sign-in needs, by field."""

    draft: Draft
    secrets: dict[SecretField, Secret] = field(default_factory=dict)

    def app(self, *, redirect_uri: str | None = None) -> OAuthApp:
        """The app registration to sign in to, at the tenant's own endpoints once it is known."""
        draft = self.draft
        app = OAuthApp(
            client_id=draft.client_id,
            token_endpoint=draft.token_endpoint,
            authorization_endpoint=draft.authorization_endpoint or None,
            redirect_uri=redirect_uri or draft.redirect_uri or None,
            graph_root=draft.graph_root,
        )
        return app.for_tenant(draft.tenant_id) if draft.tenant_id else app

    def credential(self) -> Credential | None:
        """What the app proves itself with, or None for a public client."""
        secret = self.secrets.get(SecretField.CLIENT_SECRET)
        if secret is not None:
            return ClientSecret(secret)
        certificate = self.secrets.get(SecretField.CERTIFICATE)
        return None if certificate is None else load_certificate(*unpack_certificate(certificate))

    def transport(self, settings: Settings) -> Transport:
        """A way to Microsoft through the form's proxy. The caller closes it."""
        proxy = None
        if self.draft.proxy_url:
            proxy = parse_proxy(
                self.draft.proxy_url,
                username=self.draft.proxy_username or None,
                password=self.secrets.get(SecretField.PROXY_PASSWORD),
            )
        return Transport(
            proxy=proxy,
            ca_file=settings.ca_file,
            connect_timeout=settings.connect_timeout,
            read_timeout=settings.read_timeout,
            pool_size=2,
        )

    def packed(self, more: dict[str, Secret]) -> bytes:
        """The secrets, and what `more` the sign-in must keep, to be sealed."""
        held = {name.value: secret for name, secret in self.secrets.items()} | more
        return msgspec.json.encode({name: secret.reveal() for name, secret in held.items()})


def subject_of_form(
    ring: KeyRing, given: Given, secrets: GivenSecrets | None, connection: Connection | None
) -> Subject:
    """The form over `connection`, if it edits one. Raises InvalidConnection where it is not whole.

    Secrets that were typed count, else those that are stored and that Save would keep.
    """
    draft = draft_connection(given, connection)
    typed = secrets.by_field() if secrets is not None else {}
    found = {name: typed[name] for name in _NEEDED if name in typed}
    if connection is not None:
        gone = outdated(connection, draft, set(typed))
        for name in _NEEDED:
            stored = None if name in found or name in gone else get_secret(ring, connection, name)
            if stored is not None:
                found[name] = stored
    return Subject(draft=draft, secrets=found)


def subject_of_row(row: Authorization, secrets: dict[str, Secret]) -> Subject:
    """What `row` was begun for, with the secrets that were sealed in it."""
    form = {name: row.settings[name] for name in _FIELDS}
    held = {name: secrets[name.value] for name in _NEEDED if name.value in secrets}
    return Subject(draft=Draft(**form | {"flow": Flow(form["flow"])}), secrets=held)


def settings_of(draft: Draft, **more: Any) -> dict[str, Any]:
    """What a row keeps of the form."""
    return asdict(draft) | {"flow": draft.flow.value} | more


def differing(settings: dict[str, Any], draft: Draft) -> list[str]:
    """Which of the bound fields `draft` holds otherwise than the form did when the sign-in began."""
    return [name for name in BOUND if settings[name] != str(getattr(draft, name))]
