"""Decide on recommendations, and take it back. What was decided stands until a person decides otherwise, its
last day passes, or an import says that it is not so (`settle`)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from seatbeacon.beacon.audit import record
from seatbeacon.beacon.errors import InvalidDecision
from seatbeacon.beacon.models import Decision, DecisionState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from seatbeacon.beacon.audit import Actor

MOST = 50_000
"""Recommendations that are decided on at once, at most."""
CHUNK = 500
SET_ASIDE = (DecisionState.DISMISSED, DecisionState.EXEMPTED)
"""States that leave the total, need a reason, and may have a last day."""
TOLD = 20
"""Keys that an entry of the audit log names; how many there are is told in any case."""

_FIELDS = (
    "state", "reason", "until", "decided_by", "decided_at", "user_name", "product_name", "rule_title",
    "seats", "monthly_saving", "yearly_saving", "currency", "realisable_on", "confirmed_at", "import_no",
    "batch", "before", "revision",
)  # fmt: skip
_UNDONE = ("state", "reason", "decided_by", "until", "import_no")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A recommendation as it is found, to be decided on. Amounts are None where no price is known."""

    key: str
    user_name: str = ""
    product_name: str = ""
    rule_title: str = ""
    seats: int = 1
    monthly_saving: Decimal | None = None
    yearly_saving: Decimal | None = None
    currency: str = ""
    realisable_on: date | None = None


@dataclass(frozen=True)
class Decided:
    """An act: how many recommendations it changed, and by which batch it is undone."""

    count: int
    batch: str


def decide(
    tenant_id: str,
    findings: Sequence[Finding],
    state: DecisionState,
    *,
    actor: Actor,
    reason: str = "",
    until: date | None = None,
) -> Decided:
    """Say how these recommendations of a tenant stand, all or none; audited.

    Raises InvalidDecision: without a reason for a dismissal or an exemption, with a last day that is past or
    of no use, for none or too many.
    """
    reason = " ".join(reason.split())
    check(len(findings), state, reason, until)
    batch, now = secrets.token_hex(16), datetime.now(UTC)
    with transaction.atomic():
        there = _standing(tenant_id, [one.key for one in findings])
        changed = []
        for finding in {one.key: one for one in findings}.values():
            decision = there.get(finding.key)
            if decision is None:
                decision = Decision(tenant_id=tenant_id, key=finding.key, before={})
            else:
                decision.before = _kept(decision)
                decision.revision += 1
            changed.append(decision)
            _describe(decision, finding)
            decision.state, decision.reason, decision.until = state, reason, until
            decision.decided_by, decision.decided_at = actor.text[:320], now
            decision.confirmed_at, decision.import_no, decision.batch = None, None, batch
        _save(changed)
        record(
            actor,
            "recommendations.decided",
            f"{len(changed)} recommendations",
            state=str(state),
            reason=reason,
            until=until,
            tenant=tenant_id,
            recommendations=[one.key for one in changed[:TOLD]],
        )
    return Decided(len(changed), batch)


def undo(tenant_id: str, batch: str, *, actor: Actor) -> int:
    """Put back what an act changed, where nothing was decided since; how many those are. Audited."""
    with transaction.atomic():
        found = list(Decision.objects.filter(tenant_id=tenant_id, batch=batch)) if batch else []
        for decision in found:
            before: dict[str, Any] = decision.before or {"state": DecisionState.OPEN}
            decision.state = before["state"]
            decision.reason = before.get("reason", "")
            decision.decided_by = before.get("decided_by", actor.text[:320])
            decision.until = _day(before.get("until"))
            decision.import_no = before.get("import_no")
            decision.decided_at = _time(before.get("decided_at")) or datetime.now(UTC)
            decision.confirmed_at = _time(before.get("confirmed_at"))
            decision.batch, decision.before = "", {}
            decision.revision += 1
        _save(found)
        if found:
            record(
                actor,
                "recommendations.undone",
                f"{len(found)} recommendations",
                tenant=tenant_id,
                recommendations=[one.key for one in found[:TOLD]],
            )
    return len(found)


def decisions_of(tenant_id: str, *states: str) -> list[Decision]:
    """Decisions of a tenant, of these states or of all; the newest first."""
    found = Decision.objects.filter(tenant_id=tenant_id)
    return list((found.filter(state__in=states) if states else found).order_by("-decided_at", "key"))


def change(decisions: Iterable[Decision]) -> None:
    """Save decisions that were changed, so that listings see it."""
    changed = list(decisions)
    for one in changed:
        one.revision += 1
        one.batch, one.before = "", {}
    _save(changed)


def check(count: int, state: DecisionState, reason: str, until: date | None) -> None:
    if not count:
        raise InvalidDecision("keys", "No recommendation is chosen. Tick those that you decide on.")
    if count > MOST:
        raise InvalidDecision(
            "keys", f"{count:,} are too many at once: {MOST:,} are the most. Narrow the list, and go on then."
        )
    if len(reason) > 1000:
        raise InvalidDecision("reason", "The reason is too long: 1,000 characters are the most.")
    if state in SET_ASIDE and not reason:
        raise InvalidDecision("reason", "Say why, for those who look at it later.")
    if until is not None and state not in SET_ASIDE:
        raise InvalidDecision("until", "Only a dismissal or an exemption has a last day.")
    if until is not None and until < datetime.now(UTC).date():
        raise InvalidDecision("until", f"{until} is past. Give a day from today on, or none.")


def _standing(tenant_id: str, keys: Sequence[str]) -> dict[str, Decision]:
    found: dict[str, Decision] = {}
    for part in _parts(keys):
        found |= {one.key: one for one in Decision.objects.filter(tenant_id=tenant_id, key__in=part)}
    return found


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def _kept(decision: Decision) -> dict[str, Any]:
    times = {
        name: value.isoformat() if value else None
        for name, value in (("decided_at", decision.decided_at), ("confirmed_at", decision.confirmed_at))
    }
    plain = {name: getattr(decision, name) for name in _UNDONE}
    return plain | times | {"until": decision.until.isoformat() if decision.until else None}


def _describe(decision: Decision, finding: Finding) -> None:
    decision.user_name = finding.user_name[:256]
    decision.product_name = finding.product_name[:256]
    decision.rule_title = finding.rule_title[:200]
    decision.seats, decision.currency = finding.seats, finding.currency
    decision.monthly_saving, decision.yearly_saving = finding.monthly_saving, finding.yearly_saving
    decision.realisable_on = finding.realisable_on


def _save(decisions: Sequence[Decision]) -> None:
    """Write them, over those that are there: by far quicker than updates, and two people may be at it."""
    for one in decisions:
        one.pk = None
    Decision.objects.bulk_create(
        decisions,
        update_conflicts=True,
        unique_fields=["tenant", "key"],
        update_fields=_FIELDS,
        batch_size=CHUNK,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
