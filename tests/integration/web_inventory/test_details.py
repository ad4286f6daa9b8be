"""The overview, the pages of one thing and the history say what the inventory says, and lead to its rows."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.html import escape

from seatbeacon.inventory.overview.summary import ProductUse, overview
from seatbeacon.inventory.query import count, run
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.details.use import use_bar

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from django.test import Client

TILE = re.compile(
    r'<div class="sb-value"><a href="([^"]+)">([\d\u202f]+)</a></div><div class="sb-label">([^<]+)'
)
BY_DEPARTMENT = re.compile(r'<a href="(\?[^"]*department=[^"]*)">([\d\u202f]+)<')
ROWS = re.compile(r"([\d\u202f]+) rows?")


def first(inventory: Path, listing: str, *columns: str, sort: tuple[str, ...] = ()) -> Any:
    return next(iter(run(inventory, listing, columns=columns, sort=sort, limit=1).rows))


def number(text: str) -> int:
    return int(text.replace("\u202f", ""))


def counted(client: Client, address: str) -> int:
    """How many rows the list at an address tells of."""
    found = ROWS.search(client.get(address, follow=True).content.decode())
    assert found, address
    return number(found[1])


def test_the_numbers_of_the_overview_lead_to_as_many_rows(viewer: Client, see: Any) -> None:
    page = see(viewer, "/")
    tiles = TILE.findall(page.text)
    assert {label for *_, label in tiles} >= {"Users", "Guests", "Disabled", "With licenses"}
    for address, told, label in tiles:
        if label in {"Users", "Members", "Guests", "Disabled", "With licenses"}:
            assert counted(viewer, address) == number(told), label


def test_the_use_of_each_product_adds_up_and_leads_to_its_holders(
    viewer: Client, inventory: Path, see: Any, earliest: date
) -> None:
    told = overview(inventory, earliest)
    assert told.users["all"] == count(inventory, "users")
    assert told.assigned == sum(one.assigned for one in told.limited)
    for one in told.limited:
        assert one.active is not None
        assert (one.inactive, one.never) != (None, None)
        assert one.active + (one.inactive or 0) + (one.never or 0) == one.assigned
    busiest = max(told.limited, key=lambda one: one.assigned)
    page = see(viewer, f"/licenses/{busiest.sku_id}/")
    parts = re.findall(r'<a href="([^"]+)">([\d\u202f]+)</a> (active|inactive|never active)', page.text)
    assert parts
    for address, shown, _ in parts:
        assert counted(viewer, address.replace("&amp;", "&")) == number(shown)


@pytest.fixture
def earliest() -> date:
    from datetime import date as day  # noqa: PLC0415 - for the type checker the name is a type only

    return day(2000, 1, 1)


def test_a_license_shows_holders_plans_and_subscriptions(viewer: Client, inventory: Path, see: Any) -> None:
    sku, name, assigned = first(
        inventory, "licenses", "sku_id", "product_name", "assigned", sort=("-assigned",)
    )
    page = see(viewer, f"/licenses/{sku.upper()}/")
    assert name in page.words
    for heading in ("Holders", "Service plans", "Subscriptions and renewals", "Departments that hold it"):
        assert heading in page.words
    [address] = page.links(f"{assigned:,}".replace(",", "\u202f"))[:1]
    assert counted(viewer, address) == assigned


def test_a_user_shows_licenses_activity_and_account(viewer: Client, inventory: Path, see: Any) -> None:
    user_id, name, licenses = first(
        inventory, "users", "id", "display_name", "licenses", sort=("-license_count",)
    )
    page = see(viewer, f"/users/{user_id}/")
    assert name in page.words
    assert f"Licenses ({len(licenses)})" in page.words
    assert "First seen, by the first import" in page.words
    then = see(viewer, f"/users/{user_id}/?as_of=2001-01-01")
    assert "was not in the tenant then" in then.words


def test_every_user_and_every_application_has_a_page(viewer: Client, inventory: Path, see: Any) -> None:
    for (user_id,) in run(inventory, "users", columns=["id"], limit=40).rows:
        assert viewer.get(f"/users/{user_id}/").status_code == 200
    for (key,) in run(inventory, "applications", columns=["id"]).rows:
        assert viewer.get(f"/applications/{key}/").status_code == 200, key


def test_names_are_escaped(viewer: Client, inventory: Path) -> None:
    hard = [
        (user_id, str(name))
        for user_id, name in run(inventory, "users", columns=["id", "department"]).rows
        if set(str(name or "")) & set("<>&\"'")
    ]
    assert hard, "the simulated tenant has departments that HTML gives a meaning"
    for user_id, name in hard:
        page = viewer.get(f"/users/{user_id}/").content.decode()
        assert name not in page
        assert escape(name) in page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/users/nobody/", 404),
        ("/licenses/nothing/", 404),
        ("/applications/nothing/at/all/", 404),
        ("/users/nobody/?as_of=soon", 400),
        ("/licenses/nothing/?as_of=9999-99-99", 400),
        ("/history/?tenant=elsewhere", 404),
        ("/history/?since=tomorrow", 200),
        ("/history/?since=2026-05-01&until=2026-04-01", 200),
        ("/history/?show=gained&page=999999999999", 200),
        ("/history/?show=everything", 200),
        ("/?tenant=elsewhere", 200),
    ],
)
def test_a_wrong_address_is_answered_in_words(viewer: Client, address: str, status: int) -> None:
    answer = viewer.get(address)
    assert answer.status_code == status
    assert "Traceback" not in answer.content.decode()


def test_the_history_of_one_import_says_so_and_its_numbers_lead_to_rows(viewer: Client, see: Any) -> None:
    assert "There was one import so far" in see(viewer, "/history/").words
    page = see(viewer, "/history/?since=2020-01-01")
    tiles = TILE.findall(page.text)
    assert {label for *_, label in tiles} >= {"Users who joined", "Licenses gained"}
    for address, told, label in tiles:
        rows = see(viewer, f"/history/{address.replace('&amp;', '&')}")
        assert f"{told} rows" in rows.words, label
    departments = BY_DEPARTMENT.findall(page.text)
    assert departments
    address, told = departments[0]
    assert f"{told} row" in see(viewer, f"/history/{address.replace('&amp;', '&')}").words


def test_viewers_may_see_all_of_it(sign_in: Callable[[Role], Client]) -> None:
    for address in ("/", "/history/"):
        assert sign_in(Role.VIEWER).get(address).status_code == 200


def test_a_bar_has_room_for_more_assigned_than_purchased() -> None:
    use = use_bar(purchased=80, assigned=100, active=70, inactive=20, never=10, address=lambda kind: kind)
    assert [(part.count, part.width) for part in use.parts] == [(70, 70), (20, 20), (10, 10), (0, 0)]
    unknown = use_bar(
        purchased=10, assigned=4, active=None, inactive=None, never=None, address=lambda kind: kind
    )
    assert [(part.label, part.count) for part in unknown.parts] == [("Assigned", 4), ("Unassigned", 6)]
    nothing = use_bar(purchased=0, assigned=0, active=0, inactive=0, never=0, address=lambda kind: kind)
    assert all(part.width == 0 for part in nothing.parts)


def test_free_products_with_seats_that_nobody_bought_are_no_part_of_the_sums() -> None:
    from seatbeacon.inventory.overview.summary import Overview  # noqa: PLC0415 - used here alone

    bought = ProductUse("a", "A", "A", 10, 12, -2, None, None, None, None, "Enabled", unlimited=False)
    free = ProductUse("b", "B", "B", 10_000, 5, 9_995, None, None, None, None, "Enabled", unlimited=True)
    told = Overview({}, (bought, free), {}, {})
    assert (told.purchased, told.assigned, told.available) == (10, 12, 0)


def test_the_numbers_of_an_application_lead_to_as_many_rows(viewer: Client, see: Any) -> None:
    for name in ("Teams", "Word", "Copilot"):
        page = see(viewer, f"/applications/{name}/")
        tiles = TILE.findall(page.text)
        assert {label for *_, label in tiles} >= {"Entitled users", "Active in 90 days"}
        for address, told, label in tiles:
            assert counted(viewer, address.replace("&amp;", "&")) == number(told), (name, label)


def test_every_page_is_there_as_of_a_day_too(viewer: Client, inventory: Path) -> None:
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    pages = [
        f"/licenses/{first(inventory, 'licenses', 'sku_id')[0]}/",
        f"/users/{first(inventory, 'users', 'id')[0]}/",
    ]
    pages += [f"/applications/{key}/" for (key,) in run(inventory, "applications", columns=["id"]).rows]
    for page in pages:
        assert viewer.get(f"{page}?as_of={today}").status_code == 200, page
