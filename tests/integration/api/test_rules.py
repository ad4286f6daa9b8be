"""Rules over the API: how they stand, and where each of their numbers comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seatbeacon.beacon.audit import Actor
from seatbeacon.beacon.models import Tenant
from seatbeacon.beacon.savings.rule_settings import GivenRule, set_rule

if TYPE_CHECKING:
    from tests.integration.api.conftest import Api

    from seatbeacon.beacon.settings import Settings


def _number(rule: dict[str, Any], name: str) -> tuple[float, str]:
    return next((each["value"], each["source"]) for each in rule["thresholds"] if each["name"] == name)


def test_all_rules_are_listed_as_they_stand(reader: Api) -> None:
    told = reader("/rules").body
    assert len(told["items"]) == 20
    assert told["faults"] == []
    assert {each["name"] for each in told["general"]} == {"grace_days", "fresh_days"}
    assert all(each["on"] and each["on_source"] == "rule" for each in told["items"])
    one = next(each for each in told["items"] if each["id"] == "inactive")
    assert _number(one, "days") == (90, "rule")
    assert reader("/rules/inactive").body == one


def test_each_value_says_where_it_comes_from(reader: Api, home: Settings) -> None:
    tenant, actor = Tenant.objects.get(), Actor("a test")
    set_rule(home, "inactive", GivenRule(None, {"days": 60}), tenant_id=None, actor=actor)
    set_rule(home, "guest", GivenRule(True), tenant_id=None, actor=actor)
    set_rule(home, "", GivenRule(None, {"grace_days": 7}), tenant_id=tenant.pk, actor=actor)
    assert _number(reader("/rules/inactive", tenant=tenant.pk).body, "days") == (60, "all tenants")
    set_rule(home, "inactive", GivenRule(None, {"days": 45}), tenant_id=tenant.pk, actor=actor)
    set_rule(home, "guest", GivenRule(False), tenant_id=tenant.pk, actor=actor)
    here, everywhere = reader("/rules/inactive", tenant=tenant.pk).body, reader("/rules/inactive").body
    assert _number(here, "days") == (45, "tenant")
    assert "for 45 days" in here["sentence"]
    assert _number(everywhere, "days") == (60, "all tenants")
    switched = [reader("/rules/guest", **query).body for query in ({}, {"tenant": tenant.pk})]
    assert [(each["on"], each["on_source"]) for each in switched] == [
        (False, "all tenants"),
        (True, "tenant"),
    ]
    general = {each["name"]: each for each in reader("/rules", tenant=tenant.pk).body["general"]}
    assert (general["grace_days"]["value"], general["grace_days"]["source"]) == (7, "tenant")


def test_what_is_not_there_is_said(reader: Api) -> None:
    assert reader("/rules/nothing").status_code == 404
    assert reader("/rules", tenant="nobody").status_code == 404
