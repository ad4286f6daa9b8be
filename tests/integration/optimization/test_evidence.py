"""Every rule finds its case where its evidence is there, and where that is missing or concealed none: it says
that it cannot tell."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.optimization.conftest import GROUP, day, listed, prices, sku_id

from seatbeacon.collection.package.manifest import DatasetRecord, Outcome
from seatbeacon.optimization import Inputs, Settings

if TYPE_CHECKING:
    from tests.integration.optimization.conftest import Town

E1, E3, E5, M3, F3 = "STANDARDPACK", "ENTERPRISEPACK", "SPE_E5", "SPE_E3", "SPE_F1"
COPILOT, VISIO, CLOUD = "Microsoft_365_Copilot", "VISIOCLIENT", "EXCHANGESTANDARD"
NOW = {"Exchange": 1, "Teams": 1, "SharePoint": 1, "OneDrive": 1, "Yammer": 1}
DESKTOP, WEB = {7: ("Word", "Word (Windows)")}, {7: ("Word", "Word (Web)")}
BUSY = {7: ("Outlook", "Word", "Excel", "PowerPoint")}
PRICES = prices(
    ENTERPRISEPACK=23,
    STANDARDPACK=10,
    SPE_E3=39,
    SPE_E5=57,
    EMS=11,
    WIN10_PRO_ENT_SUB=7,
    EXCHANGEENTERPRISE=8,
)

WITHOUT_REPORTS = {
    "leaver": {"left"},
    "disabled": {"off", "off by group"},
    "guest": {"guest"},
    "overlap": {"both"},
    "over-licensed": {"suites"},
    "add-on-without-base": {"phone"},
    "consolidate": {"three"},
    "double-assignment": {"twice"},
    "assignment-error": {"failed"},
}
"""What the directory alone tells of. Unassigned seats, endings and seats running short are of no user."""
BY_REPORTS = {
    "shared-mailbox": {"shared", "shared at the limit"},
    "never-used": {"never", "never by group"},
    "inactive": {"inactive"},
    "copilot-unused": {"copilot"},
    "shared-mailbox-large": {"archived"},
    "downgrade": {"web"},
    "downgrade-to-confirm": {"five"},
    "copilot-candidate": {"busy"},
}


def _plant(town: Town) -> None:
    """One case of each rule, and beside it somebody who is just not one."""
    here: dict[str, Any] = {"used": NOW, "apps": DESKTOP}
    town.person("left", E3, employeeType="Leaver", **here)
    town.person("off", E3, accountEnabled=False, **here)
    town.person("off by group", E3, by_group=[E3], accountEnabled=False, **here)
    town.person("off and free", "FLOW_FREE", accountEnabled=False, **here)
    town.person("guest", E3, userType="Guest", **here)
    town.person("both", E3, M3, **here)
    town.person("suites", E3, F3, **here)
    town.person("phone", "MCOEV", **here)
    town.person("three", E3, "EMS", "WIN10_PRO_ENT_SUB", assigned=89, **here)  # too short to go down
    town.person("twice", E3, also_by_group=[E3], **here)
    town.person("failed", error=E3, **here)
    town.person("shared", E3, mailbox=("Shared", 1, False))
    town.person("shared at the limit", E3, mailbox=("Shared", 50, False))
    town.person("archived", E3, mailbox=("Shared", 1, True))
    town.person("never", VISIO)
    town.person("never by group", VISIO, by_group=[VISIO])
    town.person("held too short", VISIO, assigned=59)
    town.person("inactive", CLOUD, used={"Exchange": 90})
    town.person("active", CLOUD, used={"Exchange": 89})
    town.person("copilot", COPILOT, E3, copilot=30, **here)
    town.person("copilot lately", COPILOT, E3, copilot=29, **here)
    town.person("web", E3, used=NOW, apps=WEB)
    town.person("web lately", E3, used=NOW, apps=WEB, assigned=89)
    town.person("five", E5, **here)
    town.person("busy", E3, used=NOW, apps={7: ("Word (Windows)", *BUSY[7])})
    town.person("all well", E3, **here)
    town.buy(E1, 1)
    town.subscriptions.append(
        {
            "id": "trial", "skuId": sku_id("EMSPREMIUM"), "skuPartNumber": "EMSPREMIUM", "status": "Enabled",
            "isTrial": True, "nextLifecycleDateTime": f"{day(-20)}T00:00:00Z", "totalLicenses": 5,
        }
    )  # fmt: skip
    town.buy("EMSPREMIUM", 5)


def _found(town: Town, inputs: Inputs) -> tuple[dict[str, set[str]], dict[str, str]]:
    outcome = town.judge(inputs)
    found: dict[str, set[str]] = defaultdict(set)
    for rule, name in listed(outcome, "rule display_name"):
        if name:
            found[rule].add(name.removeprefix("User "))
    return dict(found), {each.rule: each.told for each in outcome.statuses}


INPUTS = Inputs(prices=PRICES, settings=Settings())


def test_every_rule_finds_its_case_and_nobody_else(town: Town) -> None:
    _plant(town)
    found, told = _found(town, INPUTS)
    assert found == WITHOUT_REPORTS | BY_REPORTS
    assert {rule for rule, each in told.items() if each == "cannot tell"} == {"seats-short"}
    assert listed(town.judge(INPUTS), "sku_part_number", "rule=ending") == [("EMSPREMIUM",)]
    by_group = listed(town.judge(INPUTS), "display_name rule group_id", "source=group")
    assert set(by_group) == {
        ("User off by group", "disabled", GROUP),
        ("User never by group", "never-used", GROUP),
    }


@pytest.mark.parametrize("outcome", [None, Outcome.CONCEALED, Outcome.DENIED])
def test_without_reports_rules_that_judge_by_them_find_nobody(town: Town, outcome: Outcome | None) -> None:
    _plant(town)
    town.without = set(town.datasets()) - {"subscriptions"}
    records = {
        name: DatasetRecord(name=name, outcome=outcome, required=False)
        for name in town.without
        if outcome is not None
    }
    town.imported(outcomes=records)
    found, told = _found(town, INPUTS)
    assert found == WITHOUT_REPORTS
    assert {rule for rule, each in told.items() if each == "cannot tell"} == {*BY_REPORTS, "seats-short"}
