"""Listings over the API: each from its declaration, paged by cursor, refused in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.beacon.models import AuditEntry, WantedDay
from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.inventory.preparing import prepare as preparing
from seatbeacon.inventory.query import count, parse_filter, run
from seatbeacon.inventory.utc import aware

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.api.conftest import Api


def pages_of(api: Api, listing: str, **query: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        body = api(f"/{listing}", **query, **after).body
        rows += body["items"]
        if body["next"] is None:
            return rows
        assert len(body["items"]) == query["limit"]
        after = {"after": body["next"]}


@pytest.mark.parametrize("name", list(LISTINGS))
def test_pages_put_together_are_the_listing(reader: Api, inventory: Path, name: str) -> None:
    listing = LISTINGS[name]
    keys = [column.key for column in listing.columns]
    result = run(inventory, listing, columns=keys)
    wanted = [dict(zip(keys, map(plain, row), strict=True)) for row in aware(result)]
    assert pages_of(reader, name, limit=70) == wanted


def plain(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    text: Any = value.isoformat() if hasattr(value, "isoformat") else value
    return text.replace("+00:00", "Z") if isinstance(text, str) and hasattr(value, "hour") else text


def test_filters_search_sort_fields_and_count_go_together(reader: Api, inventory: Path) -> None:
    query: dict[str, Any] = {
        "filter": ["account_enabled=true", "license_count>=1"],
        "search": "a",
        "sort": "department,-user_principal_name",
        "fields": ["department", "user_principal_name,licenses"],
        "limit": 10,
        "count": "true",
    }
    body = reader("/users", **query).body
    assert list(body["items"][0]) == ["department", "user_principal_name", "licenses"]
    filters = [parse_filter(text) for text in query["filter"]]
    assert body["count"] == count(inventory, "users", filters=filters, search="a")
    names = [row["department"] for row in body["items"]]
    assert names == sorted(names)
    answer = reader("/users", **query)
    assert answer["Link"].startswith("</api/v1/users?filter=account_enabled%3Dtrue&filter=license_count")
    following = reader.client.get(answer["Link"].partition("<")[2].partition(">")[0]).json()
    assert following["items"][0] not in body["items"]


def test_groups_add_up(reader: Api) -> None:
    total = reader("/users", limit=1, count="true").body["count"]
    groups = reader("/users/groups", by="department", limit=1000).body["items"]
    assert sum(one["count"] for one in groups) == total
    assert groups == sorted(groups, key=lambda one: -one["count"])
    assert reader("/users/groups", by="nothing").status_code == 422


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"filter": "departmant=Sales"}, "There is no column of users 'departmant'."),
        ({"filter": "department"}, "no operator"),
        ({"fields": "mail,nothing"}, "nothing"),
        ({"sort": "nothing"}, "nothing"),
        ({"limit": "0"}, "limit"),
        ({"limit": "1001"}, "limit"),
        ({"after": "nonsense"}, ""),
        ({"as_of": "yesterday"}, "'yesterday' is no date."),
        ({"feilds": "mail"}, "There is no parameter 'feilds'."),
        ({"search": "x" * 3000}, "search"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(reader: Api, query: dict[str, str], told: str) -> None:
    answer = reader("/users", **query)
    assert answer.status_code == 422
    assert told in answer.body["detail"] + str(answer.body.get("errors", ""))


def test_another_tenant_is_not_found_and_the_only_one_need_not_be_named(reader: Api) -> None:
    answer = reader("/users", tenant="Fabrikam")
    assert answer.status_code == 404
    assert "There is no inventory of a tenant “Fabrikam”" in answer.body["detail"]
    known = reader("/tenants").body["items"][0]
    assert reader("/users", tenant=known["name"], limit=1).body["tenant"] == known["id"]


def test_a_listing_is_told_as_of_a_day(reader: Api) -> None:
    now = reader("/users", limit=1, count="true").body["count"]
    day = reader("/tenants").body["items"][0]["current"]["published_at"][:10]
    assert reader("/users", limit=1, count="true", as_of=day).body["count"] == now
    assert reader("/users", limit=1, count="true", as_of="2020-01-01").body["items"] == []


def test_who_asks_for_a_day_of_a_large_tenant_has_it_put_together(
    reader: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "SMALL", 0)
    today = datetime.now(UTC).date()
    assert reader("/users", limit=1, as_of=str(today)).body["items"]
    assert [wish.day for wish in WantedDay.objects.all()] == [today]


def test_recommendations_are_paged_grouped_and_refused_for_a_day_gone_by(reader: Api) -> None:
    body = reader("/recommendations", limit=3, count="true", fields="rule,user_id,yearly_saving").body
    assert list(body["items"][0]) == ["rule", "user_id", "yearly_saving"]
    assert body["count"] > 3
    groups = reader("/recommendations/groups", by="rule").body["items"]
    assert sum(one["count"] for one in groups) == body["count"]
    assert reader("/recommendations", as_of="2026-03-01").body["remedy"].startswith("Ask without a date")


def test_an_export_is_audited_with_the_token_and_what_was_asked_for(reader: Api) -> None:
    answer = reader.client.get("/api/v1/users/export?filter=department%3DSales&fields=id&format=csv")
    assert answer["Content-Disposition"].startswith('attachment; filename="users-2')
    assert b"".join(answer.streaming_content).decode().startswith("id\r\n")  # type: ignore[attr-defined] # it streams
    entry = AuditEntry.objects.get(action="list.exported")
    assert (entry.target, entry.details["format"]) == ("Users", "csv")
    assert "by the API token test" in entry.actor
    assert "department%3DSales" in entry.details["address"]


def test_what_cannot_be_exported_is_refused_before_anything_is_sent(reader: Api) -> None:
    assert reader("/users/export", format="docx").status_code == 422
    assert reader("/users/export", limit=5).body["detail"] == "There is no parameter 'limit'."
    assert reader("/users/export", fields="nothing").status_code == 422
    assert not AuditEntry.objects.filter(action="list.exported")
