"""Generate… without a browser on this machine: a code that a person types elsewhere (RFC 8628)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from seatbeacon.beacon.audit import Actor, record
from seatbeacon.beacon.authorization.candidates import Candidate, candidate
from seatbeacon.beacon.authorization.finish import PATIENCE
from seatbeacon.beacon.authorization.outcome import ending, in_words, keep_candidate
from seatbeacon.beacon.authorization.records import AGAIN, find_row, make_row, sealed_secrets
from seatbeacon.beacon.authorization.subject import settings_of, subject_of_form, subject_of_row
from seatbeacon.beacon.errors import AuthorizationError, AuthorizationKind, InvalidConnection
from seatbeacon.beacon.models import Authorization, Flow, Method
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.graph.errors import GraphError, SignInError
from seatbeacon.graph.oauth import begin_device_code
from seatbeacon.graph.oauth.token_request import request_tokens

if TYPE_CHECKING:
    from seatbeacon.beacon.authorization.subject import Subject
    from seatbeacon.beacon.connections.drafts import Given
    from seatbeacon.beacon.connections.given import GivenSecrets
    from seatbeacon.beacon.models import Connection
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.graph.oauth import TokenSet
    from seatbeacon.graph.secret import Secret

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SLOWER = 5.0
"""Seconds more between two questions where Microsoft asks for it (RFC 8628 §3.5)."""


@dataclass(frozen=True)
class DeviceBegun:
    """A sign-in under way: open `verification_uri` anywhere and type `user_code`. `message` says so in
    Microsoft's words; `interval` is seconds between two questions whether it is done."""

    id: str
    user_code: str
    verification_uri: str
    message: str
    expires_at: datetime
    interval: float


def begin_device(
    settings: Settings,
    *,
    given: Given,
    secrets: GivenSecrets | None = None,
    connection: Connection | None = None,
    name: str = "",
    asker: str,
    actor: Actor,
) -> DeviceBegun:
    """Ask Microsoft for a code, for a form as it stands. As `begin.begin`; raises AuthorizationError too.

    Any flow in which a person signs in will do: the token that comes is bound to the form's fields.
    """
    ring = load_key_ring(settings)
    subject = subject_of_form(ring, given, secrets, connection)
    draft = subject.draft
    if draft.flow is Flow.CLIENT_CREDENTIALS:
        raise InvalidConnection("flow", f"With the flow {draft.flow.label} nobody signs in.")
    try:
        with subject.transport(settings) as transport:
            code = begin_device_code(subject.app(), transport, patience=PATIENCE)
    except GraphError as error:
        raise in_words(error) from None
    row = make_row(
        ring,
        subject,
        method=Method.DEVICE_CODE,
        asker=asker,
        settings=settings_of(draft, sent_redirect_uri=""),
        connection=connection,
        name=name,
        expires_at=code.expires_at,
        interval=code.interval,
        sealed={"device_code": code.device_code},
    )
    record(actor, "connection.authorization-begun", row.name, method=row.method, client_id=draft.client_id)
    return DeviceBegun(
        row.pk, code.user_code, code.verification_uri, code.message, row.expires_at, code.interval
    )


def poll_device(
    settings: Settings,
    id: str,  # noqa: A002 - the name that begin_device gave it
    *,
    asker: str,
    actor: Actor,
) -> Candidate | None:
    """Whether the person has signed in: what it brought, or None while not yet.

    Asks Microsoft once at most, and not at all before the interval is over; never waits. Raises
    AuthorizationError.
    """
    row = find_row(id, asker)
    if row.method != Method.DEVICE_CODE:
        raise AuthorizationError(AuthorizationKind.WRONG_STATE, "This sign-in has no device code.", AGAIN)
    if row.answered_at is not None:
        return candidate(row.pk, asker=asker)
    now = datetime.now(UTC)
    ring = load_key_ring(settings)
    with ending(row, actor):
        if row.expires_at <= now:
            problem = "Nobody signed in before the code expired."
            raise AuthorizationError(AuthorizationKind.EXPIRED, problem, AGAIN)
        if not _is_due(row, now):
            return None
        held = sealed_secrets(ring, row)
        subject = subject_of_row(row, held)
        tokens = _ask(settings, row, subject, held["device_code"])
        if tokens is None:
            return None
        Authorization.objects.filter(pk=row.pk).update(answered_at=datetime.now(UTC))
        return keep_candidate(ring, row, subject, tokens, actor)


def _is_due(row: Authorization, now: datetime) -> bool:
    """Whether the interval is over, and nobody else asks now."""
    due = Q(polled_at__isnull=True) | Q(polled_at__lte=now - timedelta(seconds=row.interval))
    waiting = Authorization.objects.filter(due, pk=row.pk, answered_at__isnull=True)
    return waiting.update(polled_at=now) == 1


def _ask(settings: Settings, row: Authorization, subject: Subject, code: Secret) -> TokenSet | None:
    with subject.transport(settings) as transport:
        try:
            return request_tokens(
                subject.app(),
                transport,
                GRANT,
                {"device_code": code},
                credential=subject.credential(),
                patience=PATIENCE,
            )
        except SignInError as error:
            if error.error == "slow_down":
                Authorization.objects.filter(pk=row.pk).update(interval=row.interval + SLOWER)
            elif error.error != "authorization_pending":
                raise
            return None
