"""Recommendations of a version: judged once, kept in a file, listed from there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from seatbeacon.inventory import engine
from seatbeacon.inventory.catalog.update import load_catalog
from seatbeacon.optimization.evaluate import Evaluation
from seatbeacon.optimization.facts import (
    attach,
    ensure_facts,
    facts_name,
    read_subject,
    statements,
)
from seatbeacon.optimization.families import load_families
from seatbeacon.optimization.inputs import Inputs
from seatbeacon.optimization.keeping import made_whole
from seatbeacon.optimization.outcome import Outcome, RuleStatus, RuleTotal, Totals
from seatbeacon.optimization.rulebook import read_rules
from seatbeacon.optimization.ruleset import apply_settings
from seatbeacon.optimization.verdicts import Judge, candidates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import duckdb

    from seatbeacon.optimization.facts import Subject
    from seatbeacon.optimization.inputs import Settings
    from seatbeacon.optimization.prices import SeatPrice
    from seatbeacon.optimization.ruleset import Rule, SetRule

RESULTS_VERSION = 2
"""Raised when results are written another way, so that older files are not read."""
_ACTIONS = {
    "remove": "remove",
    "replace": "replace",
    "reclaim": "reduce",
    "check": "check",
    "opportunity": "consider",
}


def recommend(version_file: Path, folder: Path, inputs: Inputs | None = None) -> Outcome:
    """Judge a version by the rules, and write what they find to a results file in `folder`.

    Asked again with the same version and inputs, it answers from the file that is there. The file is whole or
    not there; of a folder (one per tenant) the newest twelve stay. A version is never written to. Raises
    `OptimizationError`s for rules, products, thresholds and prices that cannot be used, `BadVersion` for a
    version that cannot be read, `NoSpace` and `Unwritable`.
    """
    inputs = inputs or Inputs()
    check(version_file)
    families = load_families(inputs.product_folders)
    target = folder / results_name(version_file, inputs)
    with made_whole(target) as connection:
        if connection is not None:
            facts = ensure_facts(version_file, folder, families, inputs)
            outcome, evaluation = evaluate(connection, version_file, facts, inputs)
            _keep(evaluation, outcome)
    return read_outcome(target)


def results_name(version_file: Path, inputs: Inputs) -> str:
    """The name of the file that `recommend` writes for a version under these inputs: another where anything
    differs. Raises `OptimizationError`s for rules and products that cannot be used, and OSError."""
    rules, families = read_rules(inputs.rule_folders).rules, load_families(inputs.product_folders)
    name = facts_name(version_file, families, inputs)
    digest = inputs.digest(str(RESULTS_VERSION), name, *(repr(rule) for rule in rules))
    return f"{version_file.stem}.results-{digest}.duckdb"


def read_outcome(results: Path) -> Outcome:
    """What an evaluation answered, from its results file. Raises `BadVersion` where it cannot be read."""
    with engine.reading(results) as connection:
        text = statements(connection, "evaluate").one("outcome")[0]
    return replace(msgspec.json.decode(text, type=Outcome), file=results)


def rule_sentences(results: Path) -> dict[str, str]:
    """What each rule of an evaluation says, with the thresholds that it had there, by title. Raises
    `BadVersion` where the file cannot be read."""
    with engine.reading(results) as connection:
        return dict(statements(connection, "evaluate").rows("sentences"))


@dataclass(frozen=True)
class Bench:
    """What every evaluation of a version under some inputs stands on, read once: `rules` are all there are,
    `prices` by sku id, `on` the day that is judged on."""

    connection: duckdb.DuckDBPyConnection
    inputs: Inputs
    rules: tuple[Rule, ...]
    subject: Subject
    prices: Mapping[str, SeatPrice]
    judge: Judge
    on: date

    def evaluation(
        self, connection: duckdb.DuckDBPyConnection | None = None, settings: Settings | None = None
    ) -> Evaluation:
        """An evaluation by the rules that are on: as the inputs say, or as `settings` do. Raises
        `BadThreshold`."""
        rules = apply_settings(self.rules, settings or self.inputs.settings)
        return Evaluation(
            connection or self.connection, self.subject, rules, self.prices, self.judge, self.inputs
        )

    def statuses(self, told: list[RuleStatus]) -> tuple[RuleStatus, ...]:
        """With those of the rules that are off."""
        off = (RuleStatus(rule.id, "off") for rule in self.rules if rule.id in self.inputs.settings.off)
        return (*told, *off)


def bench(connection: duckdb.DuckDBPyConnection, version_file: Path, inputs: Inputs) -> Bench:
    """Attach the version (as inv), and read what an evaluation of it stands on."""
    attach(connection, version_file, "inv")
    families = load_families(inputs.product_folders)
    priced = {price.sku_id.lower() for price in inputs.prices.prices}
    subject = read_subject(connection, families, inputs, priced)
    on = inputs.on or subject.evidence.imported_on
    prices = inputs.prices.seat_prices(tenant_id=subject.tenant_id, on=on)
    judge = Judge(subject, prices, candidates(subject, prices, _part_numbers(subject, prices, inputs)))
    rules = tuple(read_rules(inputs.rule_folders).rules)
    return Bench(connection, inputs, rules, subject, prices, judge, on)


def evaluate(
    connection: duckdb.DuckDBPyConnection, version_file: Path, facts: Path, inputs: Inputs
) -> tuple[Outcome, Evaluation]:
    """Judge everything, on a connection where the version and its facts are not attached yet."""
    stand = bench(connection, version_file, inputs)
    attach(connection, facts, "f")
    evaluation, subject, prices = stand.evaluation(), stand.subject, stand.prices
    statuses = stand.statuses(evaluation.run())
    outcome = Outcome(
        file=None,
        tenant_id=subject.tenant_id,
        imported_at=subject.imported_at,
        judged_on=stand.on,
        currency=inputs.prices.currency,
        statuses=statuses,
        totals=totals_of(evaluation.rules, evaluation.totals()),
        unpriced_products=tuple(
            sku
            for sku, product in subject.products.items()
            if product.paid and sku not in prices and (product.purchased or product.assigned)
        ),
        unrated_currencies=tuple(sorted(inputs.prices.unrated(tenant_id=subject.tenant_id, on=stand.on))),
    )
    return outcome, evaluation


def totals_of(rules: Sequence[SetRule], found: Mapping[str, RuleTotal]) -> Totals:
    """The sum of what each rule that is on found, by its id; what is not there found nothing."""
    by_rule = [found.get(rule.id) or RuleTotal(rule.id, 0, 0, None, None, 0) for rule in rules]
    saving = [each for each, rule in zip(by_rule, rules, strict=True) if rule.rule.saves]
    return Totals(
        recommendations=sum(each.recommendations for each in by_rule),
        seats=sum(each.seats for each in saving),
        monthly_saving=sum((each.monthly_saving or Decimal(0) for each in saving), Decimal(0)),
        yearly_saving=sum((each.yearly_saving or Decimal(0) for each in saving), Decimal(0)),
        by_rule=tuple(by_rule),
    )


def _keep(evaluation: Evaluation, outcome: Outcome) -> None:
    """Write the recommendations, the rules as they were set, and the outcome."""
    connection, subject, rules = evaluation.connection, evaluation.subject, evaluation.rules
    sql = statements(connection, "evaluate")
    told = {each.rule: each for each in outcome.statuses}
    sql.run("rules")
    if rules:
        sql.run(
            "add_rules",
            rule_no=list(range(len(rules))),
            rule=[rule.id for rule in rules],
            version=[rule.rule.version for rule in rules],
            title=[rule.rule.title for rule in rules],
            sentence=[rule.sentence for rule in rules],
            category=[rule.rule.category for rule in rules],
            action=[_ACTIONS[rule.rule.category] for rule in rules],
            saves=[rule.rule.saves for rule in rules],
            by_activity=[rule.by_activity for rule in rules],
            told=[told[rule.id].told for rule in rules],
            reasons=[list(told[rule.id].reasons) for rule in rules],
        )
    sql.run(
        "recommendations",
        tenant_id=subject.tenant_id,
        currency=outcome.currency,
        rules=[rule.id for rule in rules],
        import_no=subject.import_no,
        imported_at=subject.imported_at,
    )
    sql.run("keep_outcome", text=msgspec.json.encode(outcome).decode())


def _part_numbers(subject: Subject, prices: Mapping[str, SeatPrice], inputs: Inputs) -> dict[str, str]:
    """Part numbers of products that have a price and are not owned, from the catalog."""
    unknown = prices.keys() - subject.products.keys()
    if not unknown:
        return {}
    catalog = load_catalog(inputs.catalog)
    return {sku: catalog[sku].part_number for sku in unknown & catalog.keys()}


def check(version_file: Path) -> None:
    """Raise `BadVersion` for a version that cannot be read."""
    with engine.reading(version_file):
        pass  # a version that cannot be opened is told here, in its own words
