"""Rules about what a user holds together find their cases, all and only; savings add up by any cut."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.integration.optimization.conftest import day, listed, plan_id, prices, sku_id

from seatbeacon.optimization import Exemption, Inputs, Settings, what_if

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.optimization.conftest import Town

E1, E3, E5 = "STANDARDPACK", "ENTERPRISEPACK", "SPE_E5"
M3, F3 = "SPE_E3", "SPE_F1"
NOW = {"Exchange": 1, "Teams": 1, "SharePoint": 1, "OneDrive": 1, "Yammer": 1}
DESKTOP = {7: ("Word", "Word (Windows)")}
WEB = {7: ("Word", "Word (Web)")}


def test_overlap_is_a_license_whose_plans_another_gives(town: Town) -> None:
    town.person("both", E3, M3, used=NOW, apps=DESKTOP)
    town.person("e3 beside e5", M3, E5, used=NOW, apps=DESKTOP)
    town.person("alone", E3, used=NOW, apps=DESKTOP)
    town.person("beside visio", E3, "VISIOCLIENT", used=NOW, apps=DESKTOP)
    assert listed(town.judge(), "display_name sku_part_number given_by", "rule=overlap") == [
        ("User both", E3, [M3]),
        ("User e3 beside e5", M3, [E5]),
    ]


def test_a_plan_that_is_switched_off_gives_nothing_and_is_not_missed(town: Town) -> None:
    town.person("off in both", E3, M3, off=["TEAMS1"], used=NOW, apps=DESKTOP)
    town.person("on", E3, M3, used=NOW, apps=DESKTOP)
    # Teams is off in Microsoft 365 E3 alone, so that Office 365 E3 gives something of its own.
    town.person("off in the larger", E3, M3, used=NOW, apps=DESKTOP)
    teams = next(
        plan["servicePlanId"]
        for plan in town.products()[1]["servicePlans"]
        if plan["servicePlanName"] == "TEAMS1"
    )
    held = town.users[-1]["assignedLicenses"]
    held[1] = {"skuId": held[1]["skuId"], "disabledPlans": [teams]}
    assert town.found("overlap") == {"off in both", "on"}


def test_a_lower_rung_of_a_ladder_is_given_by_a_higher_one(town: Town) -> None:
    exchange = ("EXCHANGEENTERPRISE", "EXCHANGESTANDARD")
    town.person("to do and all", *exchange, used={"Exchange": 1}, apps=WEB)
    town.person("mail alone", *exchange, off=["BPOS_S_TODO_1", "INTUNE_O365"], used={"Exchange": 1}, apps=WEB)
    outcome = town.judge(Inputs(prices=prices(EXCHANGEENTERPRISE=8, EXCHANGESTANDARD=4)))
    assert listed(outcome, "display_name sku_part_number yearly_saving", "rule=overlap") == [
        ("User mail alone", "EXCHANGESTANDARD", Decimal(48))
    ]


def test_several_primary_suites_of_which_neither_covers_the_other(town: Town) -> None:
    town.person("both", E3, F3, used=NOW, apps=DESKTOP)
    town.person("one", E3, used=NOW, apps=DESKTOP)
    outcome = town.judge()
    [(who, part, kept, certainty, lost)] = listed(
        outcome, "display_name sku_part_number given_by certainty lost", "rule=over-licensed"
    )
    assert (who, part, kept, certainty) == ("User both", F3, [E3], "to confirm")
    assert "Intune" in lost


def test_add_ons_without_their_base(town: Town) -> None:
    town.person("phone alone", "MCOEV")
    town.person("phone with teams", "MCOEV", E3, used=NOW, apps=DESKTOP)
    town.person("phone, teams off", "MCOEV", F3, off=["TEAMS1"], used=NOW, apps=DESKTOP)
    town.person("copilot alone", "Microsoft_365_Copilot", "VISIOCLIENT", used=NOW, copilot=1)
    assert town.found("add-on-without-base", Inputs(settings=Settings(off=frozenset({"never-used"})))) == {
        "phone alone",
        "phone, teams off",
        "copilot alone",
    }


def test_e3_goes_down_to_e1_where_no_desktop_app_is_used(town: Town) -> None:
    for ago in (7, 30, 90):
        town.person(f"desktop within {ago}", E3, used=NOW, apps={ago: ("Word", "Word (Windows)")})
    town.person("desktop long ago", E3, used=NOW, apps={180: ("Word", "Word (Mac)"), 7: ("Word (Web)",)})
    town.person("web", E3, used=NOW, apps=WEB, onedrive=3)
    town.person("large mailbox", E3, used=NOW, apps=WEB, mailbox=("User", 51, False))
    town.person("archive", E3, used=NOW, apps=WEB, mailbox=("User", 1, True))
    town.person("large onedrive", E3, used=NOW, apps=WEB, onedrive=1100)
    town.person("lately assigned", E3, used=NOW, apps=WEB, assigned=89)
    town.buy(E1, 1)
    outcome = town.judge(Inputs(prices=prices(ENTERPRISEPACK=23, STANDARDPACK=10)))
    assert listed(outcome, "display_name replacement yearly_saving monthly_saving", "rule=downgrade") == [
        ("User desktop long ago", [E1], Decimal(156), Decimal(13)),
        ("User web", [E1], Decimal(156), Decimal(13)),
    ]


def test_e3_goes_down_to_f3_where_mailbox_and_onedrive_are_small(town: Town) -> None:
    town.person("small", M3, used=NOW, apps=WEB, mailbox=("User", 1.9, False), onedrive=1.9)
    town.person("mailbox", M3, used=NOW, apps=WEB, mailbox=("User", 2.1, False), onedrive=1)
    town.person("onedrive", M3, used=NOW, apps=WEB, mailbox=("User", 1, False), onedrive=2.1)
    town.person("desktop", M3, used=NOW, apps=DESKTOP)
    outcome = town.judge(Inputs(prices=prices(SPE_E3=39, SPE_F1=8)))
    assert [row[:2] for row in listed(outcome, "display_name replacement lost", "rule=downgrade")] == [
        ("User small", [F3])
    ]
    [(lost,)] = listed(outcome, "lost", "rule=downgrade")
    assert {"desktop apps", "mailbox above 2 GB"} <= set(lost)


def test_e5_goes_down_once_its_own_services_are_switched_off_else_to_confirm(town: Town) -> None:
    own = [
        "BI_AZURE_P2", "MCOEV", "MCOMEETADV", "AAD_PREMIUM_P2", "WINDEFATP", "THREAT_INTELLIGENCE", "ATA",
        "ADALLOM_S_STANDALONE", "EQUIVIO_ANALYTICS", "PREMIUM_ENCRYPTION", "INSIDER_RISK",
        "INSIDER_RISK_MANAGEMENT", "RECORDS_MANAGEMENT", "INFO_GOVERNANCE", "COMMUNICATIONS_COMPLIANCE",
        "MICROSOFT_COMMUNICATION_COMPLIANCE", "M365_ADVANCED_AUDITING", "MIP_S_CLP2", "LOCKBOX_ENTERPRISE",
        "CUSTOMER_KEY", "DATA_INVESTIGATIONS", "INFORMATION_BARRIERS", "MDE_SMB",
    ]  # fmt: skip
    town.person("off", E5, off=own, used=NOW, apps=DESKTOP)
    town.person("on", E5, used=NOW, apps=DESKTOP)
    town.person("phone on", E5, off=[plan for plan in own if plan != "MCOEV"], used=NOW, apps=DESKTOP)
    outcome = town.judge(Inputs(prices=prices(SPE_E5=57, SPE_E3=39)))
    assert listed(outcome, "display_name replacement", "rule=downgrade") == [("User off", [M3])]
    asked = listed(outcome, "display_name certainty lost", "rule=downgrade-to-confirm")
    assert [row[:2] for row in asked] == [("User on", "to confirm"), ("User phone on", "to confirm")]
    assert "Power BI Pro" in asked[0][2]
    assert "Teams Phone" in asked[1][2]
    assert "Power BI Pro" not in asked[1][2]


def test_a_set_of_products_may_be_the_cheapest(town: Town) -> None:
    # E3 for the desktop apps alone: E1 and the apps cost less than E3.
    town.person("needs both", E3, used=NOW, apps=DESKTOP)
    outcome = town.judge(Inputs(prices=prices(ENTERPRISEPACK=30, STANDARDPACK=10, OFFICESUBSCRIPTION=12)))
    assert listed(outcome, "replacement yearly_saving", "rule=downgrade") == [
        (["STANDARDPACK", "OFFICESUBSCRIPTION"], Decimal(96))
    ] or listed(outcome, "replacement yearly_saving", "rule=downgrade") == [
        (["OFFICESUBSCRIPTION", "STANDARDPACK"], Decimal(96))
    ]


def test_what_stays_gives_no_plan_that_is_switched_off(town: Town) -> None:
    # The desktop apps are off in E3 and come from the product beside it: that one cannot go.
    town.person("apps beside", E3, "OFFICESUBSCRIPTION", used=NOW, apps=DESKTOP)
    held = town.users[-1]["assignedLicenses"]
    held[0] = {"skuId": held[0]["skuId"], "disabledPlans": [plan_id("OFFICESUBSCRIPTION")]}
    outcome = town.judge(Inputs(prices=prices(ENTERPRISEPACK=23, OFFICESUBSCRIPTION=12)))
    assert listed(outcome, "sku_part_number", "category=replace") == []


def test_kin_follow_their_family_within_their_market(town: Town) -> None:
    town.person("faculty", "ENTERPRISEPACKPLUS_FACULTY", used=NOW, apps=WEB)
    town.person("gcc", "ENTERPRISEPACK_GOV", used=NOW, apps=WEB)
    town.buy("STANDARDWOFFPACK_FACULTY", 10)
    town.buy("STANDARDPACK_GOV", 10)
    town.buy(E1, 10)
    found = listed(town.judge(), "display_name replacement yearly_saving", "rule=downgrade")
    assert found == [
        ("User faculty", ["STANDARDWOFFPACK_FACULTY"], None),
        ("User gcc", ["STANDARDPACK_GOV"], None),
    ]


def test_consolidate_needs_a_suite_that_gives_everything_for_less(town: Town) -> None:
    town.person("three", E3, "EMS", "WIN10_PRO_ENT_SUB", used=NOW, apps=DESKTOP)
    town.person("two", E3, "EMS", used=NOW, apps=DESKTOP)
    book = {"ENTERPRISEPACK": 23, "EMS": 11, "WIN10_PRO_ENT_SUB": 7}
    off = Settings(off=frozenset({"downgrade", "downgrade-to-confirm"}))
    cheap = town.judge(Inputs(prices=prices(**book, SPE_E3=36), settings=off))
    rows = listed(cheap, "display_name sku_part_number replacement yearly_saving", "rule=consolidate")
    assert {row[:2] for row in rows} == {("User three", part) for part in book}
    assert all(row[2] == [M3] for row in rows)
    assert sum(row[3] for row in rows) == Decimal((41 - 36) * 12)
    dear = town.judge(Inputs(prices=prices(**book, SPE_E3=41), settings=off))
    assert listed(dear, "display_name", "rule=consolidate") == []
    unpriced = next(each for each in town.judge(Inputs(settings=off)).statuses if each.rule == "consolidate")
    assert unpriced.told == "cannot tell"


def test_unassigned_seats_above_the_reserve(town: Town) -> None:
    town.person("one", E3, used=NOW, apps=DESKTOP)
    town.buy(E3, 11)
    town.buy("FLOW_FREE", 100)
    inputs = Inputs(prices=prices(ENTERPRISEPACK=23))
    assert listed(town.judge(inputs), "sku_part_number seats yearly_saving", "rule=unassigned") == [
        (E3, 10, Decimal(2760))
    ]
    kept = Inputs(settings=Settings(thresholds={"unassigned": {"reserve": 20}}))
    assert listed(town.judge(kept), "seats yearly_saving", "rule=unassigned") == [(7, None)]
    spared = Inputs(exemptions=(Exemption(sku_id=sku_id(E3)),))
    assert listed(town.judge(spared), "seats", "rule=unassigned") == []


def test_trials_end_and_savings_wait_for_the_renewal(town: Town) -> None:
    def subscription(part: str, ends: int, *, trial: bool, status: str = "Enabled") -> None:
        town.subscriptions.append(
            {
                "id": f"sub-{part}-{ends}", "skuId": sku_id(part), "skuPartNumber": part, "status": status,
                "isTrial": trial, "nextLifecycleDateTime": f"{day(-ends)}T00:00:00Z", "totalLicenses": 5,
            }
        )  # fmt: skip

    town.person("idle", E3)
    town.buy(E5, 5)
    town.buy(M3, 5)
    town.buy("VISIOCLIENT", 5)
    subscription(E3, 100, trial=False)
    subscription(E5, 32, trial=True)
    subscription(M3, 33, trial=True)  # day 31 from the import on, which is two days after the reports
    subscription("VISIOCLIENT", 300, trial=False, status="Warning")
    outcome = town.judge()
    assert {row[:2] for row in listed(outcome, "sku_part_number note", "rule=ending")} == {
        (E5, "trial"),
        ("VISIOCLIENT", "in grace"),
    }
    assert listed(outcome, "realisable_on", "rule=never-used") == [(day(-100),)]
    assert listed(outcome, "sku_part_number", "rule=unassigned") == [
        ("VISIOCLIENT",)
    ]  # a trial costs nothing


def test_seats_run_short_by_trend(town: Town) -> None:
    town.buy(E3, 40)
    town.buy(M3, 400)
    for number in range(16):
        town.person(f"{number}", E3, M3, used=NOW, apps=DESKTOP)
        town.bought |= {E3: 40, M3: 400}
        if number == 3:
            early = next(each for each in town.judge().statuses if each.rule == "seats-short")
            assert early.told == "cannot tell"
        if number in (0, 8, 15):
            town.maker.days = number
            town.version = town.maker.version(town.users, skus=town.products(), **town.datasets())
    # A seat a day, and 24 left.
    assert [
        (part, seats, str(due))
        for part, seats, due in listed(town.judge(), "sku_part_number seats due_on", "rule=seats-short")
    ] == [(E3, 32, "2026-09-08")]
    far = Inputs(settings=Settings(thresholds={"seats-short": {"weeks": 3}}))
    assert listed(town.judge(far), "sku_part_number", "rule=seats-short") == []


def _mixed(town: Town) -> Inputs:
    for number in range(6):
        where: dict[str, Any] = {"department": "Sales" if number % 2 else None, "country": "DE"}
        town.person(f"idle {number}", E3, "EMS", **where)
        town.person(f"overlap {number}", E3, M3, used=NOW, apps=DESKTOP, **where)
        town.person(f"web {number}", E3, used=NOW, apps=WEB, **where)
        town.person(f"off {number}", E3, M3, "VISIOCLIENT", accountEnabled=False, **where)
        town.person(f"five {number}", E5, "MCOEV", used=NOW, apps=DESKTOP, **where)
    town.buy("VISIOCLIENT", 20)
    return Inputs(
        prices=prices(
            ENTERPRISEPACK="23.33", EMS="8.07", SPE_E3="36.01", SPE_E5="57.19", STANDARDPACK="9.99", MCOEV=8
        )
    )


def test_one_seat_is_saved_once_and_parts_add_up_by_any_cut(town: Town) -> None:
    outcome = town.judge(_mixed(town))
    rows = listed(
        outcome,
        "user_id sku_id rule category yearly_saving monthly_saving product_name department country seats",
    )
    saving = [row for row in rows if row[3] in ("remove", "replace", "reclaim")]
    seats = [row[:2] for row in saving if row[0]]
    assert len(seats) == len(set(seats))
    assert len({row[2] for row in saving}) >= 4
    for place in (2, 6, 7, 8):
        parts: dict[object, Decimal] = defaultdict(Decimal)
        for row in saving:
            parts[row[place]] += row[4] or 0
        assert sum(parts.values()) == outcome.totals.yearly_saving > 0
    assert sum((row[5] or 0 for row in saving), Decimal(0)) == outcome.totals.monthly_saving
    assert {each.rule: each.yearly_saving or 0 for each in outcome.totals.by_rule if each.unpriced == 0} == {
        each.rule: sum((row[4] or 0 for row in rows if row[2] == each.rule), Decimal(0))
        for each in outcome.totals.by_rule
        if each.unpriced == 0
    }


def test_no_user_saves_more_than_is_paid_for_them(town: Town) -> None:
    inputs = _mixed(town)
    outcome = town.judge(inputs)
    prices_of = inputs.prices.seat_prices(tenant_id="", on=day(0))
    saved: dict[str, Decimal] = defaultdict(Decimal)
    for user_id, yearly in listed(outcome, "user_id yearly_saving"):
        saved[user_id] += yearly or 0
    paid = {
        person["id"]: sum(
            (
                prices_of[each["skuId"]].yearly
                for each in person["assignedLicenses"]
                if each["skuId"] in prices_of
            ),
            Decimal(0),
        )
        for person in town.users
    }
    assert all(amount <= paid[user] for user, amount in saved.items() if user)


def test_what_if_answers_what_recommend_would(town: Town, tmp_path: Path) -> None:
    inputs = _mixed(town)
    outcome = town.judge(inputs)
    assert town.version is not None
    again = what_if(town.version, tmp_path / "results", inputs)
    assert again.totals == outcome.totals
    files = {path.name for path in (tmp_path / "results").iterdir()}
    assert len(files) == 2  # facts and results; a what-if leaves nothing
    moved = Inputs(prices=inputs.prices, settings=Settings(off=frozenset({"never-used"})))
    assert (
        what_if(town.version, tmp_path / "results", moved).totals.yearly_saving < outcome.totals.yearly_saving
    )


def test_the_key_of_a_recommendation_outlives_an_import(town: Town) -> None:
    town.person("idle", E3)
    town.imported()
    before = listed(town.judge(), "key", "rule=never-used")
    town.version = town.maker.version(town.users, skus=town.products(), **town.datasets())
    assert listed(town.judge(), "key", "rule=never-used") == before == [(f"id-idle/{sku_id(E3)}/never-used",)]


def test_products_without_a_price_are_named_and_no_price_is_invented(town: Town) -> None:
    town.person("idle", E3, "EMS")
    outcome = town.judge(Inputs(prices=prices(EMS=8)))
    assert outcome.unpriced_products == (sku_id(E3),)
    assert sorted(listed(outcome, "sku_part_number yearly_saving currency", "rule=never-used")) == [
        ("EMS", Decimal(96), "EUR"),
        (E3, None, None),
    ]
    total = next(each for each in outcome.totals.by_rule if each.rule == "never-used")
    assert (total.yearly_saving, total.unpriced) == (Decimal(96), 1)
