"""What a listing says as of a day is what it said on that day, as far as the past is known."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from seatbeacon.inventory import query
from seatbeacon.inventory.listings import LISTINGS

DATED = [name for name, listing in LISTINGS.items() if listing.as_of]
# Columns that another place in the documentation says are not known as of a date, or by the month only.
VAGUE = {
    "users": {"last_activity_date", "last_sign_in_at", "mailbox_bytes", "onedrive_bytes"},
    "licenses": {"report_refresh_date"},
    "applications": {"last_activity_date", "report_refresh_date"},
    "usage": {"active_within_days", "report_refresh_date"},
    "service-plans": {"switched_off_users"},
}


def _population(kit: Any, day: int) -> dict[str, Any]:
    """Three days: people move, come and go; a group, a product and an application do, too."""
    users = [
        kit.user(1, department="Sales" if day == 0 else "Legal", **kit.holding(kit.e3)),
        kit.user(
            2,
            assignedLicenses=[{"skuId": kit.e3, "disabledPlans": []}],
            licenseAssignmentStates=[kit.state(kit.e3, "g-1"), kit.state(kit.e3)][: 1 + (day > 1)],
        ),
        kit.user(3, displayName=f"Day {day}", **(kit.holding(kit.visio) if day < 2 else {})),
    ]
    if day != 1:
        users.append(kit.user(4, userType="Guest"))
    skus = [kit.sku(prepaidUnits={"enabled": 10 + day, "warning": 0, "suspended": 0, "lockedOut": 0})]
    if day < 2:
        skus.append(kit.sku(kit.visio, "VISIOCLIENT"))
    refresh = kit.refresh + timedelta(days=day)
    seen = {f"user{n}@contoso.example": f"2026-07-{10 + n}" for n in (1, 2)}
    return {
        "users": users,
        "skus": skus,
        "subscriptions": [
            {
                "id": "s",
                "skuId": kit.e3,
                "status": "Enabled",
                "nextLifecycleDateTime": f"2026-1{day}-01T00:00:00Z",
            }
        ],
        "groups": [{"id": "g-1", "displayName": f"Group {day}", "assignedLicenses": [{"skuId": kit.e3}]}],
        "servicePrincipals": [{"id": "sp", "displayName": f"App {day}"}],
        "appRoleAssignedTo": [
            {"id": f"a{n}", "resourceId": "sp", "principalId": f"id-{n}", "principalType": "User"}
            for n in range(1, 3 + day)
        ],
        "emailActivity": kit.activity(seen, refresh),
        "activeUsers": kit.active_users(seen, refresh),
    }


@pytest.fixture(scope="module")
def days(kit: Any, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    made = kit.maker(tmp_path_factory.mktemp("as-of"))
    return [Path(made.version(**_population(kit, day))) for day in range(3)]


@pytest.mark.parametrize("name", DATED)
def test_a_listing_as_of_a_day_says_what_it_said_then(name: str, days: list[Path], kit: Any) -> None:
    keys = [column.key for column in LISTINGS[name].columns if column.key not in VAGUE.get(name, ())]
    for day, then in enumerate(days):
        moment = kit.start + timedelta(days=day, hours=5)
        said = kit.rows(then, name, *keys)
        assert said, "a listing that is empty proves nothing"
        assert kit.rows(days[-1], name, *keys, as_of=moment) == said
        assert query.count(days[-1], name, as_of=moment) == len(said)


@pytest.mark.parametrize("name", DATED)
def test_nothing_was_there_before_the_first_import(name: str, days: list[Path], kit: Any) -> None:
    assert query.count(days[-1], name, as_of=kit.start - timedelta(days=1)) == 0


def test_what_is_not_known_of_the_past_is_empty(days: list[Path], kit: Any) -> None:
    for name, keys in VAGUE.items():
        for row in kit.rows(
            days[-1],
            name,
            *sorted(keys),
            "user_principal_name" if name == "users" else LISTINGS[name].keys[0],
            as_of=kit.start,
        ):
            unknown = {key: value for key, value in row.items() if key in keys - {"last_activity_date"}}
            assert set(unknown.values()) <= {None}


def test_filters_search_and_columns_look_at_the_past(days: list[Path], kit: Any) -> None:
    then = {"as_of": kit.start + timedelta(hours=1)}
    assert kit.rows(days[-1], "users", "id", filters=["department=Sales"], **then) == ["id-1"]
    assert kit.rows(days[-1], "users", "id", filters=["department=Sales"]) == []
    assert kit.rows(days[-1], "users", "id", search="day 0", **then) == ["id-3"]
    assert kit.rows(days[-1], "users", "id", filters=["licenses=VISIOCLIENT"], **then) == ["id-3"]


def test_activity_of_the_same_month_that_was_replaced_is_not_made_up(make: Any, kit: Any) -> None:
    who = "user1@contoso.example"
    users = [kit.user(1)]
    for day, seen in enumerate(("2026-08-02", "2026-08-20")):
        make.days = 4 + 20 * day
        refresh = kit.refresh + timedelta(days=make.days)
        last = make.version(
            users,
            emailActivity=kit.activity({who: seen}, refresh),
            activeUsers=kit.active_users({who: seen}, refresh),
        )
    then = kit.start + timedelta(days=5)
    [row] = kit.rows(last, "usage", "last_activity_date", "active_since", as_of=then)
    assert row["last_activity_date"] is None
    assert str(row["active_since"]) == "2026-08-01"
    [user] = kit.rows(last, "users", "last_activity_date", "activity", as_of=then)
    assert user == {"last_activity_date": None, "activity": "active"}
