"""A license manager's morning: from a number to its rows and back, narrowed by the keyboard, kept, and taken
along."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page


def number(text: str | None) -> int:
    found = re.search(r"[\d\u202f]+", text or "")
    assert found, text
    return int(found[0].replace("\u202f", ""))


def rows(page: Page) -> Locator:
    return page.locator(".sb-rows tbody tr")


def count_of(page: Page) -> int:
    return number(page.locator("#listing-count").text_content())


def test_from_a_number_to_its_rows_and_back(stocked_page: Page) -> None:
    page = stocked_page
    page.goto("/")
    page.get_by_role("link", name="Licenses", exact=True).click()
    first = rows(page).first.locator("td.sb-number a").nth(1)
    assigned = number(first.text_content())
    first.click()
    expect(page.get_by_role("heading", level=1, name="License holders")).to_be_visible()
    assert count_of(page) == assigned
    expect(page.get_by_role("link", name="Licenses", exact=True).first).to_have_attribute(
        "aria-current", "page"
    )
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Licenses")).to_be_visible()


def test_a_list_is_narrowed_kept_and_taken_along_with_the_keyboard_alone(
    stocked_page: Page, tmp_path: Path
) -> None:
    page = stocked_page
    page.goto("/users/")
    everybody = count_of(page)

    # The search has a key of its own, and the page is not loaded anew.
    page.evaluate("document.body.dataset.kept = 'yes'")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("contoso")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/users/\?q=contoso$"))
    expect(page.get_by_role("link", name="Remove the search for contoso")).to_be_visible()

    # A filter: its form follows the column, and suggests what the column holds.
    page.locator("#pop-filter summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#fk")).to_be_focused()
    for _ in range(page.locator("#fk option").count()):
        if page.locator("#fk").input_value() != "department":
            page.keyboard.press("ArrowDown")
    expect(page.locator("#fk")).to_have_value("department")
    expect(page.locator("#filter-values option[value=Sales]")).to_be_attached()
    page.locator("#fv").focus()
    page.keyboard.type("Sales")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"q=contoso&f=department=Sales$"))
    chip = page.get_by_role("link", name="Remove the filter Department is Sales")
    expect(chip).to_be_visible()
    sales = count_of(page)
    assert 0 < sales < everybody
    assert page.evaluate("document.body.dataset.kept") == "yes"

    # A column more, moved to the front.
    page.locator("#pop-columns summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Mail", exact=True).check()
    for _ in range(8):
        page.get_by_role("button", name="Move Mail up").press("Enter")
    page.get_by_role("button", name="Show these").press("Enter")
    expect(page.locator(".sb-rows thead th").first).to_have_text("Mail")

    # The other way round by a head, whose link keeps the focus.
    page.locator("#sort-display_name").press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Name")
    expect(page.locator("#sort-display_name")).to_be_focused()

    # Kept under a name, and found again from the plain list.
    page.locator("#pop-views summary").press("Enter")
    page.get_by_label("Save what is shown now as").fill("Sales by name")
    page.get_by_role("button", name="Save the view").press("Enter")
    expect(page.get_by_text("The view “Sales by name” is saved.")).to_be_visible()
    page.goto("/users/")
    page.locator("#pop-views summary").press("Enter")
    page.get_by_role("link", name="Sales by name").press("Enter")
    expect(page.locator("#listing-count")).to_contain_text(f"{sales} users match")

    # Taken along: every row that the page counts.
    page.locator("#pop-export summary").press("Enter")
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").press("Enter")
    file = tmp_path / "users.csv"
    taken.value.save_as(file)
    head, *lines = csv.reader(file.read_text("utf-8").splitlines())
    assert head[0] == "mail"
    assert len(lines) == sales

    # Escape closes what is open; removing a chip brings the others back, and Back undoes it.
    page.keyboard.press("Escape")
    expect(page.locator("#pop-export")).not_to_have_attribute("open", "")
    page.get_by_role("link", name="Remove the filter Department is Sales").press("Enter")
    expect(page.locator("#listing-count")).to_be_focused()
    assert count_of(page) > sales
    page.go_back()
    expect(page.get_by_role("link", name="Remove the filter Department is Sales")).to_be_visible()


def test_every_tool_works_without_scripts(stocked_page: Page) -> None:
    session = stocked_page.context.storage_state()
    browser = stocked_page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, storage_state=session)
    page = context.new_page()
    page.goto(str(stocked_page.request.get("/users/").url))
    page.locator("#pop-filter summary").click()
    page.select_option("#fk", "department")
    page.select_option("#fo", "=")
    page.fill("#fv", "Sales")
    page.get_by_role("button", name="Add the filter").click()
    expect(page.get_by_role("link", name="Remove the filter Department is Sales")).to_be_visible()
    page.select_option("#group", "country")
    page.get_by_role("button", name="Group").click()
    expect(page.get_by_role("link", name="Do not group")).to_be_visible()
    context.close()
