from __future__ import annotations

from datetime import date, timedelta
from typing import Any

UNKNOWN = "11111111-2222-4333-8444-555555555555"


def test_each_way_a_product_came_is_an_assignment_and_the_user_counts_once(make: Any, kit: Any) -> None:
    both = kit.user(
        1,
        assignedLicenses=[{"skuId": kit.e3, "disabledPlans": []}],
        licenseAssignmentStates=[kit.state(kit.e3), kit.state(kit.e3, "g-1"), kit.state(kit.e3, "g-2")],
    )
    version = make.version([both], skus=[kit.sku()], groups=[{"id": "g-1", "displayName": "Sales staff"}])
    found = kit.rows(version, "assignments", "source", "group_id", "group_name", "counted", sort=["group_id"])
    assert [tuple(row.values()) for row in found] == [
        ("group", "g-1", "Sales staff", True),
        ("group", "g-2", None, True),
        ("direct", None, None, True),
    ]
    assert kit.rows(version, "licenses", "assigned") == [1]


def test_an_assignment_in_error_is_listed_and_not_counted(make: Any, kit: Any) -> None:
    failed = kit.user(
        1, licenseAssignmentStates=[kit.state(kit.e3, "g", state="Error", error="CountViolation")]
    )
    version = make.version([failed], skus=[kit.sku()])
    [row] = kit.rows(version, "assignments", "state", "error", "counted")
    assert tuple(row.values()) == ("Error", "CountViolation", False)
    assert kit.rows(version, "licenses", "assigned", "available") == [{"assigned": 0, "available": 10}]
    assert kit.rows(version, "users", "licenses", "license_count") == [{"licenses": [], "license_count": 0}]


def test_a_product_without_a_state_came_from_unknown(make: Any, kit: Any) -> None:
    held = [{"skuId": kit.e3, "disabledPlans": [kit.teams_plan]}]
    version = make.version(
        [kit.user(1, assignedLicenses=held, licenseAssignmentStates=None)], skus=[kit.sku()]
    )
    [row] = kit.rows(version, "assignments", "source", "state", "disabled_plans", "counted")
    assert tuple(row.values()) == ("unknown", None, [kit.teams_plan], True)


def test_a_license_carries_its_units_status_and_name(make: Any, kit: Any) -> None:
    version = make.version([kit.user(n, **kit.holding(kit.e3)) for n in range(12)], skus=[kit.sku()])
    [row] = kit.rows(
        version,
        "licenses",
        *(
            "product_name",
            "purchased",
            "assigned",
            "available",
            "warning",
            "suspended",
            "locked_out",
            "status",
        ),
    )
    assert tuple(row.values()) == ("Office 365 E3", 10, 12, -2, 1, 2, 3, "Enabled")


def test_a_product_nobody_bought_but_somebody_holds_is_a_license(make: Any, kit: Any) -> None:
    version = make.version([kit.user(1, **kit.holding(kit.visio, UNKNOWN))], skus=[kit.sku()])
    found = {row["sku_part_number"]: row for row in kit.rows(version, "licenses")}
    assert found["VISIOCLIENT"]["purchased"] == 0
    assert found["VISIOCLIENT"]["assigned"] == 1
    assert found["VISIOCLIENT"]["product_name"] == "Visio Plan 2"
    assert found[UNKNOWN]["product_name"] == UNKNOWN
    assert any(UNKNOWN in note for note in make.results[-1].notes)


def test_a_company_wide_product_is_listed_too(make: Any, kit: Any) -> None:
    version = make.version([], skus=[kit.sku(appliesTo="Company")])
    assert kit.rows(version, "licenses", "applies_to") == ["Company"]


def test_the_renewal_is_the_earliest_of_living_subscriptions(make: Any, kit: Any) -> None:
    def subscription(name: str, status: str, ends: str | None) -> dict[str, Any]:
        return {"id": name, "skuId": kit.e3, "status": status, "nextLifecycleDateTime": ends}

    version = make.version(
        [],
        skus=[kit.sku()],
        subscriptions=[
            subscription("a", "Enabled", "2027-03-01T00:00:00Z"),
            subscription("b", "Warning", "2027-02-01T00:00:00Z"),
            subscription("c", "Suspended", "2026-09-01T00:00:00Z"),
            subscription("d", "Enabled", None),
        ],
    )
    assert kit.rows(version, "licenses", "renewal_date") == [date(2027, 2, 1)]


def test_activity_of_holders_adds_up_to_assigned(make: Any, kit: Any) -> None:
    users = [kit.user(n, **kit.holding(kit.e3)) for n in range(5)]
    last = kit.refresh - timedelta(days=89)
    too_old = kit.refresh - timedelta(days=90)
    report = kit.active_users(
        {"USER0@contoso.example": f"{kit.refresh}", "user1@contoso.example": f"{last}",
         "user2@contoso.example": f"{too_old}", "user3@contoso.example": ""}
    )  # fmt: skip
    version = make.version(users, skus=[kit.sku()], activeUsers=report)
    assert kit.rows(version, "licenses", "assigned", "active_90", "inactive_90", "never_active") == [
        {"assigned": 5, "active_90": 2, "inactive_90": 1, "never_active": 2}
    ]


def test_without_the_active_users_report_activity_is_unknown(make: Any, kit: Any) -> None:
    version = make.version([kit.user(1, **kit.holding(kit.e3))], skus=[kit.sku()])
    assert kit.rows(version, "licenses", "active_90", "inactive_90", "never_active") == [
        {"active_90": None, "inactive_90": None, "never_active": None}
    ]


def test_past_licenses_and_assignments_can_be_asked_for(make: Any, kit: Any) -> None:
    make.version([kit.user(1, **kit.holding(kit.e3))], skus=[kit.sku()])
    version = make.version(
        [kit.user(1, **kit.holding(kit.visio))], skus=[kit.sku(prepaidUnits={"enabled": 99})]
    )
    first, second = (kit.start.replace(tzinfo=None) + timedelta(days=n) for n in range(2))
    assert kit.sql(version, "SELECT sku_id FROM assignments_as_of(?::TIMESTAMP)", first) == [(kit.e3,)]
    assert kit.sql(version, "SELECT sku_id FROM assignments_as_of(?::TIMESTAMP)", second) == [(kit.visio,)]
    assert kit.sql(version, "SELECT purchased FROM licenses_as_of(?::TIMESTAMP)", first) == [(10,)]
    assert kit.sql(version, "SELECT purchased FROM licenses_as_of(?::TIMESTAMP)", second) == [(99,)]


def test_daily_counts_are_kept_for_each_day(make: Any, kit: Any) -> None:
    make.version([kit.user(1, **kit.holding(kit.e3))], skus=[kit.sku()])
    version = make.version([kit.user(n, **kit.holding(kit.e3)) for n in (1, 2)], skus=[kit.sku()])
    counted = kit.sql(version, "SELECT date, value FROM daily_counts WHERE name = 'assigned' ORDER BY date")
    assert [value for _day, value in counted] == [1, 2]
    assert make.results[-1].measures["seats_assigned"] == 2
