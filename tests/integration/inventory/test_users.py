from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from seatbeacon.inventory.errors import BadPackageData
from seatbeacon.inventory.importer import import_package


def test_every_field_of_a_user_arrives(make: Any, kit: Any) -> None:
    version = make.version(
        [
            kit.user(
                1,
                givenName="Zoë",
                surname="Łoś",
                mail="zoe@contoso.example",
                otherMails=["z@home.example"],
                department="R&D, West",
                createdDateTime="2023-01-02T03:04:05.1234567Z",
                manager={"id": "id-9", "displayName": "Boss", "userPrincipalName": "boss@contoso.example"},
                onPremisesSyncEnabled=None,
                **kit.holding(kit.e3),
            )
        ],
        skus=[kit.sku()],
    )
    [row] = kit.rows(
        version,
        "users",
        *("id", "given_name", "surname", "other_mails", "department", "created_at", "manager_name"),
        *("licenses", "license_count", "account_enabled", "last_activity_date"),
    )
    assert row == {
        "id": "id-1",
        "given_name": "Zoë",
        "surname": "Łoś",
        "other_mails": ["z@home.example"],
        "department": "R&D, West",
        "created_at": datetime(2023, 1, 2, 3, 4, 5, 123456),  # noqa: DTZ001 - naive UTC is what a version holds
        "manager_name": "Boss",
        "licenses": ["ENTERPRISEPACK"],
        "license_count": 1,
        "account_enabled": True,
        "last_activity_date": None,
    }


def test_the_last_line_for_an_id_counts(make: Any, kit: Any) -> None:
    lines = [kit.user(n, department="old") for n in range(50)]
    lines += [kit.user(7, department="middle"), kit.user(7, department="new"), kit.user(8, department="old")]
    version = make.version(lines)
    assert kit.rows(version, "users", "department", filters=["id=id-7"]) == ["new"]
    assert len(kit.rows(version, "users", "id")) == 50
    again = make.version([kit.user(7, department="newest"), *lines])
    assert kit.rows(again, "users", "department", filters=["id=id-7"]) == ["new"]
    assert make.results[-1].users.changed == 0
    assert len(kit.sql(again, "FROM people")) == 50


def test_an_old_line_that_comes_last_wins_over_a_new_one(make: Any, kit: Any) -> None:
    make.version([kit.user(1, department="a"), kit.user(2)])
    version = make.version([kit.user(1, department="b"), kit.user(2), kit.user(1, department="a")])
    assert kit.rows(version, "users", "department", filters=["id=id-1"]) == ["a"]
    version = make.version([kit.user(1, department="a"), kit.user(2), kit.user(1, department="b")])
    assert kit.rows(version, "users", "department", filters=["id=id-1"]) == ["b"]


def test_a_change_moves_the_old_row_to_history(make: Any, kit: Any) -> None:
    make.version([kit.user(1, department="Sales"), kit.user(2), kit.user(3)])
    version = make.version([kit.user(1, department="Legal"), kit.user(2), kit.user(4)])
    counts = make.results[-1].users
    assert (counts.total, counts.added, counts.removed, counts.changed) == (3, 1, 1, 1)
    first, second = (kit.start + timedelta(days=n) for n in range(2))
    past = kit.sql(
        version,
        "SELECT id, department FROM users_as_of(?::TIMESTAMP) ORDER BY id",
        first.replace(tzinfo=None),
    )
    assert past == [("id-1", "Sales"), ("id-2", None), ("id-3", None)]
    now = kit.sql(
        version,
        "SELECT id, department FROM users_as_of(?::TIMESTAMP) ORDER BY id",
        second.replace(tzinfo=None),
    )
    assert now == [("id-1", "Legal"), ("id-2", None), ("id-4", None)]
    before = (first - timedelta(days=1)).replace(tzinfo=None)
    assert kit.sql(version, "FROM users_as_of(?::TIMESTAMP)", before) == []


def test_someone_who_comes_back_keeps_their_number(make: Any, kit: Any) -> None:
    users = [kit.user(n) for n in range(10)]
    make.version(users)
    make.version(users[1:])
    version = make.version(users)
    assert len(kit.sql(version, "FROM people")) == 10
    assert len(kit.sql(version, "FROM users_history")) == 1


def test_properties_in_another_order_are_no_change(make: Any, kit: Any) -> None:
    one = kit.user(1, department="Sales", **kit.holding(kit.e3, kit.visio))
    make.version([one])
    turned = dict(reversed(one.items()))
    turned["assignedLicenses"] = one["assignedLicenses"][::-1]
    version = make.version([turned])
    assert make.results[-1].users.changed == 0
    assert make.results[-1].assignments.changed == 0
    assert kit.sql(version, "FROM users_history") == []


def test_a_line_that_is_no_json_is_told_with_its_number(make: Any, kit: Any) -> None:
    package = make.package([kit.user(1), kit.user(2), '{"id": "id-3", "displayName": "cut o', kit.user(4)])
    with pytest.raises(BadPackageData, match=r"Line 3 of users\.ndjson") as caught:
        make.take(package)
    assert caught.value.line == 3
    assert not list(make.folder.glob("v*"))


def test_a_line_without_an_id_is_told_with_its_number(make: Any, kit: Any) -> None:
    with pytest.raises(BadPackageData, match=r"Line 2 of users\.ndjson"):
        make.version([kit.user(1), '{"displayName": "nobody"}'])


def test_an_import_that_loses_many_users_is_held(make: Any, kit: Any) -> None:
    make.version([kit.user(n) for n in range(10)])
    make.version([kit.user(n) for n in range(8)])
    held = make.take(make.package([kit.user(n) for n in range(6)]))
    make.take(make.package([kit.user(1)]), hold_share=0.95)
    reasons = [result.held for result in make.results]
    assert [reason and (reason.before, reason.removed) for reason in reasons] == [None, None, (8, 2), None]
    assert held.exists()
    assert str(reasons[2]).startswith("It would remove 2 of 8 users (25%)")


def test_a_first_import_is_never_held(make: Any) -> None:
    make.version([])
    assert make.results[-1].held is None


def test_an_aware_time_is_asked_for(make: Any, kit: Any) -> None:
    package, moment = make.package([kit.user(1)]), datetime.now(UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        import_package(package, previous=None, target=make.folder / "v.duckdb", imported_at=moment)
