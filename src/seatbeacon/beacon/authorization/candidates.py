"""What a sign-in brought, until Save attaches it to a connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from seatbeacon.beacon.authorization.records import AGAIN, candidate_place, find_row
from seatbeacon.beacon.authorization.subject import differing
from seatbeacon.beacon.connections.drafts import draft_connection
from seatbeacon.beacon.connections.facts import Facts
from seatbeacon.beacon.errors import AuthorizationError, AuthorizationKind, InvalidConnection
from seatbeacon.beacon.models import Authorization
from seatbeacon.beacon.secrets.sealing import open_sealed
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from seatbeacon.beacon.connections.drafts import Draft, Given
    from seatbeacon.beacon.models import Connection
    from seatbeacon.beacon.secrets.keys import KeyRing

_LABELS = {
    "cloud": "cloud",
    "flow": "Authentication Flow",
    "client_id": "Application (client) ID",
    "token_endpoint": "Token Endpoint",
    "authorization_endpoint": "Authorization Endpoint",
    "redirect_uri": "Redirect URI",
    "graph_root": "Graph root",
}


@dataclass(frozen=True)
class Candidate:
    """A token that came and waits for Save. Holds nothing secret: `id` finds it, for its session alone."""

    id: str
    facts: Facts
    expires_at: datetime


@dataclass(frozen=True)
class CandidateToken:
    """A candidate, opened: goes into `GivenSecrets.authorized`."""

    id: str
    token: Secret
    facts: Facts
    settings: dict[str, Any] = field(repr=False)

    def check(self, draft: Draft) -> None:
        """Raise AuthorizationError where it was generated for other settings, or by another tenant."""
        other = differing(self.settings, draft)
        if other:
            named = ", ".join(_LABELS[name] for name in other)
            problem = f"The refresh token was generated for other settings ({named})."
            raise AuthorizationError(AuthorizationKind.CANDIDATE_MISMATCH, problem, "Generate it again.")
        tenant = self.facts.tenant_id
        if tenant and draft.tenant_id and tenant != draft.tenant_id:
            problem = f"The refresh token is of tenant {tenant}, the connection is to {draft.tenant_id}."
            raise AuthorizationError(AuthorizationKind.CANDIDATE_MISMATCH, problem, "Generate it again.")


def candidate(number: str, *, asker: str) -> Candidate:
    """What the sign-in of that id brought. Raises AuthorizationError where it brought nothing, or is gone."""
    return candidate_of(_finished(number, asker))


def candidate_of(row: Authorization) -> Candidate:
    """What stands in `row`, which is finished."""
    return Candidate(row.pk, Facts.from_json(row.facts, row.begun_at), row.expires_at)


def open_candidate(ring: KeyRing, number: str, *, asker: str) -> CandidateToken:
    """The candidate with its token, for Save. Raises AuthorizationError as `candidate`, or SecretError."""
    row = _finished(number, asker)
    plain = open_sealed(ring, bytes(row.candidate or b""), candidate_place(row.pk), "generated refresh token")
    return CandidateToken(
        row.pk, Secret(plain.decode()), Facts.from_json(row.facts, row.begun_at), row.settings
    )


def matches(number: str, given: Given, connection: Connection | None = None, *, asker: str) -> bool:
    """Whether Save would take the candidate with the form as it stands."""
    try:
        row = _finished(number, asker)
        draft = draft_connection(given, connection)
    except (AuthorizationError, InvalidConnection):
        return False
    return not differing(row.settings, draft)


def discard(number: str, *, asker: str) -> None:
    """Forget a sign-in and what it brought; nothing happens where it is gone."""
    try:
        find_row(number, asker).delete()
    except AuthorizationError:
        return


def take(token: CandidateToken) -> None:
    """Remove a candidate that is being saved; the caller's transaction holds both together.

    Raises AuthorizationError where somebody took it meanwhile.
    """
    deleted, _ = Authorization.objects.filter(pk=token.id).delete()
    if not deleted:
        raise _gone()


def _finished(number: str, asker: str) -> Authorization:
    row = find_row(number, asker)
    if row.failure:
        raise AuthorizationError(
            AuthorizationKind(row.failure["kind"]), row.failure["problem"], row.failure["remedy"]
        )
    if row.candidate is None or row.expires_at <= datetime.now(UTC):
        raise _gone()
    return row


def _gone() -> AuthorizationError:
    problem = "There is no generated refresh token to be saved: it was saved already, or is too old."
    return AuthorizationError(AuthorizationKind.CANDIDATE_GONE, problem, AGAIN)
