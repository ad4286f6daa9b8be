"""What the rules would find under other inputs; where only thresholds moved, from what they find today."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from seatbeacon.inventory import engine
from seatbeacon.optimization.facts import attach, ensure_facts, statements
from seatbeacon.optimization.families import load_families
from seatbeacon.optimization.keeping import MEMORY
from seatbeacon.optimization.outcome import RuleTotal
from seatbeacon.optimization.results import bench, check, evaluate, results_name, totals_of
from seatbeacon.optimization.ruleset import STAGES, apply_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from seatbeacon.optimization.evaluate import Evaluation
    from seatbeacon.optimization.inputs import Inputs
    from seatbeacon.optimization.outcome import Outcome
    from seatbeacon.optimization.ruleset import SetRule

_WORTH_IT = 0.4
"""The share of users up to which judging them twice takes less than judging all once."""


def what_if(
    version_file: Path, folder: Path, inputs: Inputs, today: tuple[Inputs, Outcome] | None = None
) -> Outcome:
    """The totals that other inputs would give. Nothing is written, but for the facts of the version where
    they are not there yet.

    `today` is an outcome of `recommend` with its inputs: where only thresholds differ from those, no more is
    judged than they concern, and the answer is the same. Raises as `recommend` does.
    """
    check(version_file)
    facts = ensure_facts(version_file, folder, load_families(inputs.product_folders), inputs)
    if today is not None and _only_thresholds(version_file, inputs, *today):
        with closing(_memory(folder)) as connection:
            answer = _from_today(connection, version_file, facts, inputs, *today)
        if answer is not None:
            return answer
    with closing(_memory(folder)) as connection:
        return evaluate(connection, version_file, facts, inputs)[0]


def _memory(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = engine.open_for_writing(Path(":memory:"), memory_limit=MEMORY, scratch=folder)
    # Somebody waits for this: it takes all cores, where what is written takes half of them.
    connection.execute(f"SET threads = {engine.threads()}")
    return connection


def _only_thresholds(version_file: Path, inputs: Inputs, known: Inputs, outcome: Outcome) -> bool:
    """Whether an outcome is of this version and of inputs that differ in thresholds alone."""
    as_known = replace(inputs, settings=replace(inputs.settings, thresholds=known.settings.thresholds))
    name = outcome.file.name if outcome.file is not None else ""
    return as_known == known and name == results_name(version_file, known)


def _from_today(
    connection: duckdb.DuckDBPyConnection,
    version_file: Path,
    facts: Path,
    inputs: Inputs,
    known: Inputs,
    outcome: Outcome,
) -> Outcome | None:
    """Today's totals, less what is found by today's thresholds of the users whom the others concern, and with
    what is found of them by the others. None where that is no less work, or not the whole difference."""
    stand = bench(connection, version_file, inputs)
    attach(connection, facts, "whole")
    sql = statements(connection, "moved")
    sql.run("all")
    then, before = stand.evaluation(), apply_settings(stand.rules, known.settings)
    told, told_before = then.prepare(), {each.rule: each.told for each in outcome.statuses}
    if any(each.told != told_before[each.rule] for each in told):
        return None
    moved = [
        pair
        for pair, status in zip(zip(before, then.rules, strict=True), told, strict=True)
        if pair[0].thresholds != pair[1].thresholds and status.told != "cannot tell"
    ]
    by_seats = [pair for pair in moved if pair[1].rule.method in STAGES]
    then.by_tenant(told, {rule.id for _, rule in moved})
    alone = then.totals()
    found = {each.rule: each for each in outcome.totals.by_rule}
    found |= {
        rule.id: alone.get(rule.id, RuleTotal(rule.id, 0, 0, None, None, 0))
        for _, rule in moved
        if rule.rule.method not in STAGES
    }
    sql.run("concerned")
    for earlier, later in by_seats:
        _concern(then, earlier, later)
    concerned, of = sql.one("how_many")
    if concerned > of * _WORTH_IT:
        return None
    if concerned:
        sql.run("few")
        for settings, sign in ((known.settings, -1), (inputs.settings, 1)):
            with closing(connection.cursor()) as cursor:
                evaluation = stand.evaluation(cursor, settings)
                evaluation.by_seats(evaluation.prepare())
                _add(found, evaluation.totals(), sign, then.rules)
    return replace(outcome, file=None, statuses=stand.statuses(told), totals=totals_of(then.rules, found))


def _concern(evaluation: Evaluation, earlier: SetRule, later: SetRule) -> None:
    """Note the users of whom a rule, or what comes after it, might find something else than earlier."""
    before, after = evaluation.condition(earlier), evaluation.condition(later)
    connection = evaluation.connection
    sql = statements(connection, "moved")
    if (before.sql, before.values) != (after.sql, after.values):
        text = sql.text("concerned_seats").replace("{before}", before.sql).replace("{after}", after.sql)
        connection.execute(text, [*before.values, *after.values])
    days = [int(rule.thresholds["days"]) for rule in (earlier, later) if rule.rule.method == "cover"]
    if len(set(days)) > 1:
        text = sql.text("concerned_needs").replace("{after}", after.sql)
        for word, each in zip(("{needs_before}", "{needs_after}"), days, strict=True):
            text = text.replace(word, evaluation.needs(each))
        connection.execute(text, list(after.values))


def _add(
    found: dict[str, RuleTotal], more: Mapping[str, RuleTotal], sign: int, rules: Sequence[SetRule]
) -> None:
    """Add totals to those that are `found`, or take them off."""
    for rule in rules:
        if rule.id not in more:
            continue
        one, other = found[rule.id], more[rule.id]
        count = one.recommendations + sign * other.recommendations
        unpriced = one.unpriced + sign * other.unpriced
        known = rule.rule.saves and count > unpriced
        found[rule.id] = RuleTotal(
            rule.id,
            count,
            one.seats + sign * other.seats,
            (one.monthly_saving or Decimal(0)) + sign * (other.monthly_saving or Decimal(0))
            if known
            else None,
            (one.yearly_saving or Decimal(0)) + sign * (other.yearly_saving or Decimal(0)) if known else None,
            unpriced,
        )
