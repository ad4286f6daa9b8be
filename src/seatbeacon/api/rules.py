"""Rules: what they say, whether they are on, and where each of their numbers comes from."""

from __future__ import annotations

from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from seatbeacon.api.auth import READ
from seatbeacon.beacon.models import Tenant
from seatbeacon.beacon.savings.rule_settings import Standing, standings
from seatbeacon.beacon.savings.rules import rule_book
from seatbeacon.beacon.settings import load_settings

router = Router(tags=["Rules"])

Source = Literal["rule", "all tenants", "tenant"]


class RulesAsked(Schema):
    """Whose rules."""

    tenant: str | None = Field(
        None, max_length=100, description="A tenant's id: as rules stand for it. For all without."
    )


class RuleThreshold(Schema):
    """A number of a rule, and where it comes from."""

    name: str
    value: float = Field(description="What counts.")
    source: Source = Field(description="Who says so: the rule itself, or a setting.")
    default: float = Field(description="What the rule itself says.")
    minimum: float
    maximum: float
    unit: str
    meaning: str


class RuleOut(Schema):
    """A rule as it stands."""

    id: str
    version: int
    title: str
    sentence: str = Field(description="What it finds, with its thresholds in it.")
    category: Literal["remove", "replace", "reclaim", "check", "opportunity"]
    on: bool
    on_source: Source = Field(description="Who says whether it is on.")
    thresholds: list[RuleThreshold]
    saving: str
    evidence: str
    limits: str
    file: str | None = Field(description="Where a rule of the organisation's own stands.")


class RuleFaultOut(Schema):
    """A file of the organisation's own that cannot be read as a rule."""

    file: str
    problem: str


class RulesOut(Schema):
    """The rules in the order in which they claim seats, and what holds for all of them."""

    items: list[RuleOut]
    general: list[RuleThreshold] = Field(description="Numbers that hold for all rules.")
    faults: list[RuleFaultOut]


@router.get("/rules", auth=READ, response=RulesOut, operation_id="list_rules")
def rules(request: HttpRequest, given: Query[RulesAsked]) -> dict[str, Any]:  # noqa: ARG001 - ninja's signature
    """Every rule of optimization, those that are switched off too."""
    book = rule_book(load_settings())
    pairs = _standings(given.tenant)
    return {
        "items": [_rule(*pair) for pair in pairs[1:]],
        "general": _thresholds(*pairs[0]),
        "faults": [{"file": each.file, "problem": str(each)} for each in book.faults],
    }


@router.get("/rules/{rule_id}", auth=READ, response=RuleOut, operation_id="get_rule")
def rule(request: HttpRequest, rule_id: Path[str], given: Query[RulesAsked]) -> dict[str, Any]:  # noqa: ARG001 - ninja's signature
    """One rule."""
    for pair in _standings(given.tenant)[1:]:
        if pair[0].rule is not None and pair[0].rule.id == rule_id:
            return _rule(*pair)
    raise Http404(f"There is no rule {rule_id!r}.")


def _standings(tenant: str | None) -> list[tuple[Standing, Standing]]:
    """How each rule stands here, and for all tenants; first what holds for all rules."""
    if tenant is not None and ("\x00" in tenant or not Tenant.objects.filter(pk=tenant.lower()).exists()):
        raise Http404(f"There is no tenant {tenant!r}.")
    book = rule_book(load_settings())
    everywhere = standings(book, None)
    here = standings(book, tenant.lower()) if tenant is not None else [None] * len(everywhere)
    return [(one or wider, wider) for one, wider in zip(here, everywhere, strict=True)]


def _rule(here: Standing, everywhere: Standing) -> dict[str, Any]:
    rule = here.rule
    assert rule is not None  # noqa: S101 - what holds for all rules is told apart
    own = None if here is everywhere else here.own_off
    return {
        "id": rule.id,
        "version": rule.version,
        "title": rule.title,
        "sentence": here.sentence,
        "category": rule.category,
        "on": not here.off,
        "on_source": _source(own, everywhere.own_off),
        "thresholds": _thresholds(here, everywhere),
        "saving": rule.saving,
        "evidence": rule.evidence,
        "limits": rule.limits,
        "file": here.file or None,
    }


def _thresholds(here: Standing, everywhere: Standing) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "value": each.value,
            "source": _source(None if here is everywhere else each.own, wider.own),
            "default": each.threshold.default,
            "minimum": each.threshold.minimum,
            "maximum": each.threshold.maximum,
            "unit": each.threshold.unit,
            "meaning": each.threshold.meaning,
        }
        for each, wider in zip(here.thresholds, everywhere.thresholds, strict=True)
    ]


def _source(own: object, everywhere: object) -> Source:
    if own is not None:
        return "tenant"
    return "rule" if everywhere is None else "all tenants"
