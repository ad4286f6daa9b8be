"""Add, find and change connections. Bad input changes nothing: each is one transaction, and audited."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from seatbeacon.beacon.audit import COMMAND_LINE, Actor, record
from seatbeacon.beacon.authorization.candidates import take
from seatbeacon.beacon.connections.binding import outdated
from seatbeacon.beacon.connections.certificates import pack_certificate, unpack_certificate
from seatbeacon.beacon.connections.drafts import Draft, Given, draft_connection
from seatbeacon.beacon.connections.facts import client_secret_facts
from seatbeacon.beacon.connections.fields import check_name
from seatbeacon.beacon.connections.given import GivenSecrets
from seatbeacon.beacon.connections.tenants import refuse_taken_tenant
from seatbeacon.beacon.errors import InvalidConnection, NoSuchConnection, RunIsActive
from seatbeacon.beacon.models import Connection, Flow, ImportRun, RunState, SecretField
from seatbeacon.beacon.runs.states import active_run, describe_active
from seatbeacon.beacon.secrets.store import forget_secret, note_facts, put_secret, stored_at, writing

if TYPE_CHECKING:
    from seatbeacon.beacon.secrets.keys import KeyRing

__all__ = [
    "GivenSecrets",
    "add_connection",
    "delete_connection",
    "edit_connection",
    "find_connection",
    "lacks_refresh_token",
    "last_run",
    "last_success",
    "pack_certificate",
    "set_enabled",
    "unpack_certificate",
    "would_forget",
]


def find_connection(name: str) -> Connection:
    """The connection of that name, in whichever case. Raises NoSuchConnection, naming those there are."""
    connection = Connection.objects.filter(name__iexact=name.strip()).first()
    if connection is not None:
        return connection
    names = list(Connection.objects.order_by("name").values_list("name", flat=True)[:10])
    there_are = f"There are: {', '.join(names)}" if names else "Add one with: seatbeacon connection add"
    raise NoSuchConnection(f"There is no connection “{name}”. {there_are}")


def add_connection(
    ring: KeyRing, name: str, given: Given, secrets: GivenSecrets, *, actor: Actor = COMMAND_LINE
) -> Connection:
    """A new connection. Raises InvalidConnection, or AuthorizationError where a generated token does not
    fit."""
    name = check_name(name)
    draft = _authorized(draft_connection(given), secrets)
    _check_secrets(draft, secrets, held=set())
    now = datetime.now(UTC)
    try:
        with writing():
            _refuse_taken(name)
            refuse_taken_tenant(draft.tenant_id)
            connection = Connection.objects.create(name=name, created_at=now, updated_at=now, **asdict(draft))
            _put_secrets(ring, connection, secrets)
            record(actor, "connection.added", name, **_told(draft), given=_given_names(secrets))
    except IntegrityError:
        _refuse_taken(name)
        refuse_taken_tenant(draft.tenant_id)
        raise
    return connection


def edit_connection(
    ring: KeyRing,
    connection: Connection,
    given: Given,
    secrets: GivenSecrets,
    new_name: str | None = None,
    *,
    actor: Actor = COMMAND_LINE,
) -> list[SecretField]:
    """Change a connection, and return the secrets that were forgotten for it (`connections.binding`).

    Raises InvalidConnection, or AuthorizationError where a generated token does not fit.
    """
    name = check_name(new_name) if new_name is not None else connection.name
    with writing():
        connection = Connection.objects.select_for_update().get(pk=connection.pk)
        draft = _authorized(draft_connection(given, connection), secrets)
        held = set(stored_at(connection))
        forgotten = outdated(connection, draft, set(secrets.by_field())) & held
        _check_secrets(draft, secrets, held - forgotten)
        if name.lower() != connection.name.lower():
            _refuse_taken(name)
        refuse_taken_tenant(draft.tenant_id, connection)
        changes = _changes(connection, draft, name)
        Connection.objects.filter(pk=connection.pk).update(
            name=name, updated_at=datetime.now(UTC), **asdict(draft)
        )
        for field in forgotten:
            forget_secret(connection, field)
        _put_secrets(ring, connection, secrets)
        lost = sorted(forgotten - set(secrets.by_field()))
        record(
            actor,
            "connection.edited",
            name,
            changed=changes,
            given=_given_names(secrets),
            forgotten=[field.label for field in lost],
        )
    return lost


def would_forget(
    connection: Connection, given: Given, secrets: GivenSecrets | None = None
) -> list[SecretField]:
    """The secrets that `edit_connection` would forget. Raises InvalidConnection where the form is not
    whole."""
    typed = set((secrets or GivenSecrets()).by_field())
    draft = draft_connection(given, connection)
    return sorted((outdated(connection, draft, typed) & set(stored_at(connection))) - typed)


def set_enabled(connection: Connection, *, enabled: bool, actor: Actor = COMMAND_LINE) -> None:
    """Enable or disable a connection. What it imported stays either way."""
    with transaction.atomic():
        Connection.objects.filter(pk=connection.pk).update(enabled=enabled, updated_at=datetime.now(UTC))
        record(actor, f"connection.{'enabled' if enabled else 'disabled'}", connection.name)


def delete_connection(connection: Connection, *, actor: Actor = COMMAND_LINE) -> None:
    """Delete a connection with its secrets. Its runs and what it imported stay. Raises RunIsActive."""
    with transaction.atomic():
        active = active_run(connection)
        if active is not None:
            raise RunIsActive(describe_active(active))
        name, tenant = connection.name, connection.tenant_id
        connection.delete()
        record(actor, "connection.deleted", name, tenant_id=tenant)


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


def _authorized(draft: Draft, secrets: GivenSecrets) -> Draft:
    """`draft` with the tenant of the generated token, if there is one.

    Raises AuthorizationError where it was generated for another client, endpoint, redirect URI or tenant.
    """
    if secrets.authorized is None:
        return draft
    secrets.authorized.check(draft)
    tenant = secrets.authorized.facts.tenant_id
    return replace(draft, tenant_id=tenant) if tenant and not draft.tenant_id else draft


def _put_secrets(ring: KeyRing, connection: Connection, secrets: GivenSecrets) -> None:
    for field, secret in secrets.by_field().items():
        put_secret(ring, connection, field, secret, secrets.facts(field))
    if secrets.authorized is not None:
        take(secrets.authorized)
    if secrets.client_secret is None and secrets.client_secret_expires is not None:
        if SecretField.CLIENT_SECRET not in stored_at(connection):
            message = "The connection holds no client secret whose end could be noted: give it too."
            raise InvalidConnection("client-secret-expires", message)
        note_facts(connection, SecretField.CLIENT_SECRET, client_secret_facts(secrets.client_secret_expires))


def _changes(before: Connection, draft: Draft, name: str) -> dict[str, list[str]]:
    """What an edit changes, by field: the value before, and after."""
    after = asdict(draft) | {"name": name}
    return {
        field: [str(getattr(before, field)), str(value)]
        for field, value in after.items()
        if getattr(before, field) != value
    }


def _told(draft: Draft) -> dict[str, Any]:
    """The fields that the audit log tells of a new connection."""
    return {name: str(value) for name, value in asdict(draft).items() if value}


def _given_names(secrets: GivenSecrets) -> list[str]:
    return [field.label for field in secrets.by_field()]
