"""Generate…, first half: where the browser goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from seatbeacon.beacon.audit import Actor, record
from seatbeacon.beacon.authorization.records import BEGUN_FOR, make_row
from seatbeacon.beacon.authorization.subject import settings_of, subject_of_form
from seatbeacon.beacon.errors import InvalidConnection
from seatbeacon.beacon.models import Flow, Method
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.graph.oauth import begin_authorization
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from seatbeacon.beacon.connections.drafts import Given
    from seatbeacon.beacon.connections.given import GivenSecrets
    from seatbeacon.beacon.models import Connection
    from seatbeacon.beacon.settings import Settings

NATIVE_CLIENT_PATH = "/common/oauth2/nativeclient"
"""The path of Microsoft's blank page: nobody listens there, its address is to be pasted."""


@dataclass(frozen=True)
class Begun:
    """A sign-in to open at `url`. With `comes_back` *paste* the address it ends on is to be pasted; with
    *here* whoever listens at `redirect_uri` gets it. `state` is what comes back with it."""

    id: str
    url: str
    state: str
    expires_at: datetime
    redirect_uri: str
    comes_back: Literal["paste", "here"]


def begin(
    settings: Settings,
    *,
    given: Given,
    secrets: GivenSecrets | None = None,
    connection: Connection | None = None,
    name: str = "",
    redirect_uri: str | None = None,
    asker: str,
    actor: Actor,
) -> Begun:
    """Begin a sign-in for a form as it stands (over `connection`, if it edits one). Nothing is asked over the
    network.

    `redirect_uri` goes to Microsoft in place of the form's where they differ: a loopback address with its
    port. `asker` is a key of the session or command that asks; no other one may finish. Good for 15 minutes
    and one answer. Raises InvalidConnection where the form is not whole, or its flow has no sign-in page.
    """
    ring = load_key_ring(settings)
    subject = subject_of_form(ring, given, secrets, connection)
    draft = subject.draft
    if draft.flow is not Flow.AUTHORIZATION_CODE:
        raise InvalidConnection("flow", f"With the flow {draft.flow.label} nobody signs in with a browser.")
    sent = redirect_uri or draft.redirect_uri
    pending = begin_authorization(subject.app(redirect_uri=sent))
    row = make_row(
        ring,
        subject,
        method=Method.BROWSER,
        asker=asker,
        settings=settings_of(draft, sent_redirect_uri=sent),
        connection=connection,
        name=name,
        expires_at=datetime.now(UTC) + BEGUN_FOR,
        state=pending.state,
        sealed={"url": Secret(pending.url), "verifier": pending.code_verifier},
    )
    record(actor, "connection.authorization-begun", row.name, method=row.method, client_id=draft.client_id)
    comes_back: Literal["paste", "here"] = "paste" if urlsplit(sent).path == NATIVE_CLIENT_PATH else "here"
    return Begun(row.pk, pending.url, pending.state, row.expires_at, sent, comes_back)
