"""Forms end in canonical addresses; what an address has wrong is told in words, and never a fault of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.http import QueryDict

from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.web.pages.inventory.address import Asked, asked_by
from seatbeacon.web.pages.inventory.chips import chips, equal_to
from seatbeacon.web.pages.inventory.presentation import presentation_of

if TYPE_CHECKING:
    from django.test import Client

USERS = LISTINGS["users"]
STANDARD = presentation_of("users").columns


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ("form=search&q=++ada++lovelace", "?q=ada+lovelace"),
        ("form=search&q=", "?"),
        ("form=filter&fk=department&fo==&fv=Sales&f=country=DE", "?f=country=DE&f=department=Sales"),
        ("form=filter&fk=department&fo==null&fv=ignored", "?f=department=null"),
        ("form=filter&fk=department&fo=%3D&fv=", "?"),
        ("form=filter&fk=&fo=%3D&fv=x", "?"),
        ("form=columns&c=mail&c=id&sort=-mail", "?sort=-mail&columns=mail,id"),
        ("form=columns&" + "&".join(f"c={key}" for key in STANDARD), "?"),
        ("form=group&group=country&page=7", "?group=country"),
        ("form=as-of&as_of=2026-03-01&rows=100", "?as_of=2026-03-01&rows=100"),
    ],
)
def test_a_form_ends_in_a_canonical_address(sent: str, address: str, viewer: Client) -> None:
    answer = viewer.get(f"/users/?{sent}")
    assert answer.status_code == 302
    assert answer["Location"] == f"/users/{address}"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("f=nothing=1", "There is no column of users 'nothing'."),
        ("f=department", "'department' is no filter: it has no operator."),
        ("f=license_count%3Etwo", "license_count cannot be compared with 'two'."),
        ("f=licenses%3Ex", "licenses is a list"),
        ("sort=nothing", "There is no column of users 'nothing'."),
        ("columns=id,nothing", "There is no column of users 'nothing'."),
        ("group=nothing", "There is no column of users 'nothing'."),
        ("as_of=yesterday", "'yesterday' is no date."),
        ("after=made-up", "The cursor is not of this list, or was changed."),
        ("f=" + "x" * 3000 + "=1", "There is no column"),
    ],
)
def test_what_is_wrong_with_an_address_is_told_in_words(
    query: str, words: str, viewer: Client, see: Any
) -> None:
    page = see(viewer, f"/users/?{query}")
    assert words in page.words
    assert "Show the whole list" in page.words
    assert page.rows == []


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-3", "page=x", "page=99999999999999999999", "rows=7", "rows=x", "q=%00", "edit=99"],
)
def test_a_number_that_is_none_counts_as_not_given(query: str, viewer: Client, see: Any) -> None:
    assert len(see(viewer, f"/users/?{query}").rows) == 50


def test_hostile_input_comes_back_as_text(viewer: Client, see: Any) -> None:
    mark = "<script>alert(1)</script>"
    page = see(viewer, f"/users/?q={mark}&f=department={mark}&f={mark}={mark}&sort={mark}&columns={mark}")
    assert mark not in page.text
    assert "&lt;script&gt;" in page.text


def test_an_address_says_everything_and_is_short() -> None:
    asked = Asked(
        search="ada b",
        filters=("department=Sales|Marketing", "license_count>=2"),
        sort=("-last_activity_date",),
        as_of="2026-03-01",
        page=3,
    )
    text = (
        "q=ada+b&f=department=Sales%7CMarketing&f=license_count%3E=2"
        "&sort=-last_activity_date&as_of=2026-03-01&page=3"
    )
    assert asked.query == text
    assert asked_by(QueryDict(text)) == asked
    assert asked.view == text.removesuffix("&page=3")


@pytest.mark.parametrize(
    ("filter_", "words"),
    [
        ("department=Sales", "Department is Sales"),
        ("department!=Sales|Legal", "Department is not Sales nor Legal"),
        ("department=null", "Department has no value"),
        ("account_enabled=false", "Enabled is No"),
        ("licenses=SPE_E3", "Licenses has SPE_E3"),
        ("license_count>=2", "License count is at least 2"),
        ("created_at<2026-03-01", "Created is before 1 Mar 2026"),
        ("last_activity_date>30d", "Last activity within the last 30 days"),
        ("last_activity_date<=90d", "Last activity 90 days ago or earlier"),
        ("created_at<=+30d", "Created within the next 30 days"),
    ],
)
def test_a_filter_is_told_in_words(filter_: str, words: str) -> None:
    (chip,) = chips(USERS, Asked(filters=(filter_,)))
    assert chip.words.replace("\u00a0", " ") == words
    assert chip.remove == "?"
    assert chip.fault == ""


def test_removing_a_chip_leaves_the_others(viewer: Client, see: Any) -> None:
    page = see(viewer, "/users/?q=a&f=country=DE&f=account_enabled=true")
    assert page.links("Remove the filter Country is DE") == ["?q=a&f=account_enabled=true"]
    assert page.links("Remove the search for a") == ["?f=country=DE&f=account_enabled=true"]
    assert page.links("Remove all") == ["?"]


def test_a_filter_is_edited_in_the_form_that_made_it(viewer: Client, see: Any) -> None:
    page = see(viewer, "/users/?f=country=DE&f=department=Sales&edit=1")
    assert 'id="pop-filter" open' in page.text
    assert '<option value="department" selected>' in page.text
    assert 'name="fv" value="Sales"' in page.text
    # What is edited is replaced: the form keeps the other filter only.
    form = page.text.partition('aria-label="Change the filter"')[2].partition("</form>")[0]
    assert 'name="f" value="country=DE"' in form
    assert 'name="f" value="department=Sales"' not in form


def test_a_group_of_an_odd_value_has_a_filter_that_finds_it() -> None:
    department = USERS.column("department")
    assert department is not None
    assert equal_to(department, "a|b") == 'department="a|b"'
    assert equal_to(department, "null") == 'department="null"'
    assert equal_to(department, None) == "department=null"


def test_the_form_of_a_filter_follows_the_column(viewer: Client) -> None:
    flag = viewer.get("/inventory/users/filter/?fk=account_enabled").content.decode()
    assert '<option value="true">Yes</option>' in flag
    days = viewer.get("/inventory/users/filter/?fk=last_activity_date").content.decode()
    assert "is on or after" in days
    assert '<option value="90d">' in days
    text = viewer.get("/inventory/users/filter/?fk=department").content.decode()
    assert "contains" in text
    assert "is on or after" not in text


def test_values_are_suggested_from_what_the_column_holds(viewer: Client) -> None:
    found = viewer.get("/inventory/users/values/?fk=department&fv=sal").content.decode()
    assert '<option value="Sales">' in found
    assert "Finance" not in found
    assert viewer.get("/inventory/users/values/?fk=nothing&fv=sal").content.decode().strip() == ""
