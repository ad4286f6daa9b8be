"""What the rules would find if their thresholds were others, against what they find today."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.savings.evaluate import inputs_of, recommendations_of, up_to_date
from seatbeacon.beacon.savings.places import results_folder
from seatbeacon.inventory.remembered import remembered
from seatbeacon.optimization import Threshold, read_rules, what_if

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seatbeacon.beacon.models import InventoryVersion
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.optimization import Outcome, Rule, RuleStatus, RuleTotal


@dataclass(frozen=True)
class Movable:
    """A threshold that can be moved, as it is set for a tenant today."""

    rule: Rule
    name: str
    threshold: Threshold
    today: float

    @property
    def key(self) -> str:
        """What an address calls it."""
        return f"{self.rule.id}.{self.name}"


@dataclass(frozen=True)
class Compared:
    """One rule today and then. `told`: whether it could be judged, and why not."""

    rule: Rule
    today: RuleTotal
    then: RuleTotal
    told: RuleStatus

    @property
    def more(self) -> int:
        """How many more are found than today."""
        return self.then.recommendations - self.today.recommendations

    @property
    def yearly(self) -> Decimal:
        """How much more would be saved a year than today."""
        return (self.then.yearly_saving or Decimal(0)) - (self.today.yearly_saving or Decimal(0))


@dataclass(frozen=True)
class Comparison:
    """All rules, and the sums."""

    today: Outcome
    then: Outcome
    rules: tuple[Compared, ...]

    @property
    def more(self) -> int:
        """How many more are found than today."""
        return self.then.totals.recommendations - self.today.totals.recommendations

    @property
    def priced(self) -> bool:
        """Whether sums say something: a price is known of what is found, or nothing is found that saves."""
        both = (self.today.totals, self.then.totals)
        known = any(each.yearly_saving is not None for one in both for each in one.by_rule)
        return known or not any(one.seats for one in both)

    @property
    def seats(self) -> int:
        """How many more seats would be saved, or less."""
        return self.then.totals.seats - self.today.totals.seats

    @property
    def yearly(self) -> Decimal:
        """How much more would be saved a year than today."""
        return self.then.totals.yearly_saving - self.today.totals.yearly_saving


def movables(settings: Settings, version: InventoryVersion) -> list[Movable]:
    """Every threshold of the rules that are on. Raises `OptimizationError`s."""
    inputs = inputs_of(settings, version)
    return [
        Movable(rule, name, each, inputs.settings.thresholds.get(rule.id, {}).get(name, each.default))
        for rule in read_rules(inputs.rule_folders).rules
        if rule.id not in inputs.settings.off
        for name, each in rule.thresholds.items()
    ]


def compare(
    settings: Settings,
    version: InventoryVersion,
    moved: Mapping[str, Mapping[str, float]],
    *,
    at_once: bool = False,
) -> Comparison:
    """Today's outcome and that with the thresholds `moved`, by rule id and name. Nothing is kept of it.

    Raises `BadThreshold` for a value out of bounds, and as `recommendations_of`.
    """
    inputs = inputs_of(settings, version)
    today = up_to_date(recommendations_of(settings, version, at_once=at_once))
    then = today
    if moved:
        known = inputs.settings.thresholds
        thresholds = dict(known) | {rule: {**known.get(rule, {}), **each} for rule, each in moved.items()}
        other = replace(inputs, settings=replace(inputs.settings, thresholds=thresholds))
        file = version_path(settings, version)
        folder = results_folder(settings, version.tenant_id)
        then = remembered(
            file, ("what-if", other.digest()), lambda: what_if(file, folder, other, (inputs, today))
        )
    before = {each.rule: each for each in today.totals.by_rule}
    after = {each.rule: each for each in then.totals.by_rule}
    told = {each.rule: each for each in then.statuses}
    rules = (rule for rule in read_rules(inputs.rule_folders).rules if rule.id in before)
    compared = (Compared(rule, before[rule.id], after[rule.id], told[rule.id]) for rule in rules)
    return Comparison(today, then, tuple(compared))
