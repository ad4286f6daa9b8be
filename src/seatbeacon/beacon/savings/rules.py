"""The rules that a tenant is judged by: which there are, and how they are set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.beacon.models import RuleSetting
from seatbeacon.optimization import GENERAL, BadThreshold, RuleBook, Settings, check_threshold, read_rules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from seatbeacon.beacon import settings as beacon_settings
    from seatbeacon.optimization import Rule


def rule_folders(settings: beacon_settings.Settings) -> tuple[Path, ...]:
    """The folders of rules of the organisation's own."""
    return (settings.rules,) if settings.rules is not None else ()


def rule_book(settings: beacon_settings.Settings) -> RuleBook:
    """All rules, and what is wrong with files of the organisation's own."""
    return read_rules(rule_folders(settings))


def settings_of(book: RuleBook, tenant_id: str | None) -> Settings:
    """How the rules are set for a tenant; None: for all tenants. What does not fit its rule any more, because
    a file of the organisation's own changed, counts as not set."""
    return effective(book, stored(tenant_id))


def stored(tenant_id: str | None) -> list[RuleSetting]:
    """The settings that count for a tenant, the wider first."""
    rows = list(RuleSetting.objects.filter(tenant_id=None))
    return rows + (list(RuleSetting.objects.filter(tenant_id=tenant_id)) if tenant_id else [])


def effective(book: RuleBook, rows: Iterable[RuleSetting]) -> Settings:
    """What settings, the wider first, come to."""
    known: dict[str, Rule | None] = {rule.id: rule for rule in book.rules} | {"": None}
    off: set[str] = set()
    thresholds: dict[str, dict[str, float]] = {}
    for row in rows:
        if row.rule not in known:
            continue
        if row.off is not None:
            (off.add if row.off else off.discard)(row.rule)
        fitting = {
            name: value for name, value in row.thresholds.items() if _fits(known[row.rule], name, value)
        }
        thresholds.setdefault(row.rule, {}).update(fitting)
    general = thresholds.pop("", {})
    numbers = {name: int(general.get(name, each.default)) for name, each in GENERAL.items()}
    return Settings(frozenset(off), {rule: each for rule, each in thresholds.items() if each}, **numbers)


def _fits(rule: Rule | None, name: str, value: object) -> bool:
    try:
        check_threshold(rule, name, float(value))  # type: ignore[arg-type] # what is no number is told so
    except (BadThreshold, TypeError, ValueError):
        return False
    return True
