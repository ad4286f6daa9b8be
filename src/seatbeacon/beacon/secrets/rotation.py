"""Rotate the keys: a new one seals from now on, everything is sealed anew, and the old ones are dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.db import connection as database
from django.db import transaction

from seatbeacon.beacon.audit import Actor, record
from seatbeacon.beacon.authorization.records import candidate_place, pending_place
from seatbeacon.beacon.errors import SecretError
from seatbeacon.beacon.locks import file_lock
from seatbeacon.beacon.models import Authorization
from seatbeacon.beacon.secrets.held import all_held
from seatbeacon.beacon.secrets.keys import KeyRing, load_key_ring, new_key, write_key_file
from seatbeacon.beacon.secrets.sealing import open_sealed, seal_with

if TYPE_CHECKING:
    from seatbeacon.beacon.secrets.keys import SecretKey
    from seatbeacon.beacon.settings import Settings

VARIABLE = "SEATBEACON_SECRET_KEYS"


@dataclass(frozen=True)
class Lost:
    """A secret that no key opens: it has to be given again, by `remedy`. `connection` is whose it is."""

    connection: str
    label: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """What a rotation did. Keys are told by their ids; `next_steps` are sentences."""

    source: Literal["file", "environment"]
    sealing_key_id: str
    dropped: tuple[str, ...]
    resealed: int
    lost: tuple[Lost, ...]
    next_steps: tuple[str, ...]


def rotate_keys(settings: Settings, *, actor: Actor) -> Rotation:
    """Rotate, wherever the keys stand. Raises BadSecretKeys; a kill at any point loses nothing.

    Keys in the home's file: a new key is put first and everything is sealed with it in one transaction; only
    then is the file rewritten without the old keys, atomically and for its owner alone. Keys in the
    environment, which no program can change for others: everything is sealed with the first key, and the
    steps tell what to set.
    """
    with file_lock(settings.home / "locks" / "secret-keys"):
        ring = load_key_ring(settings)
        return _in_environment(ring, actor) if ring.path is None else _in_file(ring, actor)


def _in_file(ring: KeyRing, actor: Actor) -> Rotation:
    assert ring.path is not None  # noqa: S101 - asked by the caller
    fresh = new_key()
    write_key_file(ring.path, (fresh, *ring.keys))
    both = ring.now()
    resealed, lost = _reseal(both, actor, source="file")
    write_key_file(ring.path, (fresh,))
    steps = ["Back up the new key file; the old one opens nothing any more, save older backups."]
    if lost:
        steps.append("Give the lost secrets again, each with the command beside it.")
    return Rotation(
        source="file",
        sealing_key_id=fresh.id.hex(),
        dropped=tuple(key.id.hex() for key in ring.keys),
        resealed=resealed,
        lost=lost,
        next_steps=tuple(steps),
    )


def _in_environment(ring: KeyRing, actor: Actor) -> Rotation:
    resealed, lost = _reseal(ring, actor, source="environment")
    first = ring.sealing
    if len(ring.keys) == 1:
        steps = [
            "Make a new key with: openssl rand -base64 32",
            f"Set {VARIABLE} to the new key, a comma and the present key, and restart every process.",
            "Then run seatbeacon secrets rotate again: everything is sealed with the new key.",
        ]
    else:
        steps = [
            f"Everything is sealed with the first key of {VARIABLE} now.",
            "Wait until every process runs with it in front and seatbeacon secrets show counts no other use.",
            f"Then take the others out of {VARIABLE}, and restart once more.",
        ]
    if lost:
        steps.append("Give the lost secrets again, each with the command beside it.")
    return Rotation(
        source="environment",
        sealing_key_id=first.id.hex(),
        dropped=(),
        resealed=resealed,
        lost=lost,
        next_steps=tuple(steps),
    )


def _reseal(ring: KeyRing, actor: Actor, *, source: str) -> tuple[int, tuple[Lost, ...]]:
    """Seal everything that opens with the first key, in one transaction; what does not stays as it is."""
    resealed = 0
    lost: list[Lost] = []
    with transaction.atomic():
        if database.vendor == "postgresql":
            with database.cursor() as cursor:
                # Waits for whoever is storing a secret, and keeps others waiting until this commits.
                cursor.execute("LOCK TABLE beacon_storedsecret IN SHARE ROW EXCLUSIVE MODE")
        for held in list(all_held()):
            again = _sealed_anew(ring, held.sealed, held.place)
            if again is None:
                lost.append(Lost(held.owner, held.label, held.remedy))
                continue
            held.store(again)
            resealed += 1
        _reseal_sign_ins(ring)
        record(
            actor,
            "secrets.rotated",
            source=source,
            resealed=resealed,
            lost=[f"{one.connection}: {one.label}" for one in lost],
        )
    return resealed, tuple(lost)


def _reseal_sign_ins(ring: KeyRing) -> None:
    """Sign-ins under way live for hours: one that does not open is dropped."""
    for row in Authorization.objects.all():
        sealed = _sealed_anew(ring, bytes(row.sealed), pending_place(row.pk))
        candidate = row.candidate and _sealed_anew(ring, bytes(row.candidate), candidate_place(row.pk))
        if sealed is None or (row.candidate and candidate is None):
            row.delete()
        else:
            Authorization.objects.filter(pk=row.pk).update(sealed=sealed, candidate=candidate)


def _sealed_anew(ring: KeyRing, sealed: bytes, place: bytes) -> bytes | None:
    key: SecretKey = ring.sealing
    try:
        return seal_with(key, open_sealed(ring, sealed, place, "secret"), place)
    except SecretError:
        return None
