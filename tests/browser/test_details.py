"""From the overview to a product, to one of its holders, and back; all of it accessible, charts included."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


RULES = "/optimization/recommendations/"


def look_at(page: Page, axe: Callable[[Page], list[str]]) -> None:
    """Both themes, three widths; nothing sticks out, and axe finds nothing."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        for width in (1920, 390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
                f"{page.url} at {width}"
            )
        assert axe(page) == [], f"{page.url} in {theme}"


def test_from_the_overview_to_a_holder_and_back(stocked_page: Page, axe: Callable[[Page], list[str]]) -> None:
    page = stocked_page
    page.goto("/")
    expect(page.get_by_role("heading", name="Use by product, in 90 days")).to_be_visible()
    look_at(page, axe)
    product = page.get_by_role("region", name="Table: Use by product").get_by_role("rowheader").first
    name = product.text_content() or ""
    product.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    look_at(page, axe)
    page.get_by_role("region", name="Table: Holders", exact=True).locator("tbody a").first.click()
    expect(page).to_have_url(re.compile(r"/users/[0-9a-f-]{36}/"))
    expect(page.get_by_role("rowheader", name=name).first).to_be_visible()
    look_at(page, axe)
    page.go_back()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def test_a_day_is_chosen_and_left_again(stocked_page: Page) -> None:
    page, today = stocked_page, f"{datetime.now(UTC):%Y-%m-%d}"
    page.goto("/applications/Teams/")
    page.get_by_role("textbox", name="As of").fill(today)
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text(f"As it was at the end of {today}")).to_be_visible()
    page.get_by_role("link", name="Now").click()
    expect(page.get_by_text("As it was at the end of")).to_have_count(0)


@pytest.mark.parametrize(
    "address", ["/history/", "/history/?since=2020-01-01", "/applications/Teams/", RULES]
)
def test_what_stands_beside_them_is_accessible(
    stocked_page: Page, axe: Callable[[Page], list[str]], address: str
) -> None:
    stocked_page.goto(address)
    look_at(stocked_page, axe)
