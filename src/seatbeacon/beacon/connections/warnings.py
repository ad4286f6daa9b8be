"""What will stop working unless somebody acts: tokens, secrets and certificates near their end."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from seatbeacon.beacon.connections.facts import LIFE, CredentialFacts, Facts, read_credential_facts
from seatbeacon.beacon.errors import SecretError
from seatbeacon.beacon.models import Connection, Flow, SecretField, StoredSecret
from seatbeacon.beacon.secrets.store import get_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seatbeacon.beacon.secrets.keys import KeyRing

UNUSED = timedelta(days=60)
"""A refresh token that nobody used for this long is warned about; at 90 days it dies."""
SOON = timedelta(days=30)
"""A client secret or certificate is warned about this long before its end."""


@dataclass(frozen=True, kw_only=True)
class Warn:
    """One thing to act on. *error*: imports fail already. `on` is the day it ends, where it has one."""

    kind: str
    level: Literal["warning", "error"]
    text: str
    remedy: str
    on: date | None = None

    @property
    def sentence(self) -> str:
        """What happens, and what to do."""
        return f"{self.text} {self.remedy}"


def connection_warnings(
    connection: Connection, *, now: datetime | None = None, ring: KeyRing | None = None
) -> list[Warn]:
    """The warnings of one connection, the worst first. `now` is aware UTC, the clock's by default.

    With `ring` each secret is opened, to tell those that do not.
    """
    rows = list(StoredSecret.objects.filter(connection=connection))
    found = _warnings(connection, rows, now or datetime.now(UTC))
    if ring is not None:
        found += [warn for row in rows for warn in _lost(ring, connection, row)]
    return _worst_first(found)


def all_warnings(
    among: Sequence[Connection] | None = None, *, now: datetime | None = None
) -> dict[int, list[Warn]]:
    """The warnings of every connection that has some, or of those `among` which are given, by its key. Opens
    no secret."""
    rows: dict[int, list[StoredSecret]] = defaultdict(list)
    stored = StoredSecret.objects.all()
    for row in stored if among is None else stored.filter(connection__in=[one.pk for one in among]):
        rows[row.connection_id].append(row)
    now = now or datetime.now(UTC)
    connections = Connection.objects.all() if among is None else among
    told = {one.pk: _warnings(one, rows[one.pk], now) for one in connections}
    return {key: _worst_first(warns) for key, warns in told.items() if warns}


def _warnings(connection: Connection, rows: list[StoredSecret], now: datetime) -> list[Warn]:
    held = {row.field: row for row in rows}
    credentials = read_credential_facts({row.field: row.facts for row in rows})
    return [*_token_warnings(connection, held, now), *_credential_warnings(credentials, now.date())]


def _token_warnings(connection: Connection, held: dict[str, StoredSecret], now: datetime) -> Iterable[Warn]:
    if connection.flow == Flow.CLIENT_CREDENTIALS:
        return
    again = "Sign in again: Generate… in its form, or seatbeacon connection authorize."
    row = held.get(SecretField.REFRESH_TOKEN)
    if row is None:
        text = "The connection has no refresh token, and cannot import."
        remedy = "Sign in: Generate… in its form, or seatbeacon connection authorize."
        yield Warn(kind="refresh-token-missing", level="error", text=text, remedy=remedy)
        return
    facts = Facts.from_json(row.facts, row.stored_at)
    unused = now - facts.last_used_at
    used = f"{facts.last_used_at:%Y-%m-%d}"
    if unused >= LIFE:
        text = f"The refresh token was last used on {used} and died on {facts.dies_on}, after 90 days unused."
        yield Warn(kind="refresh-token-dead", level="error", text=text, remedy=again, on=facts.dies_on)
    elif unused >= UNUSED:
        text = f"The refresh token was last used on {used}, and dies on {facts.dies_on} if nothing uses it."
        remedy = "Run an import before that day, and schedule the connection more often."
        yield Warn(kind="refresh-token-unused", level="warning", text=text, remedy=remedy, on=facts.dies_on)


def _credential_warnings(credentials: CredentialFacts, today: date) -> Iterable[Warn]:
    secret_ends = credentials.client_secret_expires
    if secret_ends is not None:
        remedy = "Make a new client secret in the app registration, and enter it with its end."
        yield from _ending("client-secret", "client secret", secret_ends, today, remedy)
    until = credentials.certificate_not_after
    if until is not None:
        remedy = "Make a new certificate, upload it to the app registration, and enter it."
        yield from _ending("certificate", "certificate", until.date(), today, remedy)


def _ending(kind: str, what: str, end: date, today: date, remedy: str) -> Iterable[Warn]:
    if end < today:
        yield Warn(
            kind=f"{kind}-ended", level="error", text=f"The {what} ended on {end}.", remedy=remedy, on=end
        )
    elif end - today <= SOON:
        days = (end - today).days
        left = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
        text = f"The {what} ends {left}, on {end}."
        yield Warn(kind=f"{kind}-ends", level="warning", text=text, remedy=remedy, on=end)


def _lost(ring: KeyRing, connection: Connection, row: StoredSecret) -> Iterable[Warn]:
    try:
        get_secret(ring, connection, SecretField(row.field))
    except SecretError as error:
        remedy = "seatbeacon secrets check tells of all of them."
        yield Warn(kind="secret-lost", level="error", text=str(error), remedy=remedy)


def _worst_first(warns: list[Warn]) -> list[Warn]:
    return sorted(warns, key=lambda warn: (warn.level != "error", warn.on or date.max))
