"""One-time links: made, found, and used up."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from seatbeacon.web.accounts.models import OneTimeLink, Purpose, User

VALID = timedelta(hours=24)
TOKEN_BYTES = 32


def make_link(purpose: Purpose, user: User | None = None) -> str:
    """A new link's token, told this once; earlier unused links of the same person and purpose are void."""
    now = datetime.now(UTC)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    OneTimeLink.objects.filter(purpose=purpose, user=user, used_at=None).delete()
    OneTimeLink.objects.create(
        token_hash=hash_token(token), purpose=purpose, user=user, created_at=now, expires_at=now + VALID
    )
    return token


def find_link(token: str) -> OneTimeLink | None:
    """The link with that token, if it may still be used."""
    link = OneTimeLink.objects.select_related("user").filter(token_hash=hash_token(token)).first()
    return link if link is not None and link.is_open(datetime.now(UTC)) else None


def use_up(link: OneTimeLink) -> bool:
    """Spend the link. False where somebody else spent it meanwhile: of two, one wins."""
    now = datetime.now(UTC)
    return OneTimeLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now).update(used_at=now) == 1


def hash_token(token: str) -> str:
    """What is kept of a token. It has 256 random bits, so a plain hash does."""
    return hashlib.sha256(token.encode()).hexdigest()
