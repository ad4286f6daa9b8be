"""Whom an import would take out, before a person decides about it."""

from __future__ import annotations

from typing import Any

from seatbeacon.inventory.leavers import Department, Leavers, leavers_by_department


def test_those_who_are_gone_are_told_by_department_and_by_name(make: Any, kit: Any) -> None:
    everybody = [
        kit.user(1, department="Sales", **kit.holding(kit.e3, kit.visio)),
        kit.user(2, department="Sales", accountEnabled=False),
        kit.user(3, department="", displayName="100% _odd"),
        kit.user(4),
        kit.user(5, department="IT"),
        *(kit.user(number) for number in range(10, 20)),
    ]
    make.version(everybody)
    # Who left before is no part of it, and neither is who changed.
    make.version([one for one in everybody if one["id"] != "id-5"])
    stay = [kit.user(number, department="New") for number in range(10, 20)]
    version = make.take(make.package(stay))
    assert make.results[-1].held is not None

    assert leavers_by_department(version) == [Department("Sales", 2, 1), Department(None, 2, 0)]
    gone = Leavers(version)
    assert len(gone) == 4
    assert [one.id for one in gone[0:10]] == ["id-3", "id-1", "id-2", "id-4"]
    first = Leavers(version, department="Sales")[0:1][0]
    assert (first.user_principal_name, first.licenses, first.account_enabled) == (
        "User1@contoso.example",
        2,
        True,
    )
    assert [one.id for one in gone[2:4]] == ["id-2", "id-4"]


def test_they_are_searched_as_text_and_by_department(make: Any, kit: Any) -> None:
    make.version(
        [kit.user(1, department="Sales"), kit.user(2), kit.user(3, displayName="100% _odd"), kit.user(4)]
    )
    version = make.take(make.package([kit.user(4)]))
    assert [one.id for one in Leavers(version, department="")[0:9]] == ["id-3", "id-2"]
    assert [one.id for one in Leavers(version, search="% _O")[0:9]] == ["id-3"]
    assert [one.id for one in Leavers(version, search="user2@")[0:9]] == ["id-2"]
    assert len(Leavers(version, department="Sales", search="user 2")) == 0
    assert len(Leavers(version, search="' OR 1=1 --")) == 0


def test_an_import_that_takes_nobody_out_has_none(make: Any, kit: Any) -> None:
    version = make.version([kit.user(1)])
    assert leavers_by_department(version) == []
    assert len(Leavers(version)) == 0
