"""One user: as of now and of then, through deletion, and with every change that was seen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from seatbeacon.inventory.details.person import person


def test_a_user_is_told_with_licenses_plans_and_activity(kit: Any, make: Any) -> None:
    version = make.version(
        [
            kit.user(
                1,
                displayName="Ana <b>",
                department="Sales",
                assignedLicenses=[{"skuId": kit.e3, "disabledPlans": [kit.teams_plan]}],
                licenseAssignmentStates=[
                    kit.state(kit.e3, disabledPlans=[kit.teams_plan]),
                    kit.state(kit.e3, "g-1", state="Error", error="CountViolation"),
                ],
            )
        ],
        subscribedSkus=[
            kit.sku(servicePlans=[{"servicePlanId": kit.teams_plan, "servicePlanName": "TEAMS1"}])
        ],
        groups=[{"id": "g-1", "displayName": "All of sales", "assignedLicenses": [{"skuId": kit.e3}]}],
    )
    told = person(version, "id-1")
    assert told is not None
    assert (told.name, told.gone, told.attributes["department"]) == ("Ana <b>", False, "Sales")
    assert told.first_seen == kit.start
    [held] = told.held
    assert held.counted
    assert {(way.source, way.group_name, way.state, way.error) for way in held.ways} == {
        ("direct", None, "Active", None),
        ("group", "All of sales", "Error", "CountViolation"),
    }
    assert {plan.id: plan.on for plan in held.plans}[kit.teams_plan] is False
    assert held.off == 1
    assert [event.kind for event in told.events] == ["first seen"]


def test_the_timeline_tells_every_change_and_as_of_tells_what_was(kit: Any, make: Any) -> None:
    days: list[dict[str, Any] | None] = [
        {"department": "Sales", **kit.holding(kit.e3)},
        {"department": "Legal", **kit.holding(kit.e3, kit.visio)},
        {"department": "Legal", **kit.holding(kit.visio)},
        None,
        {"department": "Legal"},
        None,
    ]
    for fields in days:
        others = [kit.user(n) for n in range(10, 20)]
        version = make.version(others + ([kit.user(1, **fields)] if fields else []))
    told = person(version, "id-1")
    assert told is not None
    assert told.gone
    assert told.last_seen == kit.start + timedelta(days=5)
    kinds = [(event.at, event.kind, event.key) for event in reversed(told.events)]
    at = [kit.start + timedelta(days=day) for day in range(6)]
    assert kinds == [
        (at[0], "first seen", ""),
        (at[1], "changed", "department"),
        (at[1], "gained", kit.visio),
        (at[2], "lost", kit.e3),
        (at[3], "lost", kit.visio),
        (at[3], "left", ""),
        (at[4], "came back", ""),
        (at[5], "left", ""),
    ]
    change = next(event for event in told.events if event.kind == "changed")
    assert (change.before, change.after) == ("Sales", "Legal")
    for day, fields in enumerate(days):
        then = person(version, "id-1", kit.start + timedelta(days=day, hours=1))
        assert then is not None
        assert then.gone == (fields is None)
        if fields:
            held = {one["skuId"] for one in fields.get("assignedLicenses", [])}
            assert {one.sku_id for one in then.held} == held
            assert then.attributes["department"] == fields["department"]


def test_a_second_way_to_a_product_is_no_gain(kit: Any, make: Any) -> None:
    for ways in ([None], [None, "g-1"], ["g-1"]):
        version = make.version(
            [
                kit.user(
                    1,
                    assignedLicenses=[{"skuId": kit.e3, "disabledPlans": []}],
                    licenseAssignmentStates=[kit.state(kit.e3, by) for by in ways],
                )
            ]
        )
    told = person(version, "id-1")
    assert told is not None
    assert [event.kind for event in told.events] == ["first seen"]


@pytest.mark.parametrize("user_id", ["nobody", "", "id-1'; DROP TABLE users", "x" * 10_000])
def test_nobody_is_none(kit: Any, make: Any, user_id: str) -> None:
    assert person(make.version([kit.user(1)]), user_id) is None
