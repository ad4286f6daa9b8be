"""What the token endpoint answers with."""

from __future__ import annotations

import base64
import binascii
import math
from datetime import datetime, timedelta

import msgspec

from seatbeacon.graph.secret import Secret

_DEFAULT_LIFETIME = 3600  # seconds, where the answer does not say
_LONGEST_LIFETIME = 86_400 * 2


class IdClaims(msgspec.Struct, frozen=True):
    """Who signed in, as the id token says. It came from the token endpoint over TLS; its signature is not
    checked, so it may be shown and compared, and proves nothing to anybody else."""

    tid: str | None = None
    oid: str | None = None
    preferred_username: str | None = None
    name: str | None = None


class TokenSet(msgspec.Struct, frozen=True, kw_only=True):
    """One answer: `expires_at` is aware UTC, `lifetime` in seconds, `scope` what was granted."""

    access_token: Secret
    refresh_token: Secret | None = None
    expires_at: datetime
    lifetime: float = _DEFAULT_LIFETIME
    scope: str = ""
    id_claims: IdClaims = IdClaims()


class _Answer(msgspec.Struct):
    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the kind of token, not a token
    refresh_token: str | None = None
    expires_in: float | str | None = None
    scope: str | None = None
    id_token: str | None = None


# Made at import: msgspec learns a Struct at its first use, and two threads that do so at once may crash.
_ANSWER = msgspec.json.Decoder(_Answer)
_ID_CLAIMS = msgspec.json.Decoder(IdClaims)


def read_token_set(body: bytes, now: datetime) -> TokenSet | None:
    """A TokenSet from the body of a 200; None where it is not one (RFC 6749 §5.1). `now` is aware UTC.

    The answer holds secrets: of a body that cannot be read nothing is kept, not even in the error.
    """
    try:
        answer = _ANSWER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    if not answer.access_token or answer.token_type.lower() != "bearer":
        return None
    lifetime = _lifetime(answer.expires_in)
    return TokenSet(
        access_token=Secret(answer.access_token),
        refresh_token=Secret(answer.refresh_token) if answer.refresh_token else None,
        expires_at=now + timedelta(seconds=lifetime),
        lifetime=lifetime,
        scope=answer.scope or "",
        id_claims=read_id_claims(answer.id_token or ""),
    )


def read_id_claims(id_token: str) -> IdClaims:
    """The claims in an id token's middle part; all None where it cannot be read."""
    parts = id_token.split(".")
    if len(parts) != 3:
        return IdClaims()
    try:
        payload = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        return _ID_CLAIMS.decode(payload)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        return IdClaims()


def _lifetime(expires_in: float | str | None) -> float:
    # Microsoft sends a number; the v1 endpoints and some stand-ins send it as text.
    try:
        seconds = float(expires_in) if expires_in is not None else _DEFAULT_LIFETIME
    except ValueError:
        return _DEFAULT_LIFETIME
    return min(max(seconds, 0.0), _LONGEST_LIFETIME) if math.isfinite(seconds) else _DEFAULT_LIFETIME
