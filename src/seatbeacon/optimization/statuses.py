"""Whether a rule can be judged, and if not, why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.optimization.evidence import ACTIVE, APPS, MAILBOXES, ONEDRIVES, SIGN_INS
from seatbeacon.optimization.outcome import RuleStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seatbeacon.inventory.statements import Statements
    from seatbeacon.optimization.facts import Subject
    from seatbeacon.optimization.outcome import Told
    from seatbeacon.optimization.prices import SeatPrice
    from seatbeacon.optimization.ruleset import SetRule

_FEWEST_DAYS = 13  # between the first and the last day that a trend is drawn through


class Statuses:
    """Answers the status of each rule. `sql` is evaluate.sql on the facts; `scope` says which products (sku
    ids) a rule looks at."""

    def __init__(
        self,
        sql: Statements,
        subject: Subject,
        prices: Mapping[str, SeatPrice],
        scope: Callable[[SetRule], set[str]],
    ) -> None:
        self._sql = sql
        self._scope = scope
        self._subject = subject
        self._prices = prices

    def of(self, rule: SetRule) -> RuleStatus:
        """The status of a rule."""
        told, reasons = self._judge(rule)
        return RuleStatus(rule.id, told, tuple(reasons))

    def _judge(self, rule: SetRule) -> tuple[Told, list[str]]:
        method, reasons = rule.rule.method, self._reasons(rule)
        if method == "cover":
            return self._cover(rule)
        if reasons:
            return "cannot tell", reasons
        return self._by_conditions(rule)

    def _reasons(self, rule: SetRule) -> list[str]:
        """Why a rule about the tenant cannot be judged at all."""
        evidence = self._subject.evidence
        match rule.rule.method:
            case "likely":
                return [evidence.why_not(each) for each in (APPS, ACTIVE) if evidence.told_on(each) is None]
            case "consolidate" if not self._prices:
                return ["No price is known; type in prices."]
            case "ending" if not evidence.collected("subscriptions"):
                return [evidence.why_not("subscriptions")]
            case "shortage" if self._sql.count("history_days") < _FEWEST_DAYS:
                return ["There are less than two weeks of imports to draw a trend through."]
            case _:
                return []

    def _cover(self, rule: SetRule) -> tuple[Told, list[str]]:
        evidence = self._subject.evidence
        wanted = [MAILBOXES] if rule.rule.unseen == "not needed" else [APPS, ACTIVE, MAILBOXES, ONEDRIVES]
        missing = [each for each in wanted if evidence.told_on(each) is None]
        reasons = [evidence.why_not(each) for each in missing]
        if "mailboxes" in rule.condition.evidence and not missing:
            reasons += self._without_types()
        if len(missing) == len(wanted) or (reasons and not missing):
            return "cannot tell", reasons
        return ("in part" if missing else "evaluated"), reasons

    def _by_conditions(self, rule: SetRule) -> tuple[Told, list[str]]:
        evidence, reasons = self._subject.evidence, []
        if "mailboxes" in rule.condition.evidence:
            reasons = self._without_types() if evidence.told_on(MAILBOXES) else [evidence.why_not(MAILBOXES)]
        if "sign-ins" in rule.condition.evidence and evidence.told_on(SIGN_INS) is None:
            reasons = [*reasons, evidence.why_not(SIGN_INS)]
        if reasons:
            return "cannot tell", reasons
        if "activity" not in rule.condition.evidence:
            return "evaluated", []
        items, unknown, why = self._unknown(rule)
        if not unknown:
            return "evaluated", []
        return ("cannot tell" if unknown == items else "in part"), why

    def _unknown(self, rule: SetRule) -> tuple[int, int, list[str]]:
        """How many products of sets the rule looks at, of how many the activity is not known, and why."""
        evidence, looked_at = self._subject.evidence, self._scope(rule)
        missing: dict[str, None] = {}
        items = unknown = 0
        for held in self._subject.sets.values():
            for item in held:
                if item.sku_id in looked_at:
                    items += 1
                    reports = self._missing(self._subject.plans.applications(item.sku_id, item.disabled))
                    unknown += bool(reports)
                    missing |= dict.fromkeys(reports)
        return items, unknown, [evidence.why_not(each) for each in sorted(missing)]

    def _missing(self, applications: frozenset[str]) -> list[str]:
        evidence = self._subject.evidence
        if not applications:
            return [each for each in (ACTIVE, APPS) if evidence.told_on(each) is None]
        found: list[str] = []
        for name in applications:
            if evidence.application_told_on(name) is None:
                found += evidence.reports_of(name)
        return found

    def _without_types(self) -> list[str]:
        rows, typed = self._sql.one("recipient_types")
        if rows and not typed:
            return ["mailboxUsage came without a recipient type: which mailboxes are shared is not known."]
        return []
