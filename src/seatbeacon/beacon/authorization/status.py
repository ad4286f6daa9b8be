"""How far a sign-in is, for a page that waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from seatbeacon.beacon.authorization.candidates import Candidate, candidate_of
from seatbeacon.beacon.authorization.records import AGAIN, find_row


@dataclass(frozen=True, kw_only=True)
class Status:
    """*finished* has a `candidate`; *failed* says why in `problem` and `remedy`, and as `kind`."""

    state: Literal["waiting", "finished", "failed", "expired"]
    candidate: Candidate | None = None
    kind: str = ""
    problem: str = ""
    remedy: str = ""


def authorization_status(id: str, *, asker: str) -> Status:  # noqa: A002 - the name that begin gave it
    """The state of a sign-in. Raises AuthorizationError where it is gone, or another session's."""
    row = find_row(id, asker)
    if row.failure:
        return Status(state="failed", **row.failure)
    if row.expires_at <= datetime.now(UTC):
        return Status(state="expired", kind="expired", problem="The sign-in took too long.", remedy=AGAIN)
    if row.candidate is not None:
        return Status(state="finished", candidate=candidate_of(row))
    return Status(state="waiting")
