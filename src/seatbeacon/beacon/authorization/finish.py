"""Generate…, second half: the address on which the browser ended becomes a candidate, or words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from seatbeacon.beacon.authorization.answers import WHOLE, Answer, is_place, read_address, read_query
from seatbeacon.beacon.authorization.outcome import ending, keep_candidate
from seatbeacon.beacon.authorization.records import AGAIN, check_asker, digest, find_row, sealed_secrets
from seatbeacon.beacon.authorization.subject import subject_of_row
from seatbeacon.beacon.errors import AuthorizationError, AuthorizationKind
from seatbeacon.beacon.models import Authorization
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.graph.oauth import PendingAuthorization, redeem_code
from seatbeacon.graph.oauth.aadsts import sign_in_error
from seatbeacon.graph.oauth.token_request import Patience
from seatbeacon.graph.retry import RetryPolicy

if TYPE_CHECKING:
    from seatbeacon.beacon.audit import Actor
    from seatbeacon.beacon.authorization.candidates import Candidate
    from seatbeacon.beacon.settings import Settings

PATIENCE = Patience(policy=RetryPolicy(give_up_after=30.0))
"""A person waits before a page that loads."""


def finish(
    settings: Settings,
    redirected: str,
    *,
    asker: str,
    actor: Actor,
    id: str | None = None,  # noqa: A002 - the name that begin gave it
) -> Candidate:
    """Finish the sign-in that ended on the address `redirected`, and keep what it brought until Save.

    With `id`, which names the sign-in, the code alone will do. Raises AuthorizationError. An address that
    cannot be the answer, or is another session's, leaves the sign-in open; any answer to it, a refusal too,
    uses it up.
    """
    answer = read_address(redirected, code_alone=id is not None)
    row = _row(answer, asker, id)
    if answer.place is not None and not is_place(answer.place, row.settings["sent_redirect_uri"]):
        problem = f"The address is not that of the redirect URI {row.settings['sent_redirect_uri']}."
        raise AuthorizationError(AuthorizationKind.NOT_THE_REDIRECT, problem, WHOLE)
    return _finish(settings, row, answer, actor)


def finish_query(settings: Settings, query: str, *, asker: str, actor: Actor) -> Candidate:
    """As `finish`, from the query of a request to an address of our own: which address that is stands
    beyond doubt, whatever reverse proxy came before."""
    answer = read_query(query)
    return _finish(settings, _row(answer, asker, None), answer, actor)


def _row(answer: Answer, asker: str, number: str | None) -> Authorization:
    """The open sign-in that `answer` belongs to."""
    if number is not None:
        row = find_row(number, asker)
        if answer.place is not None and row.state_digest != digest(answer.state):
            raise _wrong_state()
    else:
        known = Authorization.objects.filter(state_digest=digest(answer.state)).first()
        if known is None:
            raise _wrong_state()
        check_asker(known, asker)
        row = known
    if row.answered_at is not None:
        raise _used()
    if row.expires_at <= datetime.now(UTC):
        problem = "The sign-in took longer than 15 minutes."
        raise AuthorizationError(AuthorizationKind.EXPIRED, problem, AGAIN)
    return row


def _finish(settings: Settings, row: Authorization, answer: Answer, actor: Actor) -> Candidate:
    still_open = Authorization.objects.filter(pk=row.pk, answered_at__isnull=True)
    if still_open.update(answered_at=datetime.now(UTC)) != 1:
        raise _used()
    ring = load_key_ring(settings)
    held = sealed_secrets(ring, row)
    subject = subject_of_row(row, held)
    with ending(row, actor):
        if answer.error:
            raise sign_in_error(error=answer.error, description=answer.description, request="Sign-in")
        pending = PendingAuthorization(held["url"].reveal(), answer.state, held["verifier"])
        with subject.transport(settings) as transport:
            tokens = redeem_code(
                subject.app(redirect_uri=row.settings["sent_redirect_uri"]),
                transport,
                pending,
                answer.code,
                subject.credential(),
                patience=PATIENCE,
            )
        return keep_candidate(ring, row, subject, tokens, actor)


def _wrong_state() -> AuthorizationError:
    problem = "The address belongs to another sign-in than the one that was begun here, or to an older one."
    return AuthorizationError(AuthorizationKind.WRONG_STATE, problem, AGAIN)


def _used() -> AuthorizationError:
    problem = "This sign-in was answered already, and each answer counts once."
    return AuthorizationError(AuthorizationKind.USED, problem, AGAIN)
