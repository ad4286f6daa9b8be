"""Secrets of connections in the database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from seatbeacon.beacon.models import Connection, SecretField, StoredSecret
from seatbeacon.beacon.secrets.sealing import open_sealed, seal
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from seatbeacon.beacon.secrets.keys import KeyRing


def put_secret(ring: KeyRing, connection: Connection, field: SecretField, secret: Secret) -> None:
    """Store `secret` in place of what stood there; committed on return, unless in a transaction."""
    sealed = seal(ring, secret.reveal().encode(), _place(connection, field))
    StoredSecret.objects.update_or_create(
        connection=connection,
        field=field,
        defaults={"sealed": sealed, "stored_at": datetime.now(UTC)},
    )


def get_secret(ring: KeyRing, connection: Connection, field: SecretField) -> Secret | None:
    """The secret, or None where none is stored. Raises KeyLost or SecretDamaged."""
    row = StoredSecret.objects.filter(connection=connection, field=field).first()
    if row is None:
        return None
    what = f"{field.label.lower()} of connection “{connection.name}”"
    plain = open_sealed(ring, bytes(row.sealed), _place(connection, field), what)
    return Secret(plain.decode())


def forget_secret(connection: Connection, field: SecretField) -> bool:
    """Remove a secret; whether there was one."""
    deleted, _ = StoredSecret.objects.filter(connection=connection, field=field).delete()
    return deleted > 0


def stored_at(connection: Connection) -> dict[SecretField, datetime]:
    """Which secrets a connection holds, and since when."""
    rows = StoredSecret.objects.filter(connection=connection).values_list("field", "stored_at")
    return {SecretField(field): since for field, since in rows}


def _place(connection: Connection, field: SecretField) -> bytes:
    """The associated data: a sealed secret moved to another row or field does not open."""
    return f"seatbeacon/connection/{connection.pk}/{field.value}".encode()
