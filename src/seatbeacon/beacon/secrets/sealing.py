"""Seal and open one secret. AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce per sealing."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from seatbeacon.beacon.errors import KeyLost, SecretDamaged
from seatbeacon.beacon.secrets.keys import KEY_ID_BYTES, KeyRing, SecretKey

NONCE_BYTES = 12


def seal(ring: KeyRing, plain: bytes, place: bytes) -> bytes:
    """Key id, nonce and ciphertext of `plain`, which opens at the same `place` only.

    Where it is stored, the caller holds `secrets.store.writing`, so that no rotation comes between.
    """
    return seal_with(ring.now().sealing, plain, place)


def seal_with(key: SecretKey, plain: bytes, place: bytes) -> bytes:
    """As `seal`, with a key that the caller chose."""
    nonce = os.urandom(NONCE_BYTES)
    return key.id + nonce + AESGCM(key.value).encrypt(nonce, plain, place)


def open_sealed(ring: KeyRing, sealed: bytes, place: bytes, what: str) -> bytes:
    """What `seal` was given. `what` names the secret in KeyLost and SecretDamaged."""
    key_id, nonce, cipher = (
        sealed[:KEY_ID_BYTES],
        sealed[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES],
        sealed[KEY_ID_BYTES + NONCE_BYTES :],
    )
    key = ring.find(key_id) or ring.now().find(key_id)
    if key is None:
        message = (
            f"The key that sealed the {what} (key id {key_id.hex()}) is not in {ring.source}. "
            "Put the key back, or give the connection its secret again with: seatbeacon connection edit"
        )
        raise KeyLost(message)
    try:
        return AESGCM(key.value).decrypt(nonce, cipher, place)
    except (InvalidTag, ValueError):
        message = (
            f"The stored {what} does not open: it was changed, or belongs to another connection. "
            "Give the connection its secret again with: seatbeacon connection edit"
        )
        raise SecretDamaged(message) from None
