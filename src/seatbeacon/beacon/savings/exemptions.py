"""Exempt from recommendations, say who is away, and end either; each is audited and judged with at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from seatbeacon.beacon.audit import record
from seatbeacon.beacon.errors import InvalidDecision
from seatbeacon.beacon.models import Absence, Exempted
from seatbeacon.inventory import query
from seatbeacon.inventory.filters import Filter
from seatbeacon.optimization import Exemption, Leave

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.audit import Actor


@dataclass(frozen=True)
class Named:
    """A user or a group of an inventory, as it was found."""

    id: str
    name: str


NOBODY = Named("", "")
DAYS_AFTER = 30
"""Days for which somebody who was away is left alone, unless another number is given."""
MOST_DAYS_AFTER = 365


@dataclass(frozen=True, kw_only=True)
class GivenExemption:
    """An exemption as it is to stand; what is empty matches everything."""

    user: Named = NOBODY
    group: Named = NOBODY
    department: str = ""
    sku_id: str = ""
    rule: str = ""
    reason: str
    until: date | None = None


def exempt(tenant_id: str, given: GivenExemption, *, actor: Actor) -> Exempted:
    """Make an exemption. Raises InvalidDecision where it says nothing, gives no reason, or is past."""
    if not (given.user.id or given.group.id or given.department or given.sku_id or given.rule):
        raise InvalidDecision(
            "user", "Say what is exempted: a user, a group, a department, a product or a rule."
        )
    if not given.reason.strip():
        raise InvalidDecision("reason", "Say why, for those who look at it later.")
    if given.until is not None and given.until < datetime.now(UTC).date():
        raise InvalidDecision("until", f"{given.until} is past. Give a day from today on, or none.")
    with transaction.atomic():
        made = Exempted.objects.create(
            tenant_id=tenant_id,
            user_id=given.user.id,
            user_name=given.user.name[:256],
            group_id=given.group.id,
            group_name=given.group.name[:256],
            department=given.department[:256],
            sku_id=given.sku_id.lower(),
            rule=given.rule,
            reason=given.reason.strip()[:1000],
            until=given.until,
            made_by=actor.text[:320],
            made_at=datetime.now(UTC),
        )
        record(actor, "exemption.added", str(made), **_told(made))
    return made


def end_exemption(made: Exempted, *, actor: Actor) -> None:
    """Recommend again what an exemption left alone; the audit log keeps what it said."""
    with transaction.atomic():
        record(actor, "exemption.ended", str(made), **_told(made))
        made.delete()


def add_absence(
    tenant_id: str,
    user: Named,
    begins: date,
    ends: date | None,
    reason: str,
    *,
    actor: Actor,
    days_after: int = DAYS_AFTER,
) -> Absence:
    """Say that somebody is away, and is left alone for some days after. Raises InvalidDecision where the last
    day is before the first, or the days are too many."""
    if not 0 <= days_after <= MOST_DAYS_AFTER:
        raise InvalidDecision("days_after", f"Give a number of days between 0 and {MOST_DAYS_AFTER}.")
    if ends is not None and ends < begins:
        raise InvalidDecision("ends", "The last day is before the first. Give a later one, or none.")
    with transaction.atomic():
        made = Absence.objects.create(
            tenant_id=tenant_id,
            user_id=user.id,
            user_name=user.name[:256],
            begins=begins,
            ends=ends,
            days_after=days_after,
            reason=reason.strip()[:1000],
            made_by=actor.text[:320],
            made_at=datetime.now(UTC),
        )
        record(actor, "leave.added", str(made), user=made.user_id, tenant=tenant_id, reason=made.reason)
    return made


def remove_absence(made: Absence, *, actor: Actor) -> None:
    """Judge somebody by activity again; the audit log keeps what was said."""
    with transaction.atomic():
        record(
            actor, "leave.removed", str(made), user=made.user_id, tenant=made.tenant_id, reason=made.reason
        )
        made.delete()


def exemptions_of(tenant_id: str) -> tuple[Exemption, ...]:
    """The exemptions of a tenant, for the rules."""
    return tuple(
        Exemption(
            user_id=one.user_id or None,
            group_id=one.group_id or None,
            department=one.department or None,
            sku_id=one.sku_id or None,
            rule=one.rule or None,
            until=one.until,
        )
        for one in Exempted.objects.filter(tenant_id=tenant_id).order_by("pk")
    )


def leaves_of(tenant_id: str) -> tuple[Leave, ...]:
    """Who of a tenant is or was away, for the rules."""
    rows = Absence.objects.filter(tenant_id=tenant_id).order_by("pk")
    return tuple(Leave(one.user_id, one.begins, one.ends, one.days_after) for one in rows)


def find_user(version_file: Path, text: str) -> Named | None:
    """The user whom `text` names by user principal name or id; None where there is none, or several."""
    return _find(version_file, "users", ("user_principal_name", "id"), text, "display_name")


def find_group(version_file: Path, text: str) -> Named | None:
    """The group that assigns licenses and that `text` names by name or id; None where there is none, or
    several."""
    return _find(version_file, "groups", ("display_name", "id"), text, "display_name")


def find_department(version_file: Path, text: str) -> str | None:
    """The department as the directory spells it; None where nobody is in it."""
    wanted = text.strip().casefold()
    found = query.values(version_file, "users", "department", prefix=text.strip(), limit=50)
    return next((str(one.value) for one in found if str(one.value).casefold() == wanted), None)


def _find(version_file: Path, listing: str, keys: tuple[str, ...], text: str, name: str) -> Named | None:
    for key in keys:
        asked = [Filter(key, "=", text.strip())]
        rows = list(query.run(version_file, listing, filters=asked, columns=("id", name), limit=2).rows)
        if len(rows) == 1:
            return Named(str(rows[0][0]), str(rows[0][1] or text.strip()))
    return None


def _told(made: Exempted) -> dict[str, object]:
    fields = ("tenant_id", "user_id", "group_id", "department", "sku_id", "rule", "reason", "until")
    return {field: getattr(made, field) for field in fields if getattr(made, field)}
