"""The truth: its listings agree with one another and with the rules of counting."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from seatbeacon.simulator.tenant import Tenant, TenantOptions
from seatbeacon.simulator.truth import Truth, truth

TENANT = Tenant(TenantOptions(users=1500))
DAYS = (0, 1, 45)
TRUTHS = {day: truth(TENANT, day) for day in DAYS}


@pytest.fixture(params=DAYS)
def told(request: pytest.FixtureRequest) -> Truth:
    found: Truth = TRUTHS[request.param]
    return found


def test_active_inactive_and_never_active_add_up_to_assigned(told: Truth) -> None:
    for row in told.licenses:
        assert row["active_90"] + row["inactive_90"] + row["never_active"] == row["assigned"]
        assert row["available"] == row["purchased"] - row["assigned"]


def test_assigned_counts_the_distinct_users_that_hold_a_product(told: Truth) -> None:
    counted = Counter(part for row in told.users for part in row["licenses"])
    assert counted == Counter(
        {row["sku_part_number"]: row["assigned"] for row in told.licenses if row["assigned"]}
    )


def test_every_held_product_has_an_assignment_row_and_errors_alone_are_not_held(told: Truth) -> None:
    held = {(row["id"], part) for row in told.users for part in row["licenses"]}
    rows = {(row["user_id"], row["sku_part_number"]) for row in told.assignments if row["state"] != "Error"}
    assert held == rows


def test_active_counts_grow_with_the_period(told: Truth) -> None:
    for row in told.applications:
        counts = [row[f"active_{period}"] for period in (7, 30, 90, 180)]
        if None in counts:
            assert counts == [None] * 4
        else:
            assert counts == sorted(counts)
            assert row["entitled_users"] >= row["never_active"]


def test_a_user_was_last_active_on_the_latest_day_of_any_application(told: Truth) -> None:
    latest: dict[str, str] = {}
    for row in told.usage:
        if row["last_activity_date"]:
            latest[row["user_id"]] = max(latest.get(row["user_id"], ""), row["last_activity_date"])
    assert latest == {row["id"]: row["last_activity_date"] for row in told.users if row["last_activity_date"]}


def test_usage_rows_are_one_per_user_application_and_platform(told: Truth) -> None:
    keys = [(row["user_id"], row["application"], row["platform"]) for row in told.usage]
    assert len(keys) == len(set(keys))
    assert all(
        (row["last_activity_date"] is None) != (row["active_within_days"] is None) for row in told.usage
    )
    assert all((row["last_activity_date"] or "") <= row["report_refresh_date"] for row in told.usage)


def test_days_fall_on_both_sides_of_every_threshold() -> None:
    days = {row["last_activity_date"] for row in TRUTHS[0].usage}
    refresh = date(2026, 8, 30)
    for age in (6, 7, 29, 30, 89, 90, 179, 180):
        assert (refresh - timedelta(days=age)).isoformat() in days
    assert min(day for day in days if day) < "2026-03-03", "some were last active before the 180 days"


def test_without_reports_usage_is_unknown_and_never_inactive() -> None:
    concealed = truth(Tenant(TenantOptions(users=200, concealed=True)))
    unread = truth(Tenant(TenantOptions(users=200)), usage_known=False)
    for told in (concealed, unread):
        assert told.usage == []
        assert {row["active_90"] for row in told.licenses} == {None}
        assert {row["never_active"] for row in told.applications} == {None}
        assert {row["last_activity_date"] for row in told.users} == {None}


def test_what_was_imported_earlier_is_remembered() -> None:
    fresh, grown = truth(TENANT, 150), truth(TENANT, 150, earlier=(0,))
    keys = {(row["user_id"], row["application"], row["platform"]) for row in fresh.usage}
    more = {(row["user_id"], row["application"], row["platform"]) for row in grown.usage}
    assert keys < more
    assert fresh.assignments == grown.assignments
