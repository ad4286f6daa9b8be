from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatbeacon.inventory import query
from seatbeacon.inventory.errors import InvalidQuery
from seatbeacon.inventory.listings import LISTINGS, Column
from seatbeacon.inventory.query import Filter, listing_named, parse_filter
from seatbeacon.inventory.querying import cursors, statement
from seatbeacon.inventory.querying.binding import Times
from seatbeacon.inventory.querying.searching import parse_search

TIMES = Times(today=date(2026, 7, 31))
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


def asked_of(name: str, **asked: Any) -> statement.Asked:
    """A question of a listing, checked."""
    asked["search"] = parse_search(asked.get("search"))
    return statement.asked(listing_named(name), times=TIMES, **asked)


@pytest.mark.parametrize("name", LISTINGS)
def test_a_listing_declares_its_columns_once_and_its_references_exist(name: str) -> None:
    listing = LISTINGS[name]
    keys = [column.key for column in listing.columns]
    assert len(keys) == len(set(keys))
    assert set(WANTED.get(name, "").split()) <= set(keys)
    assert all(column.target in keys for column in listing.columns if column.target)
    assert bool(listing.person) == bool(listing.ties)
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
        ("department=Sales|null| Legal ", Filter("department", "=", ("Sales", None, "Legal"))),
        ('department="A|B"|"say ""hi"""', Filter("department", "=", ("A|B", 'say "hi"'))),
        ('department="null"', Filter("department", "=", "null")),
        ("last_activity_date<90d", Filter("last_activity_date", "<", "90d")),
    ],
)
def test_a_filter_is_read(text: str, expected: Filter) -> None:
    assert parse_filter(text) == expected


@pytest.mark.parametrize(
    "text", ["department", "", "=Sales", "license_count>null", "mail~null", "license_count>1|2"]
)
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
        ({"filters": [Filter("license_count", "=", str(1 << 70))]}, "whole number"),
        ({"filters": [Filter("licenses", "=", ("a", None))], "columns": ["x"]}, "no column of users 'x'"),
    ],
)
def test_a_wrong_question_is_answered_with_what_exists(asked: dict[str, object], told: str) -> None:
    with pytest.raises(InvalidQuery, match=told):
        asked_of("users", **asked)


def test_a_listing_that_does_not_exist_is_told() -> None:
    with pytest.raises(InvalidQuery, match="users, licenses, assignments, holders"):
        listing_named("user")


def test_no_value_stands_in_the_statement() -> None:
    evil = "x'; DROP TABLE users; --"
    asked = asked_of("users", filters=[Filter("department", "=", evil)], search=evil, limit=7, offset=3)
    for made in (statement.rows(asked), statement.pick(asked)):
        assert "DROP" not in made.sql
        assert made.values[0] == evil
        assert made.values[-2:] == (8, 3)


def test_every_order_ends_with_what_tells_rows_apart() -> None:
    made = statement.rows(asked_of("users", sort=["-department", "id"]))
    ending = "ORDER BY u.department DESC NULLS LAST, u.id ASC NULLS LAST, u.user_no ASC NULLS LAST"
    assert made.sql.endswith(ending)
    assert statement.rows(asked_of("licenses", sort=["status"])).sql.endswith("l.sku_id ASC NULLS LAST")


def test_a_table_is_joined_only_where_it_is_asked_for() -> None:
    plain = statement.rows(asked_of("users", columns=["display_name"]))
    assert plain.sql.startswith("SELECT u.display_name AS display_name FROM users u ORDER BY")
    assert "mailboxes m" not in plain.sql.replace("FROM mailboxes WHERE TRUE) m", "mailboxes m")
    sized = statement.rows(asked_of("users", columns=["display_name"], sort=["-mailbox_bytes"]))
    assert "FROM mailboxes WHERE TRUE) m" in sized.sql


def test_a_listing_without_history_says_which_have_one() -> None:
    with pytest.raises(InvalidQuery, match="With a date there are: users"):
        statement.asked(listing_named("mailboxes"), times=Times(datetime(2026, 7, 1)))  # noqa: DTZ001 - naive UTC


@given(
    st.sampled_from(["department", "last_activity_date"]),
    st.sampled_from(["=", "!=", ">=", "<=", ">", "<", "~"]),
    st.lists(st.none() | st.text(), min_size=1, max_size=4),
)
def test_a_filter_is_read_as_it_was_written(key: str, operator: Any, values: list[str | None]) -> None:
    if operator not in ("=", "!="):
        values = [value or "" for value in values]
    if operator not in ("=", "!=", "~"):
        values = values[:1]
    asked = Filter(key, operator, tuple(values) if len(values) > 1 else values[0])
    assert parse_filter(str(asked)) == asked


@given(st.text())
def test_any_text_is_a_filter_or_is_refused(text: str) -> None:
    with contextlib.suppress(InvalidQuery):
        assert parse_filter(str(parse_filter(text))) == parse_filter(text)


@given(
    st.lists(
        st.none() | st.text() | st.integers(-(1 << 63), (1 << 63) - 1) | st.dates() | st.datetimes()
        | st.booleans() | st.lists(st.text()),
        min_size=1,
    )
)  # fmt: skip
def test_a_cursor_gives_back_what_it_was_made_of(values: list[object]) -> None:
    terms = [cursors.Term(Column("x", "X", _type(value)), descending=False) for value in values]
    cursor = cursors.encode("users", values)
    assert cursors.decode(cursor, "users", terms) == values
    with pytest.raises(InvalidQuery, match="not of this list"):
        cursors.decode(cursor, "licenses", terms)


@given(st.text() | st.text(alphabet="ABCabc123-_="))
def test_a_cursor_that_was_made_up_is_refused(text: str) -> None:
    with pytest.raises(InvalidQuery, match="not of this list"):
        asked_of("users", after=text)


def test_a_day_means_its_end() -> None:
    assert query.moment_of("2026-03-01") == datetime(2026, 3, 1, 23, 59, 59, 999999, UTC)
    assert query.moment_of("2026-03-01T08:00+02:00") == datetime(2026, 3, 1, 6, tzinfo=UTC)
    with pytest.raises(InvalidQuery, match="2026-07-31"):
        query.moment_of("yesterday")


def _type(value: object) -> Any:
    types = {str: "text", list: "texts", int: "number", date: "date", datetime: "time", bool: "boolean"}
    return types.get(type(value), "text")
