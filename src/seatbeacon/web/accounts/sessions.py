"""Sessions in the database, which give none of themselves away to whoever reads the table.

Of the key that a browser shows there is only a hash. What a session holds is sealed with AES-256-GCM under
Django's signing keys, bound to that hash: among it are a TOTP key that is being set up and the parts of a
single sign-on under way.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.sessions.base_session import AbstractBaseSession

NONCE_BYTES = 12
ROW_KEY_LENGTH = 40
"""What the table has room for: 160 bits of the hash in hexadecimal."""


class SessionStore(DatabaseStore):
    """As Django's, but for what stands in the table."""

    def exists(self, session_key: str) -> bool:
        """Whether there is a session that this key opens."""
        return super().exists(row_key(session_key))

    def delete(self, session_key: str | None = None) -> None:
        """End the session of the key, or this one."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(row_key(key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row that is stored."""
        made = super().create_model_instance(data)
        made.session_key = row_key(made.session_key)
        return made

    def encode(self, session_dict: dict[str, Any]) -> str:
        """What stands in the row: nonce and ciphertext in base64."""
        nonce = os.urandom(NONCE_BYTES)
        plain = self.serializer().dumps(session_dict)
        cipher = next(_ciphers()).encrypt(nonce, plain, self._place())
        return base64.b64encode(nonce + cipher).decode()

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """What `encode` was given; nothing where no key opens it, so that the person signs in anew."""
        try:
            sealed = base64.b64decode(session_data, validate=True)
        except ValueError:
            return {}
        for cipher in _ciphers():
            try:
                plain = cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._place())
            except (InvalidTag, ValueError):
                continue
            found: dict[str, Any] = self.serializer().loads(plain)
            return found
        return {}

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        row: AbstractBaseSession | None = self.model.objects.filter(
            session_key=row_key(self.session_key or ""), expire_date__gt=timezone.now()
        ).first()
        if row is None:
            self._session_key = None
        return row

    def _place(self) -> bytes:
        return row_key(self._get_or_create_session_key()).encode()  # type: ignore[attr-defined] # the stubs lack it


def row_key(session_key: str) -> str:
    """What stands in the table for the key of a browser. A key has 165 random bits, so a plain hash does."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:ROW_KEY_LENGTH]


def _ciphers() -> Iterator[AESGCM]:
    """Of the signing keys: the newest first, which seals."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield AESGCM(hmac.digest(key.encode(), b"seatbeacon sessions", hashlib.sha256))
