"""Judge the facts of a version by the rules: first what conditions find, then what is left of each user.

Everything is set-based: a statement per rule over all seats, and a verdict per set of products.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from seatbeacon.optimization.facts import as_json, statements
from seatbeacon.optimization.needs import needs_sql
from seatbeacon.optimization.outcome import RuleTotal
from seatbeacon.optimization.ruleset import STAGES
from seatbeacon.optimization.statuses import Statuses
from seatbeacon.optimization.verdicts import Case, Judge

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    import duckdb

    from seatbeacon.optimization.facts import Subject
    from seatbeacon.optimization.inputs import Exemption, Inputs
    from seatbeacon.optimization.outcome import RuleStatus
    from seatbeacon.optimization.phrases import Condition
    from seatbeacon.optimization.prices import SeatPrice
    from seatbeacon.optimization.ruleset import SetRule
    from seatbeacon.optimization.verdicts import Verdict

_SIX_APPS = ("Teams", "Outlook", "Word", "Excel", "PowerPoint", "OneNote")
_FOURTH = Decimal(10_000)


@dataclass
class Evaluation:
    """One evaluation, on a connection to which the version (inv) and its facts (f) are attached.

    `rules` are those that are on, in order; a rule's number is its place.
    """

    connection: duckdb.DuckDBPyConnection
    subject: Subject
    rules: Sequence[SetRule]
    prices: Mapping[str, SeatPrice]
    judge: Judge
    inputs: Inputs
    _allowed: dict[tuple[object, ...], tuple[str, str]] = field(default_factory=dict)
    _verdicts: int = 0

    def run(self) -> list[RuleStatus]:
        """Fill `found` with what every rule finds; answers whether each could be judged."""
        statuses = self.prepare()
        self.by_seats(statuses)
        self.by_tenant(statuses)
        return statuses

    def prepare(self) -> list[RuleStatus]:
        """Make ready; answers whether each rule can be judged, in their order."""
        self._prepare()
        return list(map(Statuses(self.sql, self.subject, self.prices, self.scope).of, self.rules))

    def by_seats(self, statuses: Sequence[RuleStatus]) -> None:
        """What is found of users and their seats: of each user by that user's own alone."""
        told = list(self._told(statuses))
        self._by_conditions([(no, rule) for no, rule in told if rule.rule.method == "seats"])
        self._by_sets([(no, rule) for no, rule in told if STAGES.get(rule.rule.method, 0) > 0])

    def by_tenant(self, statuses: Sequence[RuleStatus], only: Container[str] | None = None) -> None:
        """What rules find each by itself, whatever the others do: all of them, or those named."""
        for no, rule in self._told(statuses):
            if only is None or rule.id in only:
                self._by_tenant(no, rule)

    def totals(self) -> dict[str, RuleTotal]:
        """What each rule found that found something, by its id."""
        found = {}
        for no, count, seats, monthly, yearly, unpriced in self.sql.rows("totals"):
            rule = self.rules[no]
            left = unpriced if rule.rule.saves else 0
            found[rule.id] = RuleTotal(rule.id, count, seats or 0, monthly, yearly, left)
        return found

    def _told(self, statuses: Sequence[RuleStatus]) -> Iterator[tuple[int, SetRule]]:
        for no, (rule, status) in enumerate(zip(self.rules, statuses, strict=True)):
            if status.told != "cannot tell":
                yield no, rule

    @cached_property
    def sql(self) -> Any:
        """The statements of an evaluation."""
        return statements(self.connection, "evaluate")

    @cached_property
    def slots(self) -> dict[str, int]:
        """The slot of each application's usage."""
        return dict(statements(self.connection, "facts").rows("application_slots"))

    @property
    def _saving(self) -> int:
        """The bits of rules that claim a seat by conditions."""
        return sum(
            1 << no for no, rule in enumerate(self.rules) if rule.rule.method == "seats" and rule.rule.saves
        )

    def scope(self, rule: SetRule) -> set[str]:
        """The products that a rule looks at, as sku ids."""
        text = f"SELECT sku_id FROM products p WHERE {rule.scope.sql}"  # noqa: S608 - compiled from phrases
        return {sku for (sku,) in self.connection.execute(text, list(rule.scope.values)).fetchall()}

    def _prepare(self) -> None:
        self.sql.run("prepare")
        if self.inputs.left:
            self.sql.run("add_gone", ids=as_json(sorted(self.inputs.left)))
        priced = [
            (self.subject.products[sku], price)
            for sku, price in self.prices.items()
            if sku in self.subject.products
        ]
        free = [
            each
            for each in self.subject.products.values()
            if not each.paid and each.sku_id not in self.prices
        ]
        rows = [
            {"sku_no": product.sku_no, "yearly": str(price.yearly), "monthly": str(price.monthly)}
            for product, price in priced
        ]
        rows += [{"sku_no": each.sku_no, "yearly": "0", "monthly": "0"} for each in free]
        self.sql.run("add_prices", rows=as_json(rows))
        self._exempt()

    def _exempt(self) -> None:
        on = self.inputs.on or self.subject.evidence.imported_on
        plain: list[tuple[str, str | None, int]] = []
        for each in self.inputs.exemptions:
            mask = self._mask_of(each)
            if not mask or (each.until is not None and each.until < on):
                continue
            if each.user_id and not each.group_id and not each.department:
                plain.append((each.user_id, each.sku_id and each.sku_id.lower(), mask))
            else:
                self.sql.run(
                    "exempt_others", mask=mask, sku=each.sku_id and each.sku_id.lower(), user=each.user_id,
                    department=each.department, group_id=each.group_id,
                )  # fmt: skip
        by_activity = sum(1 << no for no, rule in enumerate(self.rules) if rule.by_activity)
        for leave in self.inputs.leaves:
            given = leave.days_after
            grace = self.inputs.settings.grace_days if given is None else given
            over = leave.ends is not None and (on - leave.ends).days > grace
            if leave.begins <= on and not over and by_activity:
                plain.append((leave.user_id, None, by_activity))
        if plain:
            rows = [{"id": user, "sku_id": sku, "mask": mask} for user, sku, mask in plain]
            self.sql.run("exempt_users", rows=as_json(rows))
        self.sql.run("exempt_seats")

    def _mask_of(self, exemption: Exemption) -> int:
        return sum(1 << no for no, rule in enumerate(self.rules) if exemption.rule in (None, rule.id))

    def _products_without(self, no: int) -> list[str]:
        """Products that a rule about the tenant as a whole leaves alone."""
        on = self.inputs.on or self.subject.evidence.imported_on
        return [
            sku
            for each in self.inputs.exemptions
            if not (each.user_id or each.group_id or each.department)
            and (each.until is None or each.until >= on)
            and self._mask_of(each) >> no & 1
            for sku in ([each.sku_id.lower()] if each.sku_id else self.subject.products)
        ]

    def _by_conditions(self, rules: list[tuple[int, SetRule]]) -> None:
        terms: list[str] = ["0"]
        values: list[object] = []
        for no, rule in rules:
            condition = self.condition(rule)
            terms.append(f"CASE WHEN {condition.sql} THEN {1 << no} ELSE 0 END")
            values += condition.values
        text = self.sql.text("hits").replace("{mask}", " + ".join(terms))
        self.connection.execute(text, values)
        if self._anything_exempt:
            self.sql.run("spare_exempt")
        saving = self._saving
        first = " ".join(f"WHEN h.mask & {1 << no} <> 0 THEN {no}" for no, rule in rules if rule.rule.saves)
        if first:
            self.sql.run("claim", {"first": f"CASE {first} END"}, saving=saving)
        for no, rule in rules:
            if not rule.rule.saves:
                self.sql.run("note_checks", rule_no=no)

    def condition(self, rule: SetRule) -> Condition:
        """The condition of a rule over a seat, with the grace of joiners where it judges by activity."""
        condition = rule.condition
        if not rule.by_activity:
            return condition
        grown = (
            "(s.created_on IS NULL OR s.created_on <= (SELECT imported_on FROM facts) - "  # noqa: S608 - a number
            f"{int(self.inputs.settings.grace_days)})"
        )
        return type(condition)(f"({condition.sql}) AND {grown}", condition.values, condition.evidence)

    @cached_property
    def _anything_exempt(self) -> bool:
        return bool(self.connection.execute("SELECT count(*) FROM exempt_seats").fetchall()[0][0])

    def _by_sets(self, rules: list[tuple[int, SetRule]]) -> None:
        if not rules:
            return
        back = sorted({int(rule.thresholds["days"]) for _no, rule in rules if rule.rule.method == "cover"})
        needs = [f"{self.needs(days)} AS needs_{days}" for days in back]
        self.sql.run("state", {"needs": ", ".join(needs) or "0 AS no_needs"}, saving=self._saving)
        for no, rule in rules:
            self._judge(no, rule)

    def needs(self, days: int) -> str:
        """What a person `p` is seen to need by the use of so many days, as an expression."""
        return needs_sql(self.subject.families, self.subject.evidence, self.slots, days)

    def _judge(self, no: int, rule: SetRule) -> None:
        table, key = self._allowed_table(rule)
        words = {
            "table": table,
            "key": key,
            "needs": f"t.needs_{int(rule.thresholds['days'])}"
            if rule.rule.method == "cover"
            else "0::BIGINT",
            "exempt": "coalesce(e.places, 0)" if self._anything_exempt else "0",
            "join": (
                "LEFT JOIN (SELECT user_no, sum(1::BIGINT << place)::BIGINT AS places FROM exempt_seats "  # noqa: S608
                f"WHERE place < 62 AND mask & {1 << no} <> 0 GROUP BY user_no) e USING (user_no)"
                if self._anything_exempt
                else ""
            ),
        }
        # Where a rule looks at sets alone, few kinds say whether there is anything to find.
        by_set = key == "set_no" and not self._anything_exempt
        if not by_set:
            self.sql.run("cases", words)
        rows: list[tuple[Case, Verdict]] = []
        kinds = self.sql.rows("set_kinds", words) if by_set else self.sql.rows("case_kinds")
        for set_no, remaining, allowed, needs, _count in kinds:
            case = Case(set_no, remaining, allowed, needs)
            rows += [(case, verdict) for verdict in self.judge.judge(rule, case)]
        if not rows:
            return
        if by_set:
            self.sql.run("cases", words)
        self.sql.run("verdicts")
        numbered = list(enumerate(rows, self._verdicts))
        self._verdicts += len(rows)
        self.sql.run("add_verdicts", rows=as_json([self._row(no, *row) for no, row in numbered]))
        self.sql.run("add_words", rows=as_json([_words(no, verdict) for no, (_case, verdict) in numbered]))
        certainty = (
            "to confirm" if rule.rule.unseen == "to confirm" or rule.rule.method == "surplus" else "known"
        )
        self.sql.run("judge", rule_no=no, certainty=certainty)
        if rule.rule.saves:
            self.sql.run("forget_judged")

    def _row(self, verdict_no: int, case: Case, verdict: Verdict) -> dict[str, Any]:
        def money(amount: int | None) -> str | None:
            return None if amount is None else str(Decimal(amount) / _FOURTH)

        return {
            "set_no": case.set_no,
            "remaining": case.remaining,
            "allowed": case.allowed,
            "needs": case.needs,
            "place": verdict.item.place,
            "sku_no": self.subject.products[verdict.item.sku_id].sku_no,
            "yearly": money(verdict.yearly),
            "monthly": money(verdict.monthly),
            "verdict_no": verdict_no,
        }

    def _allowed_table(self, rule: SetRule) -> tuple[str, str]:
        """The table of seats that a rule may touch, and what it is joined by. Rules of the same conditions
        share one."""
        condition = self.condition(rule)
        key = (condition.sql, tuple(map(str, condition.values)))
        if key not in self._allowed:
            name = f"allowed_{len(self._allowed)}"
            block, by = ("allowed_products", "set_no") if condition.of_product else ("allowed", "user_no")
            text = self.sql.text(block).replace("{table}", name).replace("{condition}", condition.sql)
            self.connection.execute(text, list(condition.values))
            self._allowed[key] = (name, by)
        return self._allowed[key]

    def _by_tenant(self, no: int, rule: SetRule) -> None:
        thresholds, method = rule.thresholds, rule.rule.method
        if method == "likely":
            self._likely(no, rule)
        elif method in ("errors", "unassigned", "ending", "shortage"):
            self.sql.run(method, rule_no=no, without=self._products_without(no), **thresholds)

    def _likely(self, no: int, rule: SetRule) -> None:
        """Who worked much in the apps that Copilot is in; for the product that the tenant owns most of."""
        owned = [each for each in self.subject.products.values() if each.family.role == "copilot"]
        if not owned:
            return
        product = max(owned, key=lambda each: (each.purchased, each.sku_id))
        bases = product.family.bases
        sets = [
            set_no
            for set_no, items in self.subject.sets.items()
            if bases is None
            or any(self.subject.products[item.sku_id].family.id in bases.families for item in items)
        ]
        terms = []
        for app in _SIX_APPS:
            told = self.subject.evidence.application_told_on(app)
            if told is not None:
                since = f"DATE '{told.isoformat()}' - {int(rule.thresholds['days'])}"
                terms.append(f"coalesce(d{self.slots[app]} > {since}, FALSE)::INTEGER")
        self.sql.run(
            "likely",
            {"apps": " + ".join(terms) or "0"},
            rule_no=no,
            sku_no=product.sku_no,
            least=rule.thresholds["apps"],
            grace=int(self.inputs.settings.grace_days),
            sets=sets,
        )


def _words(verdict_no: int, verdict: Verdict) -> dict[str, Any]:
    return {
        "verdict_no": verdict_no,
        "replacement": verdict.replacement,
        "given_by": verdict.given_by,
        "lost": verdict.lost,
    }
