"""A certificate file and its passphrase, as one secret."""

from __future__ import annotations

import base64

import msgspec

from seatbeacon.graph.secret import Secret


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
