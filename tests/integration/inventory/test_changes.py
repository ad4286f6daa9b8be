"""What changed between any two imports is what a comparison of both says, whatever happened in between."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatbeacon.inventory.changes.between import (
    changed_assignments,
    changed_users,
    changes_between,
    imports_of,
)

_SLOW = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
Person = tuple[str | None, frozenset[str], bool]

_people = st.dictionaries(
    st.integers(0, 4),
    st.tuples(
        st.sampled_from(["Sales", "Legal", None]),
        st.frozensets(st.sampled_from(("e3", "visio"))),
        st.booleans(),
    ),
    max_size=5,
)


def users(kit: Any, people: dict[int, Person]) -> list[dict[str, Any]]:
    made = []
    for number, (department, products, by_group) in people.items():
        skus = [getattr(kit, product) for product in sorted(products)]
        states = [kit.state(sku, "g-1" if by_group else None) for sku in skus]
        held = [{"skuId": sku, "disabledPlans": []} for sku in skus]
        made.append(
            kit.user(number, department=department, assignedLicenses=held, licenseAssignmentStates=states)
        )
    return made


def held(kit: Any, people: dict[int, Person]) -> set[tuple[str, str]]:
    return {
        (f"id-{n}", getattr(kit, product)) for n, (_, products, _) in people.items() for product in products
    }


@pytest.mark.slow
@_SLOW
@given(days=st.lists(_people, min_size=2, max_size=4))
def test_gained_and_lost_are_the_differences_of_two_days(kit: Any, days: list[dict[int, Person]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        make = kit.maker(Path(folder))
        for people in days:
            version = make.version(users(kit, people))
        times = [one.at for one in reversed(imports_of(version))]
        assert len(times) == len(days)
        for start in range(len(days)):
            for end in range(start, len(days)):
                span = (times[start], times[end])
                before, after = days[start], days[end]
                told = changes_between(version, *span)
                gained, lost = held(kit, after) - held(kit, before), held(kit, before) - held(kit, after)
                assert (told.gained, told.lost) == (len(gained), len(lost))
                assert sum(one.gained for one in told.departments) == len(gained)
                for kind, expected in (("gained", gained), ("lost", lost)):
                    rows = changed_assignments(version, *span, kind, limit=100)  # type: ignore[arg-type]
                    assert rows.total == len(expected)
                    assert {(row.user_id, row.sku_id) for row in rows.rows} == expected
                joined = {f"id-{n}" for n in after.keys() - before.keys()}
                left = {f"id-{n}" for n in before.keys() - after.keys()}
                moved = {f"id-{n}" for n in before.keys() & after.keys() if before[n][0] != after[n][0]}
                assert told.users == {"joined": len(joined), "left": len(left), "changed": len(moved)}
                for user_kind, ids in (("joined", joined), ("left", left), ("changed", moved)):
                    found = changed_users(version, *span, user_kind, limit=100)  # type: ignore[arg-type]
                    assert {row.id for row in found.rows} == ids
                    if user_kind == "changed":
                        assert {row.changed for row in found.rows} <= {("department",)}


def test_rows_come_in_pages_and_by_product_and_department(kit: Any, make: Any) -> None:
    make.version([kit.user(n, department="Sales") for n in range(6)])
    version = make.version(
        [kit.user(n, department="Sales" if n < 4 else None, **kit.holding(kit.e3)) for n in range(5)]
        + [kit.user(5, department="Sales", **kit.holding(kit.e3, kit.visio))]
    )
    newest, before = imports_of(version)
    span = (before.at, newest.at)
    told = changes_between(version, *span)
    assert [(one.key, one.gained) for one in told.products] == [(kit.e3, 6), (kit.visio, 1)]
    assert [(one.key, one.gained, one.net) for one in told.departments] == [("Sales", 6, 6), (None, 1, 1)]
    pages = [changed_assignments(version, *span, "gained", limit=4, offset=at) for at in (0, 4, 8)]
    assert [len(page.rows) for page in pages] == [4, 3, 0]
    assert len({(row.user_id, row.sku_id) for page in pages for row in page.rows}) == 7
    assert changed_assignments(version, *span, "gained", limit=9, sku_id=kit.visio).total == 1
    nobody = changed_assignments(version, *span, "gained", limit=9, by_department=True, department=None)
    assert [row.user_id for row in nobody.rows] == ["id-4"]


def test_another_number_of_seats_is_told(kit: Any, make: Any) -> None:
    make.version([kit.user(1)], subscribedSkus=[kit.sku(prepaidUnits={"enabled": 10})])
    version = make.version(
        [kit.user(1)],
        subscribedSkus=[kit.sku(prepaidUnits={"enabled": 25}), kit.sku(kit.visio, "VISIOCLIENT")],
    )
    newest, before = imports_of(version)
    bought = changes_between(version, before.at, newest.at).licenses
    assert (kit.e3, 10, 25, 15) in [(one.sku_id, one.before, one.after, one.difference) for one in bought]
    assert kit.visio in [one.sku_id for one in bought if one.before is None]
    assert changes_between(version, newest.at, newest.at + timedelta(days=1)).licenses == ()
