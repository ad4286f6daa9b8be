"""Rules are shown as they are set, and set by those who may; what was set is judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.beacon.imports.versions import choose_version
from seatbeacon.beacon.models import AuditEntry, Reckoning, RuleSetting
from seatbeacon.beacon.savings.afterwards import judge
from seatbeacon.beacon.savings.evaluate import recommendations_of
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client

    from seatbeacon.beacon.settings import Settings

PAGE = "/optimization/rules/"
INACTIVE = f"{PAGE}rule/inactive/"


@pytest.fixture
def operator(sign_in: Callable[..., Client]) -> Client:
    return sign_in(Role.OPERATOR)


def off(settings: Settings) -> set[str]:
    """The rules that were switched off as the recommendations of now were judged."""
    statuses = recommendations_of(settings, choose_version(None)).statuses
    return {one.rule for one in statuses if one.told == "off"}


def test_a_rule_is_switched_moved_and_reset(operator: Client, home: Settings, see: Any) -> None:
    assert "90 days" in see(operator, PAGE).text
    assert operator.post(INACTIVE, {"switch": "off", "days": "60"}).status_code == 302
    page = see(operator, PAGE)
    assert "<strong>60 days</strong>" in page.text
    assert off(home) == {"inactive"}
    assert operator.post(f"{INACTIVE}reset/").status_code == 302
    assert off(home) == set()
    assert not RuleSetting.objects.exists()
    actions = AuditEntry.objects.filter(action__startswith="rule.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["rule.set", "rule.reset"]
    assert actions[0].details["thresholds"] == {"days": 60}


def test_what_is_found_leads_to_its_rows(operator: Client, home: Settings, see: Any) -> None:
    judge(home)
    outcome = recommendations_of(home, choose_version(None))
    told = next(one for one in outcome.totals.by_rule if one.recommendations)
    assert f"f=rule={told.rule}" in see(operator, PAGE).text


@pytest.mark.parametrize("value", ["6", "731", "many", "1e999", "nan"])
def test_a_threshold_out_of_its_bounds_is_refused_beside_its_field(
    operator: Client, home: Settings, value: str
) -> None:
    answer = operator.post(INACTIVE, {"switch": "", "days": value})
    assert answer.status_code == 400
    assert 'id="id_days_error"' in answer.content.decode()
    assert not RuleSetting.objects.exists()


def test_what_holds_for_all_rules_is_set_in_whole_days(operator: Client, home: Settings, see: Any) -> None:
    assert operator.post(f"{PAGE}all/", {"grace_days": "1.5", "fresh_days": ""}).status_code == 400
    assert operator.post(f"{PAGE}all/", {"grace_days": "45", "fresh_days": ""}).status_code == 302
    assert "<strong>45 days</strong>" in see(operator, PAGE).text
    assert off(home) == set()


def test_a_viewer_reads_the_rules_and_sets_none(viewer: Client, home: Settings, see: Any) -> None:
    assert INACTIVE not in see(viewer, PAGE).text
    assert viewer.get(INACTIVE).status_code == 403
    assert viewer.post(INACTIVE, {"switch": "off"}).status_code == 403
    assert not RuleSetting.objects.exists()


def test_an_unknown_rule_or_tenant_is_none(operator: Client, home: Settings) -> None:
    assert operator.get(f"{PAGE}rule/nope/").status_code == 404
    assert operator.get(f"{PAGE}?tenant=nope").status_code == 404


def test_what_kept_an_evaluation_from_its_end_is_told_and_tried_again(
    operator: Client, home: Settings, see: Any
) -> None:
    judge(home)
    Reckoning.objects.update(fault="<b>The disk is full.</b>", failed_at="2026-11-01T00:00Z")
    assert "&lt;b&gt;The disk is full.&lt;/b&gt;" in see(operator, PAGE).text
    assert operator.post(f"{PAGE}judge/").status_code == 302
    assert "worker judges by it" in see(operator, PAGE).text
    assert judge(home) == 1
    assert Reckoning.objects.get().fault == ""


def test_a_bad_rule_of_ones_own_is_told_and_the_others_stand(
    operator: Client, home: Settings, see: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.toml").write_text("id = 1", encoding="utf-8")
    monkeypatch.setenv("SEATBEACON_RULES", str(tmp_path))
    page = see(operator, PAGE)
    assert "bad.toml" in page.text
    assert "Inactive" in page.text
    assert off(home) == set()
