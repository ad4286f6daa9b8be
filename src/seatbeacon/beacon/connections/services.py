"""Add, find, change and delete connections. Bad input changes nothing: each is one transaction."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from django.db import IntegrityError, transaction

from seatbeacon.beacon.connections.drafts import Draft, Given, draft_connection
from seatbeacon.beacon.connections.fields import check_name
from seatbeacon.beacon.errors import InvalidConnection, NoSuchConnection, RunIsActive
from seatbeacon.beacon.models import Connection, Flow, ImportRun, RunState, SecretField
from seatbeacon.beacon.runs.states import active_run, describe_active
from seatbeacon.beacon.secrets.store import forget_secret, put_secret, stored_at
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from seatbeacon.beacon.secrets.keys import KeyRing


@dataclass(frozen=True, kw_only=True)
class GivenSecrets:
    """Secrets that a person gave; None where none was. `certificate` is what `pack_certificate` returns."""

    refresh_token: Secret | None = None
    client_secret: Secret | None = None
    certificate: Secret | None = None
    proxy_password: Secret | None = None

    def by_field(self) -> dict[SecretField, Secret]:
        """The secrets that were given."""
        pairs = {
            SecretField.REFRESH_TOKEN: self.refresh_token,
            SecretField.CLIENT_SECRET: self.client_secret,
            SecretField.CERTIFICATE: self.certificate,
            SecretField.PROXY_PASSWORD: self.proxy_password,
        }
        return {field: secret for field, secret in pairs.items() if secret is not None}


def pack_certificate(data: bytes, passphrase: Secret | None) -> Secret:
    """A certificate file with its passphrase, as one secret text."""
    packed = {
        "data": base64.b64encode(data).decode(),
        "passphrase": passphrase.reveal() if passphrase is not None else None,
    }
    return Secret(msgspec.json.encode(packed).decode())


def unpack_certificate(secret: Secret) -> tuple[bytes, Secret | None]:
    """What `pack_certificate` was given."""
    packed = msgspec.json.decode(secret.reveal())
    passphrase = packed["passphrase"]
    return base64.b64decode(packed["data"]), None if passphrase is None else Secret(passphrase)


def find_connection(name: str) -> Connection:
    """The connection of that name, in whichever case. Raises NoSuchConnection, naming those there are."""
    connection = Connection.objects.filter(name__iexact=name.strip()).first()
    if connection is not None:
        return connection
    names = list(Connection.objects.order_by("name").values_list("name", flat=True)[:10])
    there_are = f"There are: {', '.join(names)}" if names else "Add one with: seatbeacon connection add"
    raise NoSuchConnection(f"There is no connection “{name}”. {there_are}")


def add_connection(ring: KeyRing, name: str, given: Given, secrets: GivenSecrets) -> Connection:
    """A new connection. Raises InvalidConnection."""
    name = check_name(name)
    draft = draft_connection(given)
    _check_secrets(draft, secrets, held=set())
    now = datetime.now(UTC)
    try:
        with transaction.atomic():
            _refuse_taken(name)
            connection = Connection.objects.create(name=name, created_at=now, updated_at=now, **asdict(draft))
            for field, secret in secrets.by_field().items():
                put_secret(ring, connection, field, secret)
    except IntegrityError:
        _refuse_taken(name)
        raise
    return connection


def edit_connection(
    ring: KeyRing, connection: Connection, given: Given, secrets: GivenSecrets, new_name: str | None = None
) -> list[SecretField]:
    """Change a connection, and return the secrets that were forgotten for it.

    A secret was given for one client at one place. It is forgotten where it would go elsewhere from now on: a
    refresh token with another client id or endpoint, a client secret or certificate with another client id or
    sign-in host, a proxy password with another proxy. Raises InvalidConnection.
    """
    name = check_name(new_name) if new_name is not None else connection.name
    with transaction.atomic():
        connection = Connection.objects.select_for_update().get(pk=connection.pk)
        draft = draft_connection(given, connection)
        held = set(stored_at(connection))
        forgotten = _outdated(connection, draft, secrets) & held
        _check_secrets(draft, secrets, held - forgotten)
        if name.lower() != connection.name.lower():
            _refuse_taken(name)
        Connection.objects.filter(pk=connection.pk).update(
            name=name, updated_at=datetime.now(UTC), **asdict(draft)
        )
        for field in forgotten:
            forget_secret(connection, field)
        for field, secret in secrets.by_field().items():
            put_secret(ring, connection, field, secret)
    return sorted(forgotten - set(secrets.by_field()))


def set_enabled(connection: Connection, *, enabled: bool) -> None:
    """Enable or disable a connection. What it imported stays either way."""
    Connection.objects.filter(pk=connection.pk).update(enabled=enabled, updated_at=datetime.now(UTC))


def delete_connection(connection: Connection) -> None:
    """Delete a connection with its secrets. Its runs and what it imported stay. Raises RunIsActive."""
    with transaction.atomic():
        active = active_run(connection)
        if active is not None:
            raise RunIsActive(describe_active(active))
        connection.delete()


def lacks_refresh_token(connection: Connection) -> bool:
    """Whether the connection signs in with a refresh token, and has none."""
    return connection.flow != Flow.CLIENT_CREDENTIALS and SecretField.REFRESH_TOKEN not in stored_at(
        connection
    )


def last_run(connection: Connection) -> ImportRun | None:
    """The connection's newest run."""
    return ImportRun.objects.filter(connection=connection).order_by("-id").first()


def last_success(connection: Connection) -> ImportRun | None:
    """The connection's newest run that was published."""
    states = (RunState.SUCCEEDED, RunState.SUCCEEDED_WITH_PROBLEMS)
    return ImportRun.objects.filter(connection=connection, state__in=states).order_by("-id").first()


def _refuse_taken(name: str) -> None:
    taken = Connection.objects.filter(name__iexact=name).values_list("name", flat=True).first()
    if taken is not None:
        message = f"There is a connection “{taken}” already. Choose another name."
        raise InvalidConnection("name", message)


def _check_secrets(draft: Draft, secrets: GivenSecrets, held: set[SecretField]) -> None:
    if secrets.client_secret is not None and secrets.certificate is not None:
        raise InvalidConnection("certificate", "Give a client secret or a certificate, not both.")
    if secrets.proxy_password is not None and not draft.proxy_url:
        message = "A proxy password needs a proxy. Give its address with --proxy, such as: proxy.example:8080"
        raise InvalidConnection("proxy-password-file", message)
    has = held | set(secrets.by_field())
    if draft.flow is Flow.CLIENT_CREDENTIALS and not has & {
        SecretField.CLIENT_SECRET,
        SecretField.CERTIFICATE,
    }:
        message = "The flow client-credentials needs --client-secret-file or --certificate"
        raise InvalidConnection("client-secret-file", message)


def _outdated(before: Connection, draft: Draft, secrets: GivenSecrets) -> set[SecretField]:
    other_client = before.client_id != draft.client_id
    other_host = _origin(before.token_endpoint) != _origin(draft.token_endpoint)
    endpoints = ("token_endpoint", "authorization_endpoint", "graph_root", "flow")
    other_endpoint = any(getattr(before, name) != getattr(draft, name) for name in endpoints)
    outdated: set[SecretField] = set()
    if other_client or other_endpoint:
        outdated.add(SecretField.REFRESH_TOKEN)
    if other_client or other_host or secrets.certificate is not None:
        outdated.add(SecretField.CLIENT_SECRET)
    if other_client or other_host or secrets.client_secret is not None:
        outdated.add(SecretField.CERTIFICATE)
    if before.proxy_url != draft.proxy_url:
        outdated.add(SecretField.PROXY_PASSWORD)
    return outdated


def _origin(address: str) -> str:
    return "/".join(address.split("/", 3)[:3]).lower()
