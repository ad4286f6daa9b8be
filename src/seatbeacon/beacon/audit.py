"""Write to the audit log."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from seatbeacon.beacon.models.audit import AuditEntry
from seatbeacon.graph.secret import Secret

MASK = "********"
TEXT_LIMIT = 320
VALUE_LIMIT = 1000

_SECRET_NAMES = re.compile(
    r"password|passphrase|secret|token|credential|certificate|private|(^|_)key($|_)", re.I
)


@dataclass(frozen=True)
class Actor:
    """Who acts: a text for people, the account's key if any, and the client's IP address if any."""

    text: str
    id: str = ""
    address: str = ""


COMMAND_LINE = Actor("command line")
"""Whoever may run our commands on this machine."""

SYSTEM = Actor("Seatbeacon")
"""The beacon itself, as when a schedule's time comes."""


def record(actor: Actor, action: str, target: str = "", **details: Any) -> AuditEntry:
    """Add one entry. `action` is `thing.verb-in-the-past`, such as `connection.added`.

    A detail whose name or type says that it is secret is masked; that something was given is told, not what.
    """
    return AuditEntry.objects.create(
        at=datetime.now(UTC),
        actor=actor.text[:TEXT_LIMIT],
        actor_id=actor.id,
        action=action,
        target=target[:TEXT_LIMIT],
        address=actor.address,
        details={name: _fit(name, value) for name, value in details.items()},
    )


def _fit(name: str, value: Any) -> Any:
    if isinstance(value, Secret | bytes):
        return MASK
    if isinstance(value, bool | int | float | None):
        return value
    if isinstance(value, dict):
        return {str(key): _fit(str(key), one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_fit(name, one) for one in value]
    return MASK if _SECRET_NAMES.search(name) and value else str(value)[:VALUE_LIMIT]
