"""From tokens to a candidate, or from a failure to words; either ends the sign-in."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from seatbeacon.beacon.audit import Actor, record
from seatbeacon.beacon.authorization.candidates import Candidate, candidate_of
from seatbeacon.beacon.authorization.records import AGAIN, CANDIDATE_FOR, candidate_place
from seatbeacon.beacon.connections.facts import facts_of
from seatbeacon.beacon.connections.tenants import connection_to
from seatbeacon.beacon.errors import AuthorizationError, AuthorizationKind
from seatbeacon.beacon.explain import explain
from seatbeacon.beacon.models import Authorization
from seatbeacon.beacon.secrets.sealing import seal
from seatbeacon.beacon.secrets.store import writing
from seatbeacon.graph.errors import GraphError, SignInError

if TYPE_CHECKING:
    from collections.abc import Generator

    from seatbeacon.beacon.authorization.subject import Subject
    from seatbeacon.beacon.connections.facts import Facts
    from seatbeacon.beacon.secrets.keys import KeyRing
    from seatbeacon.graph.oauth import TokenSet
    from seatbeacon.graph.secret import Secret

PERSONAL_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The tenant that all personal Microsoft accounts are in (Microsoft Entra: id-token-claims-reference)."""

NEEDED = ("Directory.Read.All", "Reports.Read.All")

_CONSENT_MISSING = frozenset({65001, 90094, 90095, 65005, 650056, 650057})
_WRONG_ACCOUNT = frozenset({50020, 50034, 51004, 16000, 50105, 50053, 50055, 50056, 50057, 50126, 50144})
_EXPIRED = frozenset({70008, 54005, 70019, 70020})


@contextmanager
def ending(row: Authorization, actor: Actor) -> Generator[None]:
    """Note with the row, and in the audit log, why the block brought no token. Raises AuthorizationError.

    What Microsoft or the network said is put in words first.
    """
    try:
        yield
    except AuthorizationError as error:
        _note_failure(row, error, actor)
        raise
    except GraphError as error:
        failure = in_words(error)
        _note_failure(row, failure, actor)
        raise failure from None


def keep_candidate(
    ring: KeyRing, row: Authorization, subject: Subject, tokens: TokenSet, actor: Actor
) -> Candidate:
    """Keep the refresh token among `tokens` until Save. Raises AuthorizationError where it is of no use."""
    facts = facts_of(tokens, row.method)
    token = _check(row, subject, tokens, facts)
    with writing():
        row.facts = facts.to_json()
        row.candidate = seal(ring, token.reveal().encode(), candidate_place(row.pk))
        row.expires_at = datetime.now(UTC) + CANDIDATE_FOR
        row.save(update_fields=["facts", "candidate", "expires_at"])
        record(
            actor,
            "connection.authorized",
            row.name,
            method=row.method,
            account=facts.username,
            tenant_id=facts.tenant_id,
            permissions=list(facts.scopes),
        )
    return candidate_of(row)


def in_words(error: GraphError) -> AuthorizationError:
    """What went wrong while signing in, and which kind it is."""
    explained = explain(error)
    kind = _kind_of(error) if isinstance(error, SignInError) else AuthorizationKind.FAILED
    return AuthorizationError(kind, explained.problem, explained.remedy or AGAIN)


def _kind_of(error: SignInError) -> AuthorizationKind:
    code = error.aadsts
    if code == 65004 or (code is None and error.error in {"access_denied", "authorization_declined"}):
        return AuthorizationKind.DECLINED
    if code in _CONSENT_MISSING or error.error == "consent_required":
        return AuthorizationKind.CONSENT_MISSING
    if code in _WRONG_ACCOUNT:
        return AuthorizationKind.WRONG_ACCOUNT
    if code in _EXPIRED or error.error == "expired_token":
        return AuthorizationKind.EXPIRED
    if error.error == "authorization_declined":
        return AuthorizationKind.DECLINED
    return AuthorizationKind.FAILED


def _check(row: Authorization, subject: Subject, tokens: TokenSet, facts: Facts) -> Secret:
    """The refresh token, if it is of the right kind and tenant and may read what an import reads."""
    who = facts.who or "The account"
    if facts.tenant_id == PERSONAL_TENANT:
        problem = f"{who} is a personal Microsoft account, which belongs to no organization."
        remedy = "Sign in with a work account of the tenant."
        raise AuthorizationError(AuthorizationKind.WRONG_ACCOUNT, problem, remedy)
    wanted = subject.draft.tenant_id
    if wanted and facts.tenant_id and facts.tenant_id != wanted:
        problem = f"{who} signed in to tenant {facts.tenant_id}, and the connection is to tenant {wanted}."
        remedy = "Sign in with an account of that tenant, or correct the tenant id first."
        raise AuthorizationError(AuthorizationKind.WRONG_TENANT, problem, remedy)
    first = connection_to(facts.tenant_id or "")
    if first is not None and first.pk != row.connection_id:
        problem = f"The connection “{first.name}” is to tenant {facts.tenant_id} already."
        remedy = f"There is one connection per tenant: edit “{first.name}”, or delete it first."
        raise AuthorizationError(AuthorizationKind.TENANT_TAKEN, problem, remedy)
    missing = [name for name in NEEDED if facts.scopes and name not in facts.scopes]
    if missing:
        problem = f"The app was not granted {' and '.join(missing)}."
        remedy = "Add it to the app registration, grant an administrator's consent, then sign in again."
        raise AuthorizationError(AuthorizationKind.CONSENT_MISSING, problem, remedy)
    if tokens.refresh_token is None:
        problem = "Microsoft signed the account in and gave no refresh token."
        remedy = "Allow the app the permission offline_access, then sign in again."
        raise AuthorizationError(AuthorizationKind.NO_REFRESH_TOKEN, problem, remedy)
    return tokens.refresh_token


def _note_failure(row: Authorization, error: AuthorizationError, actor: Actor) -> None:
    row.failure = {"kind": error.kind.value, "problem": error.problem, "remedy": error.remedy}
    with transaction.atomic():
        Authorization.objects.filter(pk=row.pk).update(failure=row.failure, answered_at=datetime.now(UTC))
        record(
            actor,
            "connection.authorization-failed",
            row.name,
            method=row.method,
            kind=error.kind.value,
            problem=error.problem,
        )
