"""Lists show what the inventory answers, and their numbers lead to the rows behind them."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from seatbeacon.beacon.models import WantedDay
from seatbeacon.inventory import query
from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.inventory.preparing import prepare as preparing
from seatbeacon.web.pages.inventory.presentation import PRESENTATIONS
from seatbeacon.web.pages.inventory.sight import list_address

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

LICENSE_NUMBERS = ("assigned", "active_90", "inactive_90", "never_active")


def count_at(file: Path, address: str) -> int:
    """How many rows the inventory has under the filters of an address."""
    parts = urlsplit(address)
    listing = next(name for name in LISTINGS if list_address(name) == parts.path)
    filters = [query.parse_filter(text) for text in parse_qs(parts.query)["f"]]
    return query.count(file, listing, filters=filters)


@pytest.mark.parametrize("name", LISTINGS)
def test_every_listing_has_a_page_that_shows_its_rows(
    name: str, viewer: Client, see: Any, inventory: Path
) -> None:
    page = see(viewer, list_address(name))
    rows = query.count(inventory, name)
    assert len(page.rows) == min(rows, 50)
    assert "html" not in page.words
    if rows:
        assert f"{rows:,}".replace(",", "\u202f") in page.text
    else:
        assert "There is nothing here" in page.words


@pytest.mark.parametrize("name", LISTINGS)
def test_every_presentation_names_columns_that_there_are(name: str) -> None:
    listing, presentation = LISTINGS[name], PRESENTATIONS[name]
    named = {*presentation.columns, *(n for hint in presentation.hints.values() for n in hint.needs)}
    named -= (
        {"license_count", "active_since"} if name in {"mailboxes", "onedrives", "applications"} else set()
    )
    for switch in presentation.switches:
        for option in switch.options:
            filters = [query.parse_filter(text) for text in option.filters]
            named |= {filter_.key for filter_ in filters}
    assert named <= {column.key for column in listing.columns} | {"active_since"}


@pytest.mark.parametrize("name", LISTINGS)
def test_every_choice_of_every_switch_is_answered(name: str, viewer: Client, see: Any) -> None:
    page = see(viewer, list_address(name))
    switches = re.findall(r'<nav class="sb-switch".*?</nav>', page.text, re.DOTALL)
    more = PRESENTATIONS[name].more_switches
    assert len(switches) == len(PRESENTATIONS[name].switches) + (len(more(())) if more else 0)
    for address in re.findall(r'href="(\?[^"]+)"', "".join(switches)):
        chosen = see(viewer, list_address(name) + html.unescape(address))
        assert 'role="alert"' not in chosen.text.partition('id="listing"')[2]


def test_each_number_of_a_license_leads_to_exactly_its_rows(
    viewer: Client, see: Any, inventory: Path
) -> None:
    page = see(viewer, "/licenses/?columns=sku_part_number," + ",".join(LICENSE_NUMBERS))
    leads = re.findall(r'href="(/inventory/holders/[^"]+)">([^<]+)<', page.text)
    assert len(leads) >= len(page.rows)
    for address, number in leads:
        assert count_at(inventory, html.unescape(address)) == int(number.replace("\u202f", ""))


def test_each_number_of_an_application_leads_to_exactly_its_rows(
    viewer: Client, see: Any, inventory: Path
) -> None:
    numbers = "entitled_users,active_7,active_30,active_90,active_180,never_active"
    page = see(viewer, f"/applications/?columns=application,{numbers}&rows=100")
    leads = re.findall(r'href="(/inventory/[^"]+)">([\d\u202f]+)<', page.text)
    assert len(leads) == sum(cell.isdigit() for row in page.rows for cell in row[1:])
    assert len(leads) > 80
    for address, number in leads:
        assert count_at(inventory, html.unescape(address)) == int(number.replace("\u202f", ""))


def test_who_has_several_roles_in_an_application_is_one_user_and_leads_to_them(
    viewer: Client, see: Any, inventory: Path
) -> None:
    several = next(
        iter(query.run(inventory, "application-users", filters=[query.parse_filter("roles>1")], limit=1).rows)
    )
    page = see(viewer, "/inventory/application-users/?f=roles>1")
    assert several[0] in page.words
    address, number = re.findall(
        r'href="(/inventory/application-assignments/[^"]+principal_id[^"]+)">(\d+)<', page.text
    )[0]
    assert count_at(inventory, html.unescape(address)) == int(number) > 1


def test_the_matrix_narrows_to_one_application_and_how_long_ago_it_was_used(
    viewer: Client, see: Any, inventory: Path
) -> None:
    page = see(viewer, "/usage/")
    (teams,) = [one for one in page.links("Teams") if "f=" in one]
    assert teams == "?f=teams%3E90d"
    page = see(viewer, f"/usage/{teams}")
    assert "In Teams" in page.words
    (never,) = page.links("Never active")[-1:]
    assert never == "?f=teams=null"
    assert "?f=word%3E90d" in see(viewer, f"/usage/{never}").links("Word")
    active = count_at(inventory, f"/usage/{teams}")
    assert 0 < active < query.count(inventory, "usage-matrix")
    assert active + count_at(inventory, "/usage/?f=teams<=90d") + count_at(inventory, f"/usage/{never}") == (
        query.count(inventory, "usage-matrix")
    )


def test_the_list_is_sorted_searched_and_filtered_as_its_address_says(
    viewer: Client, see: Any, inventory: Path
) -> None:
    page = see(viewer, "/users/?q=a&f=account_enabled=true&sort=-display_name&columns=display_name&rows=100")
    wanted = query.run(
        inventory,
        "users",
        search="a",
        filters=[query.parse_filter("account_enabled=true")],
        sort=["-display_name"],
        columns=["display_name"],
        limit=100,
    )
    shown = [" ".join(str(name or "—").split()) for (name,) in wanted.rows]
    assert [row[0] for row in page.rows] == shown
    assert 'aria-sort="descending"' in page.text


def test_pages_follow_each_other_to_the_last_row(viewer: Client, see: Any, inventory: Path) -> None:
    address, seen = "/users/?rows=25&columns=id", []
    while address:
        page = see(viewer, address)
        seen += [row[0] for row in page.rows]
        following = page.links("Next")
        address = f"/users/{following[0]}" if following else ""
    assert seen == [key for (key,) in query.run(inventory, "users", columns=["id"]).rows]


def test_a_group_leads_to_its_rows(viewer: Client, see: Any, inventory: Path) -> None:
    page = see(viewer, "/users/?group=department&f=account_enabled=true")
    groups = query.group(
        inventory, "users", "department", filters=[query.parse_filter("account_enabled=true")]
    )
    assert [int(row[1].replace("\u202f", "")) for row in page.rows] == [group.count for group in groups]
    for address, number in re.findall(r'<td class="sb-number"><a href="(\?[^"]+)">([^<]+)<', page.text):
        rows = see(viewer, "/users/" + html.unescape(address) + "&rows=250")
        assert len(rows.rows) == int(number)


def test_names_are_shown_as_they_are_and_never_as_markup(viewer: Client, see: Any, inventory: Path) -> None:
    names = [name for (name,) in query.run(inventory, "applications", columns=["application"]).rows]
    hostile = [name for name in names if name and "<" in str(name)]
    assert hostile, "the simulated tenant has hostile names"
    page = see(viewer, "/applications/?rows=250")
    assert [row[0] for row in page.rows] == names
    for name in hostile:
        assert str(name) not in page.text


def test_never_is_told_apart_from_unknown(viewer: Client, see: Any) -> None:
    matrix = see(viewer, "/usage/?columns=user_principal_name,exchange,visio&rows=250")
    assert {row[2] for row in matrix.rows} == {"unknown"}
    assert "Never" in {row[1] for row in matrix.rows}
    assert "unknown" not in {row[1] for row in matrix.rows}


def test_a_product_that_was_never_activated_says_never(viewer: Client, see: Any) -> None:
    page = see(viewer, "/inventory/activations/?columns=product,last_activated_date&rows=250")
    assert "—" not in {row[1] for row in page.rows}
    never = see(viewer, "/inventory/activations/?f=last_activated_date=null&columns=last_activated_date")
    assert {row[0] for row in never.rows} == {"Never"}


def test_use_of_what_no_report_tells_of_is_unknown(viewer: Client, see: Any) -> None:
    page = see(viewer, "/inventory/entitlements/?f=application=Power+BI&columns=activity,last_activity_date")
    assert {tuple(row) for row in page.rows} == {("unknown", "unknown")}


def test_an_address_about_single_records_leads_from_the_matrix_to_them(viewer: Client) -> None:
    answer = viewer.get("/usage/?f=application=Teams&f=platform=All")
    assert answer["Location"] == "/inventory/usage/?f=application=Teams&f=platform=All"


def test_a_list_has_one_address(viewer: Client) -> None:
    assert viewer.get("/inventory/users/?q=a")["Location"] == "/users/?q=a"
    assert viewer.get("/inventory/nothing/").status_code == 404


def test_who_looks_at_a_day_of_a_large_tenant_has_it_put_together(
    viewer: Client, see: Any, inventory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = datetime.now(UTC).date()
    address = f"/users/?as_of={today}&sort=-display_name"
    before = see(viewer, address)
    assert not WantedDay.objects.exists()  # a small one is quick as it is
    monkeypatch.setattr(preparing, "SMALL", 0)
    assert see(viewer, address).rows == before.rows
    assert [wish.day for wish in WantedDay.objects.all()] == [today]
    WantedDay.objects.all().delete()
    user_id = next(iter(query.run(inventory, "users", columns=["id"]).rows))[0]
    see(viewer, f"/users/{user_id}/?as_of={today}")
    assert [wish.day for wish in WantedDay.objects.all()] == [today]


def test_the_list_as_of_a_day_before_any_import_says_so(viewer: Client, see: Any) -> None:
    page = see(viewer, "/users/?as_of=2026-01-01")
    assert "As of the end of 1 Jan 2026" in page.words
    assert "Nothing had been imported by then" in page.words
