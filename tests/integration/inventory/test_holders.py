from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.inventory import query
from seatbeacon.inventory.filters import parse_filter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEYS = ["user_id", "sku_part_number", "sources", "groups", "assigned_at", "error", "disabled_plans"]

WAYS: list[list[str | None]] = [[None], ["g0"], ["g1", None], ["g0", "g1"], [None, "g1", "g9"]]


@pytest.fixture(scope="module")
def version(kit: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Users who hold a product directly, through a group, or in several ways at once."""
    days = {None: "2026-01-03T00:00:00Z", "g0": "2026-01-02T00:00:00Z", "g1": "2026-01-01T00:00:00Z"}

    def came(n: int) -> dict[str, Any]:
        groups = WAYS[n % len(WAYS)]
        states = [
            kit.state(kit.e3, group, lastUpdatedDateTime=days.get(group), disabled=[kit.teams_plan] * (n % 2))
            for group in groups
        ]
        failed = kit.state(kit.visio, "g0", state="Error", error="CountViolation")
        held: dict[str, Any] = kit.holding(kit.e3, disabled=[kit.teams_plan] * (n % 2))
        return held | {"licenseAssignmentStates": [*states, failed]}

    made = kit.maker(tmp_path_factory.mktemp("holders"))
    found: Path = made.version(
        [kit.user(n, **came(n)) for n in range(15)],
        skus=[kit.sku(), kit.sku(kit.visio, "VISIOCLIENT")],
        groups=[{"id": f"g{n}", "displayName": f"Group {n}"} for n in range(2)],
    )
    return found


def rows(version: Path, **asked: Any) -> list[tuple[Any, ...]]:
    return list(query.run(version, "holders", columns=KEYS, **asked).rows)


@pytest.mark.parametrize("key", ["sources", "groups", "assigned_at", "error"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_an_order_by_the_way_tells_the_same_holders(version: Path, key: str, sign: str) -> None:
    by_user = rows(version, sort=["user_id"])
    assert len(by_user) == 15
    place = KEYS.index(key)
    known = sorted((row for row in by_user if row[place] is not None), key=lambda row: row[place])
    ordered = rows(version, sort=[sign + key, "user_id"])
    assert sorted(ordered) == sorted(by_user)
    values = [row[place] for row in known]
    assert [row[place] for row in ordered if row[place] is not None] == (values[::-1] if sign else values)
    first = query.run(version, "holders", columns=KEYS, sort=[sign + key, "user_id"], limit=4)
    second = query.run(
        version, "holders", columns=KEYS, sort=[sign + key, "user_id"], limit=50, after=first.next
    )
    assert [*first.rows, *second.rows] == ordered


@pytest.mark.parametrize(
    "asked", ["sources=group", "groups=Group 1", "groups=null", "assigned_at<2026-01-02"]
)
def test_a_filter_by_the_way_finds_the_same_holders(version: Path, asked: str) -> None:
    filter_ = parse_filter(asked)
    place = KEYS.index(filter_.key)
    holds: dict[str, Callable[[Any], bool]] = {
        "sources": lambda value: "group" in value,
        "groups": lambda value: value is None if filter_.value is None else "Group 1" in (value or ()),
        "assigned_at": lambda value: value.day == 1,
    }
    expected = [row for row in rows(version, sort=["user_id"]) if holds[filter_.key](row[place])]
    assert 0 < len(expected) < 15
    assert rows(version, filters=[filter_], sort=["user_id"]) == expected
    assert query.count(version, "holders", filters=[filter_]) == len(expected)
    counted = query.group(version, "holders", "sku_part_number", filters=[filter_])
    assert [(group.value, group.count, group.users) for group in counted] == [
        ("ENTERPRISEPACK", len(expected), len(expected))
    ]


def test_holders_are_grouped_by_the_way(version: Path) -> None:
    found = {group.value: group.count for group in query.group(version, "holders", "groups")}
    assert found == {None: 3, "Group 0": 6, "Group 1": 9, "g9": 3}
