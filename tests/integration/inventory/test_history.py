from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

_SLOW = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
_PRODUCTS = ("e3", "visio")

_people = st.dictionaries(
    st.integers(0, 4),
    st.tuples(st.sampled_from(["Sales", "Legal", None]), st.sets(st.sampled_from(_PRODUCTS)), st.booleans()),
    max_size=5,
)


def _users(kit: Any, people: dict[int, tuple[str | None, set[str], bool]]) -> list[dict[str, Any]]:
    made = []
    for number, (department, products, by_group) in people.items():
        skus = [getattr(kit, product) for product in sorted(products)]
        states = [kit.state(sku, "g-1" if by_group else None) for sku in skus]
        held = [{"skuId": sku, "disabledPlans": []} for sku in skus]
        made.append(
            kit.user(number, department=department, assignedLicenses=held, licenseAssignmentStates=states)
        )
    return made


@pytest.mark.slow
@_SLOW
@given(days=st.lists(_people, min_size=1, max_size=4))
def test_every_past_state_can_be_told(
    kit: Any, days: list[dict[int, tuple[str | None, set[str], bool]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        make = kit.maker(Path(folder))
        for people in days:
            version = make.version(_users(kit, people))
        for day, people in enumerate(days):
            moment = (kit.start + timedelta(days=day, hours=1)).replace(tzinfo=None)
            told = kit.sql(
                version, "SELECT id, department FROM users_as_of(?::TIMESTAMP) ORDER BY id", moment
            )
            assert told == [(f"id-{n}", people[n][0]) for n in sorted(people)]
            told = kit.sql(
                version,
                "SELECT user_id, sku_id, source FROM assignments_as_of(?::TIMESTAMP) ORDER BY ALL",
                moment,
            )
            assert told == sorted(
                (f"id-{n}", getattr(kit, product), "group" if by_group else "direct")
                for n, (_department, products, by_group) in people.items()
                for product in products
            )


@pytest.mark.slow
@_SLOW
@given(
    days=st.lists(_people, min_size=1, max_size=3),
    seen=st.dictionaries(st.integers(0, 6), st.integers(0, 200)),
)
def test_importing_a_package_again_changes_nothing(
    kit: Any, days: list[dict[int, tuple[str | None, set[str], bool]]], seen: dict[int, int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        make = kit.maker(Path(folder))
        report = kit.activity(
            {f"user{n}@contoso.example": f"{kit.refresh - timedelta(days=back)}" for n, back in seen.items()}
        )
        for people in days:
            package = make.package(_users(kit, people), skus=[kit.sku()], emailActivity=report)
            once = make.take(package)
        twice = make.take(package)
        assert kit.contents(twice) == kit.contents(once)


def test_a_whole_package_imported_again_changes_nothing(make: Any, kit: Any) -> None:
    who = "user1@contoso.example"
    package = make.package(
        [kit.user(n, **kit.holding(kit.e3)) for n in range(5)],
        skus=[kit.sku(), kit.sku(kit.visio, "VISIOCLIENT")],
        subscriptions=[{"id": "s", "skuId": kit.e3, "status": "Enabled"}],
        groups=[{"id": "g", "displayName": "Group", "groupTypes": ["b", "a"]}],
        servicePrincipals=[{"id": "sp", "displayName": "App", "tags": ["z", "y"]}],
        appRoleAssignedTo=[{"id": "a", "resourceId": "sp", "principalId": "id-1", "principalType": "User"}],
        signInActivity=[{"id": "id-1", "signInActivity": {"lastSignInDateTime": "2026-07-01T08:00:00Z"}}],
        activeUsers=kit.active_users({who: f"{kit.refresh}"}),
        appUsageD7=kit.app_usage(7, {who: "Word,Word (Windows)"}),
        copilotUsage=kit.activity({who: f"{kit.refresh}"}),
    )
    once = make.take(package)
    twice = make.take(package)
    assert kit.contents(twice) == kit.contents(once)
    assert len(kit.sql(twice, "FROM imports")) == 2
    counts = (make.results[-1].users, make.results[-1].assignments, make.results[-1].licenses)
    assert [(each.added, each.removed, each.changed) for each in counts] == [(0, 0, 0)] * 3


def test_reading_every_line_anew_makes_no_history(make: Any, kit: Any, monkeypatch: Any) -> None:
    package = make.package([kit.user(n, **kit.holding(kit.e3)) for n in range(5)])
    once = make.take(package)
    monkeypatch.setattr("seatbeacon.inventory.importer.DECODER_VERSION", 99)
    twice = make.take(package)
    assert kit.contents(twice, without=("imports", "meta")) == kit.contents(once, without=("imports", "meta"))


def test_a_published_fault_leaves_no_trace_once_the_data_is_whole_again(make: Any, kit: Any) -> None:
    report = kit.activity({f"user{n}@contoso.example": f"{kit.refresh}" for n in range(10)})
    users = [kit.user(n, **kit.holding(kit.e3)) for n in range(10)]
    listings = ("users", "licenses", "assignments", "applications", "usage")
    whole = make.version(users, skus=[kit.sku()], emailActivity=report)
    before = {name: kit.rows(whole, name) for name in listings}
    make.version(users[:9], skus=[kit.sku()], emailActivity=report)
    again = make.version(users, skus=[kit.sku()], emailActivity=report)
    assert {name: kit.rows(again, name) for name in listings} == before


def test_what_comes_unchanged_a_day_later_is_as_new_as_that(make: Any, kit: Any) -> None:
    same = {
        "servicePrincipals": [{"id": "sp", "displayName": "App"}],
        "appRoleAssignedTo": [
            {"id": "a", "resourceId": "sp", "principalId": "id-1", "principalType": "User"}
        ],
        "signInActivity": [{"id": "id-1", "signInActivity": {"lastSignInDateTime": "2026-07-01T08:00:00Z"}}],
        "emailActivity": kit.activity({"user1@contoso.example": f"{kit.refresh}"}),
    }
    first = make.version([kit.user(1)], skus=[kit.sku()], **same)
    later = make.version([kit.user(1)], skus=[kit.sku()], **same)
    asked = "SELECT dataset, collected_at, refresh_date FROM dataset_state"
    before = {name: (at, refresh) for name, at, refresh in kit.sql(first, asked)}
    after = {name: (at, refresh) for name, at, refresh in kit.sql(later, asked)}
    assert {name for name, (at, _) in after.items() if at == before[name][0] + timedelta(days=1)} == set(
        before
    )
    assert {name: refresh for name, (_, refresh) in after.items()} == {
        name: refresh for name, (_, refresh) in before.items()
    }
