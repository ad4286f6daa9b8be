"""Which keys there are, and which secrets they open. No value is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from seatbeacon.beacon.errors import KeyLost, SecretError
from seatbeacon.beacon.models import NotificationTarget, SecretField, StoredSecret
from seatbeacon.beacon.secrets.keys import KEY_ID_BYTES, load_key_ring
from seatbeacon.beacon.secrets.sealing import open_sealed
from seatbeacon.beacon.secrets.store import place_of, target_place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from seatbeacon.beacon.settings import Settings

ADDRESS = "Notification Address"
ENTER_AGAIN = "Enter it again under Administration, Notifications."


@dataclass(frozen=True)
class KeyState:
    """A key of the ring by its id, which tells nothing of it. `seals`: it is the first."""

    id: str
    seals: bool
    used_by: int


@dataclass(frozen=True, kw_only=True)
class SecretState:
    """A stored secret: whether it opens, under which key, and what to do where it does not.

    `connection` is whose it is, `label` what people call it.
    """

    connection: str
    label: str
    state: Literal["opens", "key lost", "damaged"]
    key_id: str
    stored_at: datetime
    remedy: str = ""


@dataclass(frozen=True)
class SecretsReport:
    """All keys and all secrets. `source` is the file or variable that the keys stand in."""

    source: str
    keys: tuple[KeyState, ...]
    secrets: tuple[SecretState, ...]

    @property
    def lost(self) -> tuple[SecretState, ...]:
        """The secrets that do not open."""
        return tuple(secret for secret in self.secrets if secret.state != "opens")


def inspect_secrets(settings: Settings) -> SecretsReport:
    """Try every stored secret with the keys of this home. Raises BadSecretKeys."""
    ring = load_key_ring(settings)
    found: list[SecretState] = []
    used: Counter[str] = Counter()
    for held in _held():
        state: Literal["opens", "key lost", "damaged"] = "opens"
        try:
            open_sealed(ring, held.sealed, held.place, held.label)
        except KeyLost:
            state = "key lost"
        except SecretError:
            state = "damaged"
        key_id = held.sealed[:KEY_ID_BYTES].hex()
        used[key_id] += 1
        found.append(
            SecretState(
                connection=held.owner,
                label=held.label,
                state=state,
                key_id=key_id,
                stored_at=held.stored_at,
                remedy="" if state == "opens" else held.remedy,
            )
        )
    keys = tuple(KeyState(key.id.hex(), key == ring.sealing, used[key.id.hex()]) for key in ring.keys)
    return SecretsReport(ring.source, keys, tuple(found))


@dataclass(frozen=True, kw_only=True)
class _Held:
    owner: str
    label: str
    sealed: bytes
    place: bytes
    stored_at: datetime
    remedy: str


def _held() -> Iterator[_Held]:
    for row in StoredSecret.objects.select_related("connection").order_by("connection__name", "field"):
        field, name = SecretField(row.field), row.connection.name
        yield _Held(
            owner=name,
            label=field.label,
            sealed=bytes(row.sealed),
            place=place_of(row.connection_id, field),
            stored_at=row.stored_at,
            remedy=how_to_give(name, field),
        )
    for target in NotificationTarget.objects.order_by("name"):
        yield _Held(
            owner=target.name,
            label=ADDRESS,
            sealed=bytes(target.sealed),
            place=target_place(target.pk),
            stored_at=target.created_at,
            remedy=ENTER_AGAIN,
        )


def how_to_give(connection: str, field: SecretField) -> str:
    """The command that gives a connection one of its secrets again."""
    if field is SecretField.REFRESH_TOKEN:
        return f'seatbeacon connection authorize "{connection}"'
    option = "--certificate" if field is SecretField.CERTIFICATE else f"--{field.value}-file"
    return f'seatbeacon connection edit "{connection}" {option} FILE'
