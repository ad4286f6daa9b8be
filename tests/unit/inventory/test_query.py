from __future__ import annotations

import pytest

from seatbeacon.inventory import query
from seatbeacon.inventory.errors import InvalidQuery
from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.inventory.query import Filter, parse_filter

WANTED = {
    "users": "id user_principal_name display_name mail department job_title country usage_location "
    "account_enabled user_type created_at licenses license_count last_activity_date",
    "licenses": "sku_id sku_part_number product_name purchased assigned available warning suspended status "
    "renewal_date active_90 inactive_90 never_active",
    "assignments": "user_id user_principal_name sku_id sku_part_number source group_id group_name state "
    "error assigned_at",
    "applications": "application kind entitled_users active_7 active_30 active_90 active_180 never_active "
    "last_activity_date",
    "usage": "user_id user_principal_name application platform last_activity_date report_refresh_date",
}


@pytest.mark.parametrize("name", LISTINGS)
def test_a_listing_declares_its_columns_once_and_its_references_exist(name: str) -> None:
    listing = LISTINGS[name]
    keys = [column.key for column in listing.columns]
    assert len(keys) == len(set(keys))
    assert set(WANTED[name].split()) <= set(keys)
    named = (*listing.search, *listing.keys, *(key.removeprefix("-") for key in listing.default_sort))
    assert set(named) <= set(keys)
    assert any(column.default_visible for column in listing.columns)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("department=Sales", Filter("department", "=", "Sales")),
        ("department != R=D", Filter("department", "!=", "R=D")),
        ("license_count>=2", Filter("license_count", ">=", "2")),
        ("license_count<=2", Filter("license_count", "<=", "2")),
        ("license_count>2", Filter("license_count", ">", "2")),
        ("license_count<2", Filter("license_count", "<", "2")),
        ("mail~a>=b", Filter("mail", "~", "a>=b")),
        ("department=null", Filter("department", "=", None)),
        ("department!=NULL", Filter("department", "!=", None)),
        ("department=", Filter("department", "=", "")),
    ],
)
def test_a_filter_is_read(text: str, expected: Filter) -> None:
    assert parse_filter(text) == expected


@pytest.mark.parametrize("text", ["department", "", "=Sales", "license_count>null", "mail~null"])
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(InvalidQuery):
        parse_filter(text)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"columns": ["departmnt"]}, "Did you mean department"),
        ({"sort": ["-last_activity"]}, "Did you mean last_activity_date"),
        ({"filters": [Filter("nothing", "=", "x")]}, "There are: id, user_principal_name"),
        ({"filters": [Filter("license_count", "=", "many")]}, "whole number"),
        ({"filters": [Filter("last_activity_date", ">", "yesterday")]}, "2026-07-31"),
        ({"filters": [Filter("created_at", ">", "x")]}, "2026-07-31"),
        ({"filters": [Filter("account_enabled", "=", "maybe")]}, "true or false"),
        ({"filters": [Filter("licenses", ">", "SPE_E5")]}, "is a list"),
        ({"limit": -1}, "below zero"),
    ],
)
def test_a_wrong_question_is_answered_with_what_exists(asked: dict[str, object], told: str) -> None:
    with pytest.raises(InvalidQuery, match=told):
        query.statement("users", **asked)  # type: ignore[arg-type]


def test_a_listing_that_does_not_exist_is_told() -> None:
    with pytest.raises(InvalidQuery, match="users, licenses, assignments, applications, usage"):
        query.statement("user")


def test_no_value_stands_in_the_statement() -> None:
    evil = "x'; DROP TABLE users; --"
    asked = query.statement(
        "users", filters=[Filter("department", "=", evil)], search=evil, limit=7, offset=3
    )
    assert "DROP" not in asked.sql
    assert asked.values[0] == evil
    assert asked.values[-2:] == (7, 3)


def test_every_order_ends_with_the_keys() -> None:
    asked = query.statement("users", sort=["-department", "id"])
    assert asked.sql.endswith("ORDER BY department DESC NULLS LAST, id ASC NULLS LAST")
