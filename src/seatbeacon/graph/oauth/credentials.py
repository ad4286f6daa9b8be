"""What an app proves itself with. A public client has none, and must not send any (AADSTS700025)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from .certificate import ClientCertificate

if TYPE_CHECKING:
    from seatbeacon.graph.secret import Secret


class ClientSecret(msgspec.Struct, frozen=True):
    """The value of a client secret (not its id)."""

    value: Secret


Credential: TypeAlias = ClientSecret | ClientCertificate
