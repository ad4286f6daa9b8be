"""Rules by conditions find their cases, all and only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.integration.optimization.conftest import GROUP, day, listed, sku_id

from seatbeacon.collection.package.manifest import DatasetRecord, Outcome
from seatbeacon.optimization import Exemption, Inputs, Leave, Settings

if TYPE_CHECKING:
    from tests.integration.optimization.conftest import Town

E3, E5, COPILOT, VISIO = "ENTERPRISEPACK", "SPE_E5", "Microsoft_365_Copilot", "VISIOCLIENT"


def test_inactive_begins_with_the_day_that_the_threshold_says(town: Town) -> None:
    for ago in (0, 89, 90, 91, 200):
        town.person(f"{ago}", E3, used={"Exchange": ago})
    assert town.found("inactive") == {"90", "91", "200"}


def test_a_new_assignment_is_not_inactive_however_long_ago_its_holder_was_active(town: Town) -> None:
    town.person("yesterday", E3, used={"Exchange": 200}, assigned=1)
    town.person("day 89", E3, used={"Exchange": 200}, assigned=89)
    town.person("day 90", E3, used={"Exchange": 200}, assigned=90)
    assert town.found("inactive") == {"day 90"}


def test_never_used_waits_until_the_license_was_held_long_enough(town: Town) -> None:
    for ago in (1, 59, 60, 61):
        town.person(f"{ago}", E3, assigned=ago)
    town.person("used once", E3, used={"Teams": 170})
    town.person("in no report", E3, in_reports=False)
    assert town.found("never-used") == {"60", "61", "in no report"}


def test_use_of_an_app_alone_is_activity_as_late_as_the_periods_allow(town: Town) -> None:
    town.person("within 180", E3, apps={180: ("Word (Windows)", "Word")})
    town.person("within 90", E3, apps={90: ("Word (Windows)", "Word")})
    assert town.found("inactive") == {"within 180"}
    assert town.found("never-used") == set()


def test_a_license_is_judged_by_its_own_applications(town: Town) -> None:
    town.person("mail only", E3, "VISIOCLIENT", used={"Exchange": 3})
    town.person("chat only", "EXCHANGESTANDARD", used={"Teams": 3, "Exchange": 120})
    # Visio: no report tells of it, and somebody who works is taken to use it.
    assert town.found("inactive") == {"chat only"}


def test_a_switched_off_plan_is_no_use_to_judge_by(town: Town) -> None:
    town.person("teams on", "SPE_F1", used={"Teams": 3})
    town.person("teams off", "SPE_F1", used={"Teams": 3, "Exchange": 150}, off=["TEAMS1"])
    assert town.found("inactive") == {"teams off"}


def test_a_license_that_a_group_gives_is_judged_as_any_other(town: Town) -> None:
    town.person("by group", E3, by_group=[E3], used={"Exchange": 95})
    outcome = town.judge()
    assert listed(outcome, "display_name source group_id", "rule=inactive") == [
        ("User by group", "group", GROUP)
    ]


def test_where_a_report_is_missing_a_rule_cannot_tell_and_says_why(town: Town) -> None:
    town.person("nobody knows", E3)
    town.without = {"appUsageD180", "activeUsers"}
    outcome = town.judge()
    told = {each.rule: each for each in outcome.statuses}
    assert listed(outcome, "rule", "rule=never-used") == []
    assert told["never-used"].told == "cannot tell"
    assert "activeUsers was not collected." in told["never-used"].reasons
    assert told["disabled"].told == "evaluated"


def test_what_can_be_told_is_told_where_one_report_is_missing(town: Town) -> None:
    town.person("copilot", COPILOT, E3, copilot=60)
    town.without = {"appUsageD180"}
    outcome = town.judge()
    told = {each.rule: each.told for each in outcome.statuses}
    assert (told["inactive"], told["copilot-unused"]) == ("cannot tell", "evaluated")
    assert town.found("copilot-unused") == {"copilot"}


def test_a_stale_report_is_not_judged_by(town: Town) -> None:
    town.person("idle", E3, used={"Exchange": 120})
    assert town.found("inactive") == {"idle"}
    strict = Inputs(settings=Settings(fresh_days=1))  # the reports end two days before the import
    assert town.found("inactive", strict) == set()
    reasons = next(each.reasons for each in town.judge(strict).statuses if each.rule == "inactive")
    assert any("appUsageD180 is stale: it ends on 2026-07-29" in each for each in reasons)


def test_disabled_guests_and_leavers(town: Town) -> None:
    town.person("off", E3, used={"Exchange": 1}, accountEnabled=False)
    town.person("off and free", "FLOW_FREE", accountEnabled=False)
    town.person("guest", E3, used={"Exchange": 1}, userType="Guest")
    town.person("guest, free", "FLOW_FREE", userType="Guest")
    town.person("left", E3, used={"Exchange": 1}, employeeType="Former Employee")
    town.person("listed", E3, used={"Exchange": 1})
    town.person("here", E3, used={"Exchange": 1}, employeeType="Employee")
    inputs = Inputs(left=frozenset({"id-listed"}))
    assert town.found("disabled", inputs) == {"off"}
    assert town.found("guest", inputs) == {"guest"}
    assert town.found("leaver", inputs) == {"left", "listed"}


def test_an_account_that_was_disabled_on_the_day_of_the_import_is_found(town: Town) -> None:
    # After the day that the reports tell up to, which has nothing to do with it.
    town.person("today", E3, assigned=-2, accountEnabled=False)
    assert town.found("disabled") == {"today"}


def test_who_would_use_copilot_is_told_where_the_tenant_has_none(town: Town) -> None:
    town.person("busy", E3, used={"Teams": 1}, apps={7: ("Outlook", "Word", "Excel", "PowerPoint")})
    town.person("idle", E3, used={"Teams": 1})
    outcome = town.judge()
    assert listed(outcome, "display_name sku_part_number", "rule=copilot-candidate") == [
        ("User busy", COPILOT)
    ]
    assert sku_id(COPILOT) not in outcome.unpriced_products


def test_shared_mailboxes_and_rooms(town: Town) -> None:
    town.person("small", E3, mailbox=("Shared", 49, False), accountEnabled=False)
    town.person("room", E3, mailbox=("Room", 0, False))
    town.person("full", E3, mailbox=("Shared", 51, False), accountEnabled=False)
    town.person("archived", E3, mailbox=("Shared", 1, True))
    town.person("person", E3, used={"Exchange": 1})
    town.person("teams room", "MEETING_ROOM", mailbox=("Room", 0, False))
    town.buy("EXCHANGEENTERPRISE", 1)
    assert town.found("shared-mailbox") == {"small", "room"}
    outcome = town.judge()
    assert listed(outcome, "display_name replacement", "rule=shared-mailbox-large") == [
        ("User archived", ["EXCHANGEENTERPRISE"]),
        ("User full", ["EXCHANGEENTERPRISE"]),
    ]
    assert town.found("disabled") == set()


def test_copilot_not_used_and_likely_to_be_used(town: Town) -> None:
    busy = ("Outlook", "Word", "Excel", "PowerPoint")
    town.person("used", COPILOT, E3, used={"Exchange": 1}, copilot=29)
    town.person("idle", COPILOT, E3, used={"Exchange": 1}, copilot=30)
    town.person("never", COPILOT, E3, used={"Exchange": 1})
    town.person("new", COPILOT, E3, used={"Exchange": 1}, assigned=10)
    town.person("busy", E3, used={"Teams": 1}, apps={7: busy})
    town.person("four apps", E3, used={"Teams": 60}, apps={7: busy})
    assert town.found("copilot-unused") == {"idle", "never"}
    assert town.found("copilot-candidate") == {"busy"}


def test_assignments_in_error_and_twice(town: Town) -> None:
    town.person("twice", E3, also_by_group=[E3], used={"Exchange": 1})
    town.person("once", E3, used={"Exchange": 1})
    town.person("failed", used={"Exchange": 1}, error=E3)
    assert town.found("double-assignment") == {"twice"}
    assert listed(town.judge(), "display_name note", "rule=assignment-error") == [
        ("User failed", "CountViolation")
    ]


def test_joiners_and_people_on_leave_are_left_alone_by_rules_of_activity(town: Town) -> None:
    town.person("joiner", E3, createdDateTime="2026-07-20T00:00:00Z")
    town.person("away", E3)
    town.person("back", E3)
    town.person("away and disabled", E3, accountEnabled=False)
    leaves = tuple(
        Leave(f"id-{name}", day(200), ends)
        for name, ends in (("away", None), ("back", day(60)), ("away and disabled", None))
    )
    inputs = Inputs(leaves=leaves)
    assert town.found("never-used", inputs) == {"back"}
    assert town.found("disabled", inputs) == {"away and disabled"}


def test_exemptions_by_user_group_department_product_and_rule_until_their_day(town: Town) -> None:
    for name in ("one", "two", "three", "four"):
        town.person(
            name, E3, by_group=[E3] if name == "two" else (), department="Sales" if name == "three" else "IT"
        )
    assert town.found("never-used") == {"one", "two", "three", "four"}

    def left(*exemptions: Exemption) -> set[str]:
        return town.found("never-used", Inputs(exemptions=exemptions))

    assert left(Exemption(user_id="id-one")) == {"two", "three", "four"}
    assert left(Exemption(group_id=GROUP)) == {"one", "three", "four"}
    assert left(Exemption(department="sales")) == {"one", "two", "four"}
    assert left(Exemption(sku_id=sku_id(E3))) == set()
    assert left(Exemption(rule="never-used")) == set()
    assert left(Exemption(user_id="id-one", rule="inactive")) == {"one", "two", "three", "four"}
    assert left(Exemption(user_id="id-one", until=day(0))) == {"one", "two", "three", "four"}
    assert left(Exemption(department="IT", sku_id=sku_id(VISIO))) == {"one", "two", "three", "four"}


def test_thresholds_move_what_is_found(town: Town) -> None:
    for ago in (29, 30, 31):
        town.person(f"{ago}", E3, used={"Exchange": ago})
    moved = Inputs(settings=Settings(thresholds={"inactive": {"days": 30}}))
    assert town.found("inactive", moved) == {"30", "31"}
    assert town.found("inactive", Inputs(settings=Settings(off=frozenset({"inactive"})))) == set()


def test_concealed_names_prove_nothing(town: Town) -> None:
    town.person("hidden", E3)
    town.without = {"appUsageD180", "activeUsers"}
    concealed = {
        name: DatasetRecord(
            name=name, outcome=Outcome.CONCEALED, required=False, remedy="Show names in reports."
        )
        for name in town.without
    }
    town.imported(outcomes=concealed)
    outcome = town.judge()
    told = {each.rule: each for each in outcome.statuses}
    for rule in ("never-used", "inactive"):
        assert told[rule].told == "cannot tell"
        assert "activeUsers conceals names. Show names in reports." in told[rule].reasons
        assert town.found(rule) == set()


def test_the_last_good_data_is_judged_by_until_it_is_stale(town: Town) -> None:
    town.person("idle", E3, used={"Exchange": 120})
    town.imported()
    everything, town.maker.days = town.datasets(), 5
    concealed = {
        name: DatasetRecord(name=name, outcome=Outcome.CONCEALED, required=False)
        for name in everything
        if name != "subscriptions"
    }
    town.version = town.maker.version(town.users, skus=town.products(), outcomes=concealed)
    assert town.found("inactive") == {"idle"}
    town.maker.days = 12
    town.version = town.maker.version(town.users, skus=town.products(), outcomes=concealed)
    assert town.found("inactive") == set()


def test_a_downgrade_keeps_what_cannot_be_told(town: Town) -> None:
    used = {"Exchange": 1, "Teams": 1, "OneDrive": 1}
    town.person("web", E3, used=used, apps={7: ("Word (Web)",)})
    town.buy("STANDARDPACK", 1)
    town.without = {"appUsageD180"}
    outcome = town.judge()
    told = next(each for each in outcome.statuses if each.rule == "downgrade")
    assert (told.told, told.reasons) == ("in part", ("appUsageD180 was not collected.",))
    assert town.found("downgrade") == set()
