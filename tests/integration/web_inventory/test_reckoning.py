"""A page never waits for a large inventory to be judged: it says so, or shows what was found before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.own_rule import OWN_RULE

from seatbeacon.beacon.audit import COMMAND_LINE
from seatbeacon.beacon.imports.versions import choose_version
from seatbeacon.beacon.models import Reckoning
from seatbeacon.beacon.savings import evaluate
from seatbeacon.beacon.savings.afterwards import judge, unjudged
from seatbeacon.beacon.savings.rule_settings import GivenRule, set_rule

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from seatbeacon.beacon.settings import Settings

RECOMMENDATIONS, SAVINGS = "/optimization/recommendations/", "/optimization/savings/"
STATE = "/optimization/rules/state/"


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """The inventory counts as one that takes its time."""
    monkeypatch.setattr(evaluate, "QUICK_USERS", 0)


@pytest.mark.parametrize("page", [RECOMMENDATIONS, SAVINGS, "/optimization/what-if/"])
def test_a_page_says_that_it_is_being_reckoned_until_a_worker_is_done(
    viewer: Client, home: Settings, page: str
) -> None:
    tenant = choose_version(None).tenant_id
    told = viewer.get(page, follow=True)
    assert "Being reckoned" in told.content.decode()
    assert "No worker is running" in told.content.decode()
    assert "HX-Refresh" not in viewer.get(STATE, {"tenant": tenant}).headers
    assert judge(home) == 1
    assert viewer.get(STATE, {"tenant": tenant}).headers["HX-Refresh"] == "true"
    assert "Being reckoned" not in viewer.get(page, follow=True).content.decode()


def test_what_was_found_before_is_shown_until_what_changed_is_judged_by(
    viewer: Client, home: Settings, see: Any
) -> None:
    judge(home)
    tenant = choose_version(None).tenant_id
    set_rule(home, "inactive", GivenRule(off=True), tenant_id=None, actor=COMMAND_LINE)
    for page in (RECOMMENDATIONS, SAVINGS):
        assert "is of the evaluation before" in see(viewer, page).text
    assert viewer.get(STATE, {"tenant": tenant, "behind": "1"}).status_code == 204
    export = viewer.get("/inventory/recommendations/export/csv/")
    assert export.status_code == 400
    assert "judges this inventory" in export.content.decode()
    report = viewer.get("/optimization/recommendations/report/xlsx/")
    assert "Being reckoned" in report.content.decode()
    judge(home)
    assert (
        viewer.get("/optimization/recommendations/report/xlsx/")
        .headers["Content-Type"]
        .endswith("spreadsheetml.sheet")
    )
    assert "Newer results are there" in viewer.get(STATE, {"tenant": tenant, "behind": "1"}).content.decode()
    for page in (RECOMMENDATIONS, SAVINGS):
        assert "is of the evaluation before" not in see(viewer, page).text


def test_what_a_page_finds_changed_is_judged_by_though_nobody_said_so(
    viewer: Client, home: Settings, see: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    judge(home)
    assert unjudged() == []
    (tmp_path / "own.toml").write_text(OWN_RULE, encoding="utf-8")
    monkeypatch.setenv("SEATBEACON_RULES", str(tmp_path))
    see(viewer, RECOMMENDATIONS)
    assert len(unjudged()) == 1


def test_a_fault_of_the_first_evaluation_is_told(viewer: Client, home: Settings) -> None:
    version = choose_version(None)
    Reckoning.objects.create(
        tenant_id=version.tenant_id,
        version=0,
        results="",
        at="2026-11-01T00:00Z",
        fault="The disk is full.",
        failed_at="2026-11-01T00:00Z",
    )
    page = viewer.get(RECOMMENDATIONS, follow=True).content.decode()
    assert "The disk is full." in page
    assert viewer.get(STATE, {"tenant": version.tenant_id}).headers["HX-Refresh"] == "true"
    assert "HX-Refresh" not in viewer.get(STATE, {"tenant": version.tenant_id, "failed": "1"}).headers
