"""Secrets of connections in the database."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection as database
from django.db import transaction

from seatbeacon.beacon.models import Connection, SecretField, StoredSecret
from seatbeacon.beacon.secrets.sealing import open_sealed, seal
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Generator

    from seatbeacon.beacon.secrets.keys import KeyRing


@contextlib.contextmanager
def writing() -> Generator[None]:
    """A transaction in which secrets are sealed and stored. A rotation of keys comes before it or after it.

    SQLite's transactions follow one another anyway; PostgreSQL is told.
    """
    with transaction.atomic():
        if database.vendor == "postgresql":
            with database.cursor() as cursor:
                cursor.execute("LOCK TABLE beacon_storedsecret IN ROW EXCLUSIVE MODE")
        yield


def put_secret(
    ring: KeyRing,
    connection: Connection,
    field: SecretField,
    secret: Secret,
    facts: dict[str, Any] | None = None,
) -> None:
    """Store `secret` in place of what stood there, with the facts that may be shown of it.

    Committed on return, unless in a transaction.
    """
    with writing():
        sealed = seal(ring, secret.reveal().encode(), place_of(connection.pk, field))
        StoredSecret.objects.update_or_create(
            connection=connection,
            field=field,
            defaults={"sealed": sealed, "facts": facts or {}, "stored_at": datetime.now(UTC)},
        )


def get_secret(ring: KeyRing, connection: Connection, field: SecretField) -> Secret | None:
    """The secret, or None where none is stored. Raises KeyLost or SecretDamaged."""
    row = StoredSecret.objects.filter(connection=connection, field=field).first()
    if row is None:
        return None
    what = f"{field.label.lower()} of connection “{connection.name}”"
    plain = open_sealed(ring, bytes(row.sealed), place_of(connection.pk, field), what)
    return Secret(plain.decode())


def forget_secret(connection: Connection, field: SecretField) -> bool:
    """Remove a secret; whether there was one."""
    deleted, _ = StoredSecret.objects.filter(connection=connection, field=field).delete()
    return deleted > 0


def stored_at(connection: Connection) -> dict[SecretField, datetime]:
    """Which secrets a connection holds, and since when."""
    rows = StoredSecret.objects.filter(connection=connection).values_list("field", "stored_at")
    return {SecretField(field): since for field, since in rows}


def note_facts(connection: Connection, field: SecretField, facts: dict[str, Any]) -> None:
    """Put `facts` in place of those that stand beside a stored secret."""
    StoredSecret.objects.filter(connection=connection, field=field).update(facts=facts)


def target_place(target_id: int) -> bytes:
    """The associated data of a notification target's address, as `place_of`."""
    return f"seatbeacon/notification/{target_id}".encode()


def place_of(connection_id: int, field: SecretField) -> bytes:
    """The associated data: a sealed secret moved to another row or field does not open."""
    return f"seatbeacon/connection/{connection_id}/{field.value}".encode()
