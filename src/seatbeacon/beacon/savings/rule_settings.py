"""Switch rules, move their thresholds, and take that back; each is audited, and judged by soon."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from seatbeacon.beacon.audit import record
from seatbeacon.beacon.errors import InvalidDecision
from seatbeacon.beacon.models import Reckoning, RuleSetting, Tenant
from seatbeacon.beacon.savings.rules import effective, rule_book, stored
from seatbeacon.optimization import GENERAL, BadThreshold, check_threshold
from seatbeacon.optimization.phrases import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seatbeacon.beacon import settings as beacon_settings
    from seatbeacon.beacon.audit import Actor
    from seatbeacon.optimization import Rule, RuleBook, Threshold


@dataclass(frozen=True)
class SetThreshold:
    """A number of a rule: `own` is what is set at this place (None: nothing), `value` what counts, `wider`
    what would count without `own`."""

    name: str
    threshold: Threshold
    own: float | None
    wider: float

    @property
    def value(self) -> float:
        """What counts."""
        return self.wider if self.own is None else self.own


@dataclass(frozen=True)
class Standing:
    """A rule (None: the numbers that hold for all rules) as it is set at a place: for a tenant, or for all.

    `own_off` is what is set there (None: nothing), `wider_off` what would count without. `file` is where a
    rule of the organisation's own stands.
    """

    rule: Rule | None
    own_off: bool | None
    wider_off: bool
    thresholds: tuple[SetThreshold, ...]
    file: str = ""

    @property
    def off(self) -> bool:
        """Whether it is switched off."""
        return self.wider_off if self.own_off is None else self.own_off

    @property
    def sentence(self) -> str:
        """What the rule finds, with the thresholds that count; empty for what holds for all rules."""
        numbers = {each.name: plain(each.value) for each in self.thresholds}
        return self.rule.sentence.format_map(numbers) if self.rule else ""

    @property
    def is_own(self) -> bool:
        """Whether anything is set at this place."""
        return self.own_off is not None or any(each.own is not None for each in self.thresholds)


@dataclass(frozen=True)
class GivenRule:
    """A rule as it is to stand at a place; None, and a threshold left out: as the wider setting says."""

    off: bool | None = None
    thresholds: Mapping[str, float] = field(default_factory=dict)


def standings(book: RuleBook, tenant_id: str | None) -> list[Standing]:
    """How every rule stands for a tenant, or for all (None): first the numbers that hold for all rules."""
    rows = stored(tenant_id)
    here = {row.rule: row for row in rows if row.tenant_id == tenant_id}
    wider = effective(book, [row for row in rows if row.tenant_id != tenant_id])
    own = effective(book, here.values())
    found = []
    for rule in (None, *book.rules):
        rule_id = rule.id if rule else ""
        row = here.get(rule_id)
        outer = (
            {name: getattr(wider, name) for name in GENERAL}
            if rule is None
            else wider.thresholds.get(rule_id, {})
        )
        inner = (
            {name: getattr(own, name) for name in GENERAL}
            if rule is None
            else own.thresholds.get(rule_id, {})
        )
        found.append(
            Standing(
                rule,
                row.off if row else None,
                rule_id in wider.off,
                tuple(
                    SetThreshold(
                        name,
                        each,
                        inner.get(name) if row and name in row.thresholds else None,
                        outer.get(name, each.default),
                    )
                    for name, each in (rule.thresholds if rule else GENERAL).items()
                ),
                book.own.get(rule_id, ""),
            )
        )
    return found


def standing_of(book: RuleBook, rule_id: str, tenant_id: str | None) -> Standing:
    """How one rule stands (empty: the numbers that hold for all). Raises InvalidDecision where there is
    none."""
    found = next(
        (one for one in standings(book, tenant_id) if (one.rule.id if one.rule else "") == rule_id), None
    )
    if found is None:
        names = ", ".join(sorted(book.titles))
        raise InvalidDecision("rule", f"There is no rule {rule_id!r}. There are: {names}.")
    return found


def set_rule(
    settings: beacon_settings.Settings, rule_id: str, given: GivenRule, *, tenant_id: str | None, actor: Actor
) -> None:
    """Let a rule (empty: the numbers that hold for all) stand so for a tenant, or for all (None).

    Raises InvalidDecision, with the field, and changes nothing then.
    """
    book = rule_book(settings)
    before = standing_of(book, rule_id, tenant_id)
    if before.rule is None and given.off is not None:
        raise InvalidDecision("off", "What holds for all rules is no rule: it cannot be switched.")
    for name, value in given.thresholds.items():
        try:
            check_threshold(before.rule, name, value)
        except BadThreshold as error:
            raise InvalidDecision(name, str(error)) from error
        if before.rule is None and value != int(value):
            raise InvalidDecision(name, "Give a whole number of days.")
    place: dict[str, Any] = {"tenant_id": tenant_id, "rule": rule_id}
    with transaction.atomic():
        if given.off is None and not given.thresholds:
            RuleSetting.objects.filter(**place).delete()
        else:
            RuleSetting.objects.update_or_create(
                **place,
                defaults={
                    "off": given.off,
                    "thresholds": dict(given.thresholds),
                    "changed_by": actor.text[:320],
                    "changed_at": datetime.now(UTC),
                },
            )
        record(
            actor,
            "rule.set" if given.off is not None or given.thresholds else "rule.reset",
            rule_id or "all rules",
            tenant=_tenant_name(tenant_id),
            off=given.off,
            thresholds=dict(given.thresholds),
            before={"off": before.own_off} | {each.name: each.own for each in before.thresholds},
        )
        judge_again(tenant_id)


def keep_thresholds(
    settings: beacon_settings.Settings,
    moved: Mapping[str, Mapping[str, float]],
    *,
    tenant_id: str | None,
    actor: Actor,
) -> None:
    """Let these thresholds, by rule id and name, stand for a tenant, or for all (None); what is set there
    besides stays. Raises InvalidDecision, and changes nothing then."""
    book = rule_book(settings)
    with transaction.atomic():
        for rule_id, values in moved.items():
            before = standing_of(book, rule_id, tenant_id)
            own = {each.name: each.own for each in before.thresholds if each.own is not None}
            given = GivenRule(before.own_off, {**own, **values})
            set_rule(settings, rule_id, given, tenant_id=tenant_id, actor=actor)


def set_apart(moved: Mapping[str, Mapping[str, float]]) -> list[Tenant]:
    """The tenants that have a setting of their own for one of these thresholds, so that one for all tenants
    does not count for them."""
    rows = RuleSetting.objects.filter(rule__in=list(moved), tenant__isnull=False).select_related("tenant")
    found = {row.tenant for row in rows if row.thresholds.keys() & moved[row.rule].keys()}
    return sorted((one for one in found if one is not None), key=lambda one: one.display_name)


def reset_rule(
    settings: beacon_settings.Settings, rule_id: str, *, tenant_id: str | None, actor: Actor
) -> None:
    """Let a rule stand as the wider setting, or the rule itself, says. Raises InvalidDecision."""
    set_rule(settings, rule_id, GivenRule(), tenant_id=tenant_id, actor=actor)


def judge_again(tenant_id: str | None) -> None:
    """Say that what a tenant, or every one (None), was judged by has changed; a worker judges it soon."""
    chosen = Reckoning.objects.all() if tenant_id is None else Reckoning.objects.filter(tenant_id=tenant_id)
    chosen.update(stale=True, fault="", failed_at=None)


def _tenant_name(tenant_id: str | None) -> str:
    return "all" if tenant_id is None else str(Tenant.objects.get(pk=tenant_id))
