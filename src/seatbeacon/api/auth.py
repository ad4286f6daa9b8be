"""Who asks: a bearer token, with a scope. Sessions of the pages do not count, so no CSRF reaches here."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from ninja.security import HttpBearer

from seatbeacon.api.limits import FAILURES, PER_ADDRESS, PER_TOKEN
from seatbeacon.api.problems import Refused
from seatbeacon.beacon.audit import Actor
from seatbeacon.web.accounts.scopes import Scope
from seatbeacon.web.accounts.tokens import find_token, note_use

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest

    from seatbeacon.web.accounts.models import ApiToken

LONGEST = 200
"""Characters of a token, at most: no more is hashed for whoever asks."""


class Token(HttpBearer):
    """The token of a request; it needs `scope`."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> ApiToken:
        """The token. Raises Refused: 401 without a right one, 403 where its scope does not reach, 429."""
        address = request.META.get("REMOTE_ADDR", "")
        _pace(PER_ADDRESS.take(address), "this address")
        _pace(FAILURES.look(address), "this address, with tokens that are not right")
        scheme, _, text = request.headers.get(self.header, "").partition(" ")
        if scheme.lower() != self.openapi_scheme or not text.strip():
            FAILURES.take(address)
            raise _unknown("This needs a token in the header Authorization: Bearer.", "")
        token = find_token(text.strip()) if len(text) <= LONGEST else None
        if token is None:
            FAILURES.take(address)
            raise _unknown("This token was revoked, has ended, or never was one.", "invalid_token")
        _pace(PER_TOKEN.take(str(token.pk)), "this token")
        note_use(token)
        if not token.allows(self.scope):
            raise _too_little(token, self.scope)
        request.user = token.user
        return token

    def authenticate(self, request: HttpRequest, token: str) -> None:
        """Not used: `__call__` tells apart why a token does not do."""
        raise NotImplementedError


READ, OPERATE, ADMINISTER = (Token(scope) for scope in Scope)


def actor_of(request: Any) -> Actor:
    """Who asks, for the audit log: the person, by which token."""
    token: ApiToken = request.auth
    text = f"{token.user} by the API token {token.name}"
    return Actor(text, str(token.user_id), request.META.get("REMOTE_ADDR", ""))


def _pace(seconds: int, who: str) -> None:
    if seconds:
        raise Refused(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"Too many requests from {who}.",
            f"Ask again in {seconds} s.",
            {"Retry-After": str(seconds)},
        )


def _unknown(message: str, error: str) -> Refused:
    challenge = 'Bearer realm="Seatbeacon"' + (f', error="{error}"' if error else "")
    remedy = "Make a token in your profile: Profile, API tokens."
    return Refused(HTTPStatus.UNAUTHORIZED, message, remedy, {"WWW-Authenticate": challenge})


def _too_little(token: ApiToken, needed: Scope) -> Refused:
    if Scope(token.scope).role.allows(needed.role):
        message = f"This needs the role {needed.role.label}; {token.user} is {token.user.role_label} by now."
        return Refused(HTTPStatus.FORBIDDEN, message, "Ask an administrator.")
    message = f"This needs the scope {needed.value}; this token has {token.scope}."
    return Refused(HTTPStatus.FORBIDDEN, message, "Make another token in your profile.")
