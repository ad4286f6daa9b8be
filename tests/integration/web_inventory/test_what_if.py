"""Thresholds moved on a page tell what would be found, and change nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.beacon.imports.versions import choose_version
from seatbeacon.beacon.models import AuditEntry, ProductPrice, RuleSetting
from seatbeacon.beacon.savings.evaluate import recommendations_of
from seatbeacon.beacon.savings.what_if import compare, movables
from seatbeacon.inventory.query import run
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client

    from seatbeacon.beacon.models import Tenant
    from seatbeacon.beacon.settings import Settings

PAGE = "/optimization/what-if/"


@pytest.fixture
def operator(sign_in: Callable[..., Client]) -> Client:
    return sign_in(Role.OPERATOR)


@pytest.fixture
def priced(home: Settings, inventory: Path) -> Settings:
    """Every product costs 10 EUR a month."""
    for (sku,) in run(inventory, "licenses", columns=["sku_id"]).rows:
        ProductPrice.objects.create(sku_id=str(sku), amount=10, currency="EUR", changed_at=datetime.now(UTC))
    return home


def test_a_reserve_of_seats_saves_less_and_the_differences_add_up(priced: Settings) -> None:
    version = choose_version(None)
    before = recommendations_of(priced, version)
    told = compare(priced, version, {"unassigned": {"reserve": 50}})
    moved = next(each for each in told.rules if each.rule.id == "unassigned")
    assert moved.more < 0
    assert moved.yearly < 0
    assert sum(each.more for each in told.rules) == told.more
    assert sum(each.yearly for each in told.rules) == told.yearly
    assert recommendations_of(priced, version) == before


def test_nothing_moved_is_as_today(priced: Settings) -> None:
    told = compare(priced, choose_version(None), {})
    assert told.then == told.today
    assert not [each for each in told.rules if each.more or each.yearly]


def test_the_form_has_every_threshold_of_the_rules(viewer: Client, priced: Settings, see: Any) -> None:
    page = see(viewer, PAGE)
    for each in movables(priced, choose_version(None)):
        assert f'name="{each.key}"' in page.text
    assert "as today" in page.words


def test_htmx_is_given_the_result_and_the_address_of_it(viewer: Client, priced: Settings) -> None:
    told = compare(priced, choose_version(None), {"unassigned": {"reserve": 50}})
    answer = viewer.get(f"{PAGE}?unassigned.reserve=50&guest.days=", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer["HX-Replace-Url"] == f"{PAGE}?unassigned.reserve=50"
    assert "<html" not in text
    assert f"−{-told.more}" in text
    assert f"−{-told.more}" in viewer.get(answer["HX-Replace-Url"]).content.decode()


@pytest.mark.parametrize("value", ["-5", "101", "nan", "x", "1e999", "-1"])
def test_a_threshold_out_of_bounds_is_said(viewer: Client, home: Settings, value: str) -> None:
    answer = viewer.get(f"{PAGE}?unassigned.reserve={value}")
    assert answer.status_code == 400
    assert "cannot be reckoned with" in answer.content.decode()
    answer = viewer.get(f"{PAGE}?unassigned.reserve={value}", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "HX-Replace-Url" not in answer


def test_what_no_rule_has_is_passed_over(viewer: Client, home: Settings) -> None:
    assert "as today" in viewer.get(f"{PAGE}?nothing.days=1&q=<b>").content.decode()


def test_an_operator_keeps_what_was_moved_and_the_rest_stays(
    operator: Client, priced: Settings, inventory: Path
) -> None:
    RuleSetting.objects.create(
        rule="unassigned", off=False, changed_by="somebody", changed_at=datetime.now(UTC)
    )
    page = operator.get(f"{PAGE}?unassigned.reserve=50").content.decode()
    assert "Keep these thresholds" in page
    answer = operator.post(f"{PAGE}keep/", {"unassigned.reserve": "50"})
    assert answer["Location"] == "/optimization/rules/"
    kept = RuleSetting.objects.get()
    assert (kept.rule, kept.off, kept.thresholds) == ("unassigned", False, {"reserve": 50})
    assert AuditEntry.objects.get(action="rule.set").target == "unassigned"
    today = {each.key: each.today for each in movables(priced, choose_version(None))}
    assert today["unassigned.reserve"] == 50


def test_of_several_tenants_it_is_kept_for_the_one_or_for_all_and_who_is_apart_is_told(
    operator: Client, priced: Settings, second_tenant: Tenant, see: Any
) -> None:
    asked = {"unassigned.reserve": "50"}
    page = see(operator, f"{PAGE}?tenant={second_tenant.pk}&unassigned.reserve=50")
    assert "Keep for all tenants" in page.words
    assert "<i>Fabrikam" not in page.text
    keep = f"{PAGE}keep/?tenant={second_tenant.pk}"
    answer = operator.post(keep, {**asked, "for": "tenant"})
    assert answer["Location"] == f"/optimization/rules/?tenant={second_tenant.pk}"
    own = RuleSetting.objects.get()
    assert (own.tenant, own.thresholds) == (second_tenant, {"reserve": 50})
    answer = operator.post(keep, {"unassigned.reserve": "60", "for": "all"}, follow=True)
    assert RuleSetting.objects.get(tenant=None).thresholds == {"reserve": 60}
    assert RuleSetting.objects.get(tenant=second_tenant).thresholds == {"reserve": 50}
    assert "A setting of their own stays with: &lt;i&gt;Fabrikam" in answer.content.decode()


@pytest.mark.parametrize("given", [{}, {"unassigned.reserve": "101"}, {"nothing.days": "1"}])
def test_what_was_not_moved_or_is_out_of_bounds_is_not_kept(
    operator: Client, home: Settings, given: dict[str, str]
) -> None:
    assert operator.post(f"{PAGE}keep/", given)["Location"] == PAGE
    assert not RuleSetting.objects.exists()


def test_a_viewer_is_told_who_can_keep_it(viewer: Client, priced: Settings) -> None:
    page = viewer.get(f"{PAGE}?unassigned.reserve=50").content.decode()
    assert "Keep" not in page
    assert "role of an operator" in page
    assert viewer.post(f"{PAGE}keep/", {"unassigned.reserve": "50"}).status_code == 403
    assert not RuleSetting.objects.exists()


def test_no_sum_is_told_where_no_price_is_known(viewer: Client, home: Settings, see: Any) -> None:
    words = see(viewer, f"{PAGE}?unassigned.reserve=50").words
    assert "— would be saved a year no price is known" in words
    assert "0.00" not in words
