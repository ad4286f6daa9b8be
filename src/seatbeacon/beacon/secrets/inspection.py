"""Which keys there are, and which secrets they open. No value is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from seatbeacon.beacon.errors import KeyLost, SecretError
from seatbeacon.beacon.secrets.held import all_held
from seatbeacon.beacon.secrets.keys import KEY_ID_BYTES, load_key_ring
from seatbeacon.beacon.secrets.sealing import open_sealed

if TYPE_CHECKING:
    from datetime import datetime

    from seatbeacon.beacon.settings import Settings


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
    for held in all_held():
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
