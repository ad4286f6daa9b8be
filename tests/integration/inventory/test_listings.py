from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seatbeacon.inventory import query
from seatbeacon.inventory.describe import describe
from seatbeacon.inventory.listings import LISTINGS


@pytest.fixture(scope="module")
def version(kit: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    users = [
        kit.user(1, department="Sales", createdDateTime="2026-01-01T10:00:00Z", **kit.holding(kit.e3)),
        kit.user(2, department="sales", displayName="100% _weird_", **kit.holding(kit.e3, kit.visio)),
        kit.user(3, department=None, accountEnabled=False),
        kit.user(4, department="Łódź", userType="Guest"),
    ]
    report = kit.activity({"user1@contoso.example": "2026-07-01", "user2@contoso.example": "2026-07-02"})
    made = kit.maker(tmp_path_factory.mktemp("listings"))
    return Path(made.version(users, skus=[kit.sku()], emailActivity=report))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("department=SALES", [1, 2]),
        ("department!=Sales", [3, 4]),
        ("department=null", [3]),
        ("department!=null", [1, 2, 4]),
        ("department~ŁÓD", [4]),
        ("display_name~% _", [2]),
        ("display_name~%1", []),
        ("account_enabled=no", [3]),
        ("license_count>=1", [1, 2]),
        ("license_count=0", [3, 4]),
        ("licenses=enterprisepack", [1, 2]),
        ("licenses!=VISIOCLIENT", [1, 3, 4]),
        ("licenses~visio", [2]),
        ("licenses=null", [3, 4]),
        ("licenses!=null", [1, 2]),
        ("last_activity_date>2026-07-01", [2]),
        ("last_activity_date<=2026-07-01", [1]),
        ("created_at=2026-01-01", [1]),
        ("created_at>2026-01-01T09:00:00+00:00", [1]),
        ("user_type=guest", [4]),
    ],
)
def test_filters_choose_rows(version: Path, kit: Any, text: str, expected: list[int]) -> None:
    assert kit.rows(version, "users", "id", filters=[text], sort=["id"]) == [f"id-{n}" for n in expected]
    assert query.count(version, "users", filters=[query.parse_filter(text)]) == len(expected)


def test_a_search_needs_all_its_words_in_any_column(version: Path, kit: Any) -> None:
    assert kit.rows(version, "users", "id", search="SALES user2@") == ["id-2"]
    assert kit.rows(version, "users", "id", search="łódź") == ["id-4"]
    assert kit.rows(version, "users", "id", search="  ") == ["id-1", "id-2", "id-3", "id-4"]


def test_rows_without_a_value_come_last_both_ways(version: Path, kit: Any) -> None:
    assert kit.rows(version, "users", "id", sort=["last_activity_date"])[-2:] == ["id-3", "id-4"]
    assert kit.rows(version, "users", "id", sort=["-last_activity_date"]) == ["id-2", "id-1", "id-3", "id-4"]


def test_pages_do_not_overlap(version: Path, kit: Any) -> None:
    pages = [kit.rows(version, "users", "id", sort=["account_enabled"], limit=1, offset=n) for n in range(5)]
    assert sorted(row for page in pages for row in page) == ["id-1", "id-2", "id-3", "id-4"]
    assert kit.rows(version, "users", "id", limit=0) == []


@pytest.mark.parametrize("name", ["users", "licenses", "assignments", "applications", "usage"])
def test_every_column_of_every_listing_can_be_shown_filtered_and_sorted(version: Path, name: str) -> None:
    listing = LISTINGS[name]
    keys = [column.key for column in listing.columns]
    assert len(list(query.run(version, name, columns=keys, search="a").rows)) >= 0
    assert query.run(version, listing).columns == tuple(c for c in listing.columns if c.default_visible)
    for key in keys:
        found = query.run(
            version, name, filters=[query.parse_filter(f"{key}!=null")], sort=[f"-{key}"], limit=3
        )
        assert len(list(found.rows)) <= 3


def test_a_version_describes_itself(version: Path) -> None:
    told = describe(version)
    assert told.tenant_name == "Contoso"
    assert told.counts["users"] == 4
    assert told.imported_at == datetime(2026, 7, 31, 2, tzinfo=UTC)
    states = {state.dataset: state for state in told.datasets}
    assert (states["emailActivity"].matched, states["emailActivity"].unmatched) == (2, 0)
    assert states["users"].rows == 4
