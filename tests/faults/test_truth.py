"""The demo's numbers are the simulated tenant's own: every listing, row for row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.faults.listings import differences, listed, true_listings
from tests.faults.stage import new_stage

from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator

if TYPE_CHECKING:
    from pathlib import Path

DEMO_USERS = 2000
DAYS = (0, 1, 30)


def test_the_demos_listings_are_the_truth_on_the_first_day_and_as_days_pass(memory: Path) -> None:
    with Simulator(TenantOptions(users=DEMO_USERS)) as simulator:
        stage = new_stage(memory / "demo", simulator)
        with stage.lived_in():
            for number, day in enumerate(DAYS):
                simulator.set_day(day)
                assert stage.imported().status == 0
                expected = true_listings(simulator.tenant, day, earlier=DAYS[:number])
                wrong = differences(listed(), expected)
                assert not wrong, f"day {day}: " + "\n".join(wrong)
        assert simulator.violations == []


@pytest.mark.parametrize("trouble", ["concealed", "empty", "denied"])
def test_usage_is_unknown_and_nobody_inactive_where_reports_tell_nothing(memory: Path, trouble: str) -> None:
    options = TenantOptions(
        users=200,
        concealed=trouble == "concealed",
        empty_reports=frozenset({"*"}) if trouble == "empty" else frozenset(),
    )
    account = "cloud-admin" if trouble == "denied" else "reports-reader"
    with Simulator(options) as simulator:
        stage = new_stage(memory / trouble, simulator, account=account)
        with stage.lived_in():
            ended = stage.imported()
            assert ended.status == (0 if trouble == "empty" else 3), ended
            found = listed()
            expected = true_listings(simulator.tenant, 0, usage_known=False)
            assert differences(found, expected) == []
            assert found["usage"] == []
            assert {row["inactive_90"] for row in found["licenses"]} == {None}
        assert simulator.violations == []


def test_reports_that_stop_telling_leave_the_usage_of_the_day_they_last_told(memory: Path) -> None:
    with Simulator(TenantOptions(users=200)) as simulator:
        stage = new_stage(memory / "later", simulator)
        with stage.lived_in():
            assert stage.imported().status == 0
            before = true_listings(simulator.tenant, 0)["usage"]
            simulator.set_day(3)
            simulator.set_concealed(True)
            assert stage.imported().status == 3
            found = listed()
            names = {row["id"]: row["user_principal_name"] for row in found["users"]}
            still = [
                {**row, "user_principal_name": names[row["user_id"]]}
                for row in before
                if row["user_id"] in names
            ]
            assert differences(found, {"usage": still}) == []
