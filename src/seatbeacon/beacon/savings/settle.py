"""Compare what people decided with what an evaluation finds, and write its sums of the day.

Done once for each evaluation of a tenant's current inventory. No decision is removed here: *accepted*, *in
work* and *done* become done and confirmed where what they are about is gone; *done* opens again where it is
not; a dismissal or an exemption opens again once its last day has passed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from seatbeacon.beacon.audit import SYSTEM, record
from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.models import Decision, DecisionState, Reckoning, SavingsDay
from seatbeacon.beacon.savings.decisions import SET_ASIDE, TOLD, change, decisions_of
from seatbeacon.beacon.savings.exemptions import exemptions_of
from seatbeacon.beacon.savings.listed import recommendations_with_states, stamp_of
from seatbeacon.beacon.savings.rules import rule_book
from seatbeacon.beacon.savings.totals import sums_of
from seatbeacon.optimization import held, present, savings_by

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from seatbeacon.beacon.models import InventoryVersion
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.optimization import Cut, Exemption, Outcome

_UP_TO_DATE = {"stale": False, "fault": "", "failed_at": None}
Parts = tuple[str, str, str]
_ACTED_ON = (DecisionState.ACCEPTED, DecisionState.IN_WORK, DecisionState.DONE)


def settle(settings: Settings, version: InventoryVersion, outcome: Outcome) -> None:
    """Settle an outcome of `version`, unless that was done, or another version is current by now."""
    assert outcome.file is not None  # noqa: S101 - judged, not asked what if
    now, name = datetime.now(UTC), outcome.file.name
    last = Reckoning.objects.filter(tenant_id=version.tenant_id).first()
    done = last is not None and (last.version, last.results) == (version.pk, name)
    if not version.current or (done and last is not None and last.at.date() == now.date()):
        if done:  # asked for again, and nothing was other
            Reckoning.objects.filter(tenant_id=version.tenant_id, stale=True).update(**_UP_TO_DATE)
        return
    # What takes its time is asked between the transactions: while one is open, on SQLite nobody else writes.
    there = _there(settings, version, outcome)
    with transaction.atomic():
        _expire(version.tenant_id, now)
        _compare(settings, version, outcome, there)
    stamp = stamp_of(version.tenant_id)  # read first: a decision meanwhile makes it differ
    file, listing = recommendations_with_states(outcome)
    cuts = savings_by(file, "rule", listing)
    with transaction.atomic():
        _write_day(version.tenant_id, cuts, outcome.currency, now.date())
        Reckoning.objects.update_or_create(
            tenant_id=version.tenant_id,
            defaults={
                "version": version.pk,
                "results": name,
                "at": now,
                **_UP_TO_DATE,
                **sums_of(outcome, cuts, stamp),
            },
        )


def _expire(tenant_id: str, now: datetime) -> None:
    """Open what was set aside until a day that has passed."""
    passed = list(
        Decision.objects.filter(tenant_id=tenant_id, state__in=SET_ASIDE, until__lt=now.date()).order_by(
            "key"
        )
    )
    for one in passed:
        word = "dismissed" if one.state == DecisionState.DISMISSED else "exempted"
        reason = f"It was {word} by {one.decided_by} until {one.until}, which has passed: {one.reason}"
        _say(one, DecisionState.OPEN, reason, now)
        one.until = None
    _tell(tenant_id, passed, "recommendations.expired")


@dataclass(frozen=True)
class _There:
    """Of what was decided on: what the rules find now, and the licenses that are held."""

    found: set[Parts]
    kept: set[Parts]


def _there(settings: Settings, version: InventoryVersion, outcome: Outcome) -> _There:
    assert outcome.file is not None  # noqa: S101 - judged, not asked what if
    keys = [one.parts for one in decisions_of(version.tenant_id, *_ACTED_ON)]
    return _There(present(outcome.file, keys), held(version_path(settings, version), keys))


def _compare(settings: Settings, version: InventoryVersion, outcome: Outcome, there: _There) -> None:
    """Confirm what is gone, and open what is still there though it was said to be done. What was decided
    since `there` was read is younger than the import, and is left alone."""
    decisions = decisions_of(version.tenant_id, *_ACTED_ON)
    found, kept = there.found, there.kept
    told = {status.rule for status in outcome.statuses if status.told == "evaluated"}
    began = version.run.started_at or version.created_at
    categories = {each.id: each.category for each in rule_book(settings).rules}
    exempted = [
        one for one in exemptions_of(version.tenant_id) if one.until is None or one.until >= outcome.judged_on
    ]
    confirmed, opened = [], []
    for one in decisions:
        if began <= one.decided_at and one.confirmed_at is None:
            continue  # what this import read may be older than the decision
        if one.parts in found:
            if one.state == DecisionState.DONE:
                since = f", though import {one.import_no} no longer did" if one.import_no else ""
                by = f"Marked done by {one.decided_by}"
                _say(one, DecisionState.OPEN, f"{by}, but import {version.run_id} finds it{since}.", None)
                one.confirmed_at, one.import_no = None, None
                opened.append(one)
        elif one.confirmed_at is None and _gone(
            one.parts, categories.get(one.parts[2]), kept, told - _left_alone(one.parts, exempted)
        ):
            one.state = DecisionState.DONE
            one.confirmed_at, one.import_no = outcome.imported_at.replace(tzinfo=UTC), version.run_id
            confirmed.append(one)
    change(confirmed)
    _tell(version.tenant_id, opened, "recommendations.reopened")
    if confirmed:
        _record(version.tenant_id, confirmed, "recommendations.confirmed")


def _gone(
    parts: tuple[str, str, str], category: str | None, kept: set[tuple[str, str, str]], told: set[str]
) -> bool:
    """Whether what was found is really gone: a license that its user no longer holds; or, where none was to
    be taken away, what the rule no longer finds though it could tell.

    Where the license is still held, the finding may be gone for another reason: somebody works again, another
    rule finds it now, a threshold was moved. The same goes for a rule that is not there any more (`category`
    None).
    """
    user, _sku, rule = parts
    if user and category in (None, "remove", "replace"):
        return parts not in kept
    return rule in told


def _left_alone(parts: tuple[str, str, str], exemptions: Sequence[Exemption]) -> set[str]:
    """The rule of a finding where it may be missing because it is exempted: a department or a group may be
    that of its user."""
    user, sku, rule = parts
    for one in exemptions:
        asked = ((one.user_id, user), (one.sku_id, sku), (one.rule, rule))
        if all(wanted is None or wanted.lower() == here.lower() for wanted, here in asked):
            return {rule}
    return set()


def _say(one: Decision, state: DecisionState, reason: str, at: datetime | None) -> None:
    one.state, one.reason = state, reason[:1000]
    one.decided_by, one.decided_at = SYSTEM.text, at or datetime.now(UTC)


def _tell(tenant_id: str, decisions: Sequence[Decision], action: str) -> None:
    if decisions:
        change(decisions)
        _record(tenant_id, decisions, action)


def _record(tenant_id: str, decisions: Sequence[Decision], action: str) -> None:
    record(
        SYSTEM,
        action,
        f"{len(decisions)} recommendations",
        tenant=tenant_id,
        recommendations=[one.key for one in decisions[:TOLD]],
    )


@dataclass
class _Realised:
    """What was decided on and is gone, of one rule."""

    confirmed: int = 0
    monthly: Decimal = Decimal(0)
    yearly: Decimal = Decimal(0)


def _write_day(tenant_id: str, cuts: Sequence[Cut], currency: str, day: date) -> None:
    realised: dict[str, _Realised] = defaultdict(_Realised)
    confirmed = Decision.objects.filter(
        tenant_id=tenant_id, state=DecisionState.DONE, confirmed_at__isnull=False, currency=currency
    )
    # Added up here: SQLite's own sums are of floating point.
    rows = confirmed.values_list("key", "monthly_saving", "yearly_saving").iterator(chunk_size=5_000)
    for key, monthly, yearly in rows:
        one = realised[key.split("/", 2)[2]]
        one.confirmed += 1
        one.monthly += monthly or 0
        one.yearly += yearly or 0
    SavingsDay.objects.filter(tenant_id=tenant_id, day=day).delete()
    found = {str(cut.value): cut for cut in cuts}
    SavingsDay.objects.bulk_create(
        SavingsDay(
            tenant_id=tenant_id,
            day=day,
            rule=rule,
            recommendations=cut.recommendations if cut else 0,
            seats=cut.seats if cut else 0,
            monthly=cut.monthly_saving if cut else 0,
            yearly=cut.yearly_saving if cut else 0,
            confirmed=realised[rule].confirmed,
            realised=realised[rule].yearly,
            realised_monthly=realised[rule].monthly,
            currency=currency,
        )
        for rule in sorted(found.keys() | realised.keys())
        for cut in (found.get(rule),)
    )
