"""Tokens for the API: made, found and revoked. Each change stands in the audit log."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from seatbeacon.beacon.audit import Actor, record
from seatbeacon.web.accounts.errors import InvalidToken
from seatbeacon.web.accounts.links import TOKEN_BYTES, hash_token
from seatbeacon.web.accounts.models import ApiToken, User
from seatbeacon.web.accounts.scopes import Scope, scopes_of

if TYPE_CHECKING:
    from datetime import date

BEGINNING = "sbt_"
"""By which a token is known, to people and to programs that look for secrets."""

SHOWN = len(BEGINNING) + 6
LONGEST_LIFE = timedelta(days=366)
MOST_TOKENS = 50
SELDOM = timedelta(minutes=1)
"""How exact the time of last use is: no request need write to the database."""


def make_token(
    actor: Actor, user: User, *, name: str, scope: Scope, ends_on: date, now: datetime | None = None
) -> tuple[ApiToken, str]:
    """A new token of `user`, good until the end of the day `ends_on` (UTC), and its text, told this once.

    Raises InvalidToken where the scope is above the role, the end is past or over a year away, or there are
    too many.
    """
    now = now or datetime.now(UTC)
    ends = datetime.combine(ends_on, time.max, UTC)
    if scope not in scopes_of(user):
        raise InvalidToken("scope", f"Your role {user.role_label} does not reach as far as {scope.label}.")
    if not now < ends <= now + LONGEST_LIFE + timedelta(days=1):
        raise InvalidToken("ends_on", "Give a day from today on, at most a year from now.")
    if ApiToken.objects.filter(user=user).count() >= MOST_TOKENS:
        raise InvalidToken("name", f"You have {MOST_TOKENS} tokens. Revoke those that nothing uses.")
    text = BEGINNING + secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        token = ApiToken.objects.create(
            user=user,
            name=name.strip(),
            prefix=text[:SHOWN],
            token_hash=hash_token(text),
            scope=scope,
            created_at=now,
            expires_at=ends,
        )
        told = {"scope": scope.label, "ends": ends_on.isoformat(), "begins_with": token.prefix}
        record(actor, "api-access.added", str(user), name=token.name, **told)
    return token, text


def find_token(text: str) -> ApiToken | None:
    """The token of that text, if it may still be used."""
    found = ApiToken.objects.select_related("user").filter(token_hash=hash_token(text)).first()
    return found if found is not None and found.is_open(datetime.now(UTC)) else None


def note_use(token: ApiToken) -> None:
    """Remember that the token was used now, to the minute."""
    now = datetime.now(UTC)
    if token.last_used_at is None or now - token.last_used_at > SELDOM:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def revoke(actor: Actor, token: ApiToken) -> None:
    """End the token at once."""
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk).delete()[0]:
            record(actor, "api-access.revoked", str(token.user), name=token.name, begins_with=token.prefix)
