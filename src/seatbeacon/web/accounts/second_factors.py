"""What proves a second factor, the TOTP key and the seed of the recovery codes, is sealed like any secret."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import connection as database

from seatbeacon.beacon.secrets.held import Held
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.beacon.secrets.sealing import open_sealed, seal
from seatbeacon.beacon.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

SEALED = "sealed:"
"""Before the base64 of what is sealed."""
PLACE = b"seatbeacon/second-factor"
WHAT = "second factor"
KEPT_IN = {Authenticator.Type.TOTP.value: "secret", Authenticator.Type.RECOVERY_CODES.value: "seed"}
"""By type of authenticator, where in its data the secret stands."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth has no type stubs
    """Seals what allauth stores, and opens it when a code is checked."""

    def encrypt(self, text: str) -> str:
        """`text`, sealed."""
        return wrapped(seal(load_key_ring(load_settings()), text.encode(), PLACE))

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` was given. Raises KeyLost or SecretDamaged."""
        return open_sealed(load_key_ring(load_settings()), unwrapped(encrypted_text), PLACE, WHAT).decode()


def held_second_factors() -> Iterator[Held]:
    """The sealed secrets of people's second factors; none where the pages have not made their tables yet."""
    if Authenticator._meta.db_table not in database.introspection.table_names():  # noqa: SLF001 - Django's way
        return
    for factor in Authenticator.objects.filter(type__in=KEPT_IN).select_related("user").order_by("pk"):
        kept = factor.data.get(KEPT_IN[factor.type], "")
        yield Held(
            owner=str(factor.user),
            label=factor.get_type_display(),
            sealed=unwrapped(kept),
            place=PLACE,
            stored_at=factor.created_at,
            remedy="Reset the person's second factors under Administration, People.",
            store=lambda sealed, factor=factor: _store(factor, sealed),  # type: ignore[misc] # a lambda's default
        )


def wrapped(sealed: bytes) -> str:
    """Sealed bytes as text."""
    return SEALED + base64.b64encode(sealed).decode()


def unwrapped(text: str) -> bytes:
    """The bytes of `wrapped`; nothing, which no key opens, for other text."""
    return base64.b64decode(text.removeprefix(SEALED)) if text.startswith(SEALED) else b""


def _store(factor: Any, sealed: bytes) -> None:
    factor.data[KEPT_IN[factor.type]] = wrapped(sealed)
    factor.save(update_fields=["data"])
