"""What could be saved, by which rule, and why we think so; and what was decided on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.views.decorators.http import require_GET

from seatbeacon.beacon.prices.missing import products_without_price
from seatbeacon.beacon.prices.products import known_products
from seatbeacon.beacon.savings.listed import ACCEPTED, COUNTED
from seatbeacon.beacon.savings.rules import rule_book
from seatbeacon.beacon.settings import load_settings
from seatbeacon.inventory import query
from seatbeacon.inventory.filters import Filter
from seatbeacon.optimization import rule_sentences
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.models import User
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.inventory.presentation.recommendations import TICK
from seatbeacon.web.pages.inventory.views_list import show_list
from seatbeacon.web.pages.recommendations.addresses import recommendations_address
from seatbeacon.web.pages.recommendations.sums import sums_of
from seatbeacon.web.pages.recommendations.views_decide import just_decided

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from seatbeacon.optimization import RuleStatus
    from seatbeacon.web.pages.inventory.opening import Opened


@dataclass(frozen=True)
class RuleRow:
    """A rule, what it found in all, and whether it could tell."""

    id: str
    title: str
    sentence: str
    found: int
    seats: int
    yearly_saving: Any
    status: RuleStatus | None
    address: str


@requires(Role.VIEWER)
@require_GET
def recommendations(request: HttpRequest) -> HttpResponseBase:
    """Totals, rules with what they found or why they cannot tell, and the recommendations as a list."""
    return show_list(request, "recommendations", before=TICK if _may_decide(request) else None, more=_around)


@requires(Role.VIEWER)
@require_GET
def decisions(request: HttpRequest) -> HttpResponseBase:
    """What was decided, as a list."""
    return show_list(
        request,
        "decisions",
        more=lambda _request, _opened: {"above": "savings/_tabs.html", "tab": "decisions"},
    )


def _around(request: HttpRequest, opened: Opened) -> dict[str, Any]:
    """What stands around the list: it is of all that was found, whatever the list is narrowed to."""
    outcome = opened.outcome
    assert outcome is not None  # noqa: S101 - a list of recommendations has one
    rules = _rules(opened)
    return {
        "above": "recommendations/_above.html",
        "actions": "recommendations/_actions.html",
        "beside_rows": "recommendations/_decide.html" if _may_decide(request) else "",
        "outcome": outcome,
        "sums": sums_of(opened.file, opened.listing),
        "act": just_decided(request, outcome.tenant_id),
        "may_decide": _may_decide(request),
        "accepted": query.count(opened.file, opened.listing, filters=[ACCEPTED]),
        "missing": len(products_without_price(known_products(load_settings()))),
        "rules": rules,
        "silent": sum(one.status is not None and one.status.told == "cannot tell" for one in rules),
        "list_address": opened.asked.query,
    }


def _rules(opened: Opened) -> list[RuleRow]:
    found = {one.value: one for one in query.group(opened.file, opened.listing, "rule", filters=[COUNTED])}
    assert opened.outcome is not None  # noqa: S101 - as above
    statuses = {one.rule: one for one in opened.outcome.statuses}
    sentences = rule_sentences(opened.file)
    rows = []
    for rule in rule_book(load_settings()).rules:
        group = found.get(rule.id)
        rows.append(
            RuleRow(
                rule.id,
                rule.title,
                sentences.get(rule.title, rule.usual_sentence),
                group.count if group else 0,
                int(group.sums["seats"] or 0) if group else 0,
                group.sums["yearly_saving"] if group else None,
                statuses.get(rule.id),
                recommendations_address(opened.chosen.named, Filter("rule", "=", rule.id)),
            )
        )
    return sorted(rows, key=lambda row: -row.found)


def _may_decide(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.allows(Role.OPERATOR)
