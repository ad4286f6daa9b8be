"""The five questions of docs/how-to/find-answers.md, answered from the pages alone, step by step as it says
there; what a page answers is compared with what the inventory itself does.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from seatbeacon.inventory import query

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import Apart


@pytest.fixture
def ask(stocked: Apart) -> Any:
    """Asks the inventory itself: `ask("licenses", ["assigned"], "sku_part_number~e5")`."""
    (file,) = Path(stocked.served.home, "inventory").glob("*/v*.duckdb")

    def rows(listing: str, columns: list[str], *filters: str, **more: Any) -> list[tuple[Any, ...]]:
        read = [query.parse_filter(text) for text in filters]
        return list(query.run(file, listing, filters=read, columns=columns, **more).rows)

    return rows


def cells(page: Page, label: str) -> list[str]:
    """The words of one column of the table."""
    heads = [text.strip() for text in page.locator(".sb-rows thead th").all_text_contents()]
    place = heads.index(label) + 1
    found = page.locator(f".sb-rows tbody tr > :nth-child({place})").all_text_contents()
    return [" ".join(text.split()) for text in found]


def count_of(page: Page) -> int:
    found = re.search(r"[\d\u202f]+", page.locator("#listing-count").text_content() or "")
    assert found
    return int(found[0].replace("\u202f", ""))


def filtered(page: Page, column: str, condition: str, value: str, chip: str) -> None:
    page.locator("#pop-filter summary").click()
    with page.expect_response(re.compile("/filter/")):  # the form follows the column
        page.locator("#fk").select_option(label=column)
    expect(page.locator("#fv-help")).to_be_attached()
    page.locator("#fo").select_option(label=condition)
    page.locator("#fv").fill(value)
    page.get_by_role("button", name="Add the filter").click()
    expect(page.locator(".sb-chips")).to_contain_text(chip)


def to(page: Page, entry: str, tab: str = "") -> None:
    page.get_by_role("navigation", name="Pages", exact=True).get_by_role(
        "link", name=entry, exact=True
    ).click()
    if tab:
        page.get_by_role("link", name=tab, exact=True).click()
        expect(page.get_by_role("link", name=tab, exact=True)).to_have_attribute("aria-current", "page")


def test_how_many_e5_do_we_own_and_use(stocked_page: Page, ask: Any) -> None:
    page = stocked_page
    page.goto("/")
    to(page, "Licenses")
    page.locator("#q").fill("E5")
    page.locator("#q").press("Enter")
    expect(page.get_by_role("link", name="Remove the search for E5")).to_be_visible()
    wanted = ask("licenses", ["sku_part_number", "purchased", "assigned", "never_active"], search="E5")
    assert wanted
    for label, told in zip(
        ("Part number", "Purchased", "Assigned", "Never active"), zip(*wanted, strict=True), strict=True
    ):
        seen = [
            text.replace("\u202f", "").replace("—", "None").replace("unknown", "None")
            for text in cells(page, label)
        ]
        assert seen == [str(one) for one in told]


def test_who_has_visio_and_never_opened_it(stocked_page: Page, ask: Any) -> None:
    page = stocked_page
    page.goto("/")
    to(page, "Usage", "Activations")
    filtered(page, "Product", "contains", "visio", "Product contains visio")
    visio = ask("activations", ["user_principal_name", "last_activated_date"], "product~visio")
    assert count_of(page) == len(visio) > 0
    page.get_by_role("link", name="Never activated", exact=True).click()
    expect(page.locator(".sb-chips")).to_contain_text("Last activated")
    never = sorted(name for name, day in visio if day is None)
    assert sorted(cells(page, "User principal name") if never else []) == never
    expect(page.get_by_text("Nothing matches")).to_have_count(0 if never else 1)


def test_what_did_a_user_hold_on_a_day(stocked_page: Page, ask: Any) -> None:
    page = stocked_page
    [(name, licenses)] = ask("users", ["user_principal_name", "licenses"], sort=["-license_count"], limit=1)
    page.goto("/")
    to(page, "Licenses", "Holders")
    page.locator("#q").fill(name)
    page.locator("#q").press("Enter")
    expect(page.locator(".sb-chips")).to_contain_text("Holds")
    page.locator("#pop-as-of summary").click()
    page.locator("#as_of").fill(f"{datetime.now(UTC):%Y-%m-%d}")
    page.get_by_role("button", name="Show that day").click()
    expect(page.locator(".sb-chips")).to_contain_text("As of")
    held = {
        part
        for one, part in zip(cells(page, "User principal name"), cells(page, "Part number"), strict=True)
        if one == name
    }
    assert held == set(licenses)


def test_which_department_got_most_new_licenses_this_month(stocked_page: Page, ask: Any) -> None:
    page = stocked_page
    # The newest assignment's month: the simulated tenant stands still.
    [(newest,)] = ask("assignments", ["assigned_at"], "assigned_at!=null", sort=["-assigned_at"], limit=1)
    first = date(newest.year, newest.month, 1).isoformat()
    page.goto("/")
    to(page, "Licenses", "Assignments")
    filtered(page, "Assigned since", "is on or after", first, "Assigned since")
    page.locator("#group").select_option(label="Department")
    expect(page.get_by_role("link", name="Do not group")).to_be_visible()
    departments = [row[0] for row in ask("assignments", ["department"], f"assigned_at>={first}")]
    numbers = [int(text) for text in page.locator(".sb-rows tbody tr > :nth-child(2)").all_text_contents()]
    assert numbers == sorted((departments.count(one) for one in set(departments)), reverse=True)
    page.locator(".sb-rows tbody tr").first.get_by_role("link").first.click()
    expect(page.get_by_role("link", name="Do not group")).to_have_count(0)
    assert count_of(page) == numbers[0]


def test_when_do_we_renew(stocked_page: Page, ask: Any) -> None:
    page = stocked_page
    page.goto("/")
    to(page, "Licenses")
    page.locator("#sort-renewal_date").click()
    expect(page.locator("th[aria-sort]")).to_have_text("Renewal")
    shown = [one.get_attribute("datetime") for one in page.locator(".sb-rows tbody time").all()]
    wanted = [row[0].isoformat() for row in ask("licenses", ["renewal_date"], "renewal_date!=null")]
    direction = page.locator("th[aria-sort]").get_attribute("aria-sort")
    assert direction == "ascending", "the next one stands first"
    assert shown == sorted(wanted)
    to(page, "Licenses", "Subscriptions")
    page.get_by_role("link", name="In 30 days", exact=True).click()
    expect(page.locator(".sb-chips")).to_be_visible()
