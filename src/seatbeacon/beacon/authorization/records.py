"""The rows of sign-ins under way: made, found for whoever asked, and swept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from seatbeacon.beacon.errors import AuthorizationError, AuthorizationKind
from seatbeacon.beacon.models import Authorization
from seatbeacon.beacon.secrets.sealing import open_sealed, seal
from seatbeacon.beacon.secrets.store import writing
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from seatbeacon.beacon.authorization.subject import Subject
    from seatbeacon.beacon.models import Connection, Method
    from seatbeacon.beacon.secrets.keys import KeyRing

BEGUN_FOR = timedelta(minutes=15)
"""How long a person may take to sign in."""
CANDIDATE_FOR = timedelta(hours=8)
"""How long a form may stay open after that."""

AGAIN = "Start the sign-in again."


def digest(text: str) -> str:
    """What is kept of a session's key or a state: enough to know it again, and nothing to use."""
    return hashlib.sha256(text.encode()).hexdigest()


def make_row(
    ring: KeyRing,
    subject: Subject,
    *,
    method: Method,
    asker: str,
    settings: dict[str, Any],
    connection: Connection | None,
    name: str,
    expires_at: datetime,
    sealed: dict[str, Secret],
    state: str | None = None,
    interval: float = 0,
) -> Authorization:
    """A new row; rows that are too old go."""
    now = datetime.now(UTC)
    Authorization.objects.filter(expires_at__lt=now).delete()
    number = secrets.token_urlsafe(24)
    with writing():
        return Authorization.objects.create(
            id=number,
            method=method,
            asker=digest(asker),
            state_digest=digest(state) if state else None,
            connection=connection,
            name=(connection.name if connection is not None else name)[:100],
            settings=settings,
            sealed=seal(ring, subject.packed(sealed), pending_place(number)),
            begun_at=now,
            expires_at=expires_at,
            interval=interval,
        )


def find_row(number: str, asker: str) -> Authorization:
    """The row of that id. Raises AuthorizationError where there is none, or another session began it."""
    row = Authorization.objects.select_related("connection").filter(pk=number[:64]).first()
    if row is None:
        problem = "This sign-in is not known here any more: it was saved, or too long ago."
        raise AuthorizationError(AuthorizationKind.CANDIDATE_GONE, problem, AGAIN)
    check_asker(row, asker)
    return row


def check_asker(row: Authorization, asker: str) -> None:
    """Raise AuthorizationError where another session began the sign-in."""
    if not secrets.compare_digest(row.asker, digest(asker)):
        problem = "This sign-in was begun in another session."
        raise AuthorizationError(AuthorizationKind.OTHER_SESSION, problem, AGAIN)


def sealed_secrets(ring: KeyRing, row: Authorization) -> dict[str, Secret]:
    """What `make_row` sealed, by name."""
    plain = open_sealed(ring, bytes(row.sealed), pending_place(row.pk), "sign-in under way")
    return {name: Secret(text) for name, text in msgspec.json.decode(plain).items()}


def pending_place(number: str) -> bytes:
    """Where the secrets of a sign-in are sealed to."""
    return f"seatbeacon/authorization/{number}/pending".encode()


def candidate_place(number: str) -> bytes:
    """Where the token that came is sealed to."""
    return f"seatbeacon/authorization/{number}/candidate".encode()
