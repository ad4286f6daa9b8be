"""An operator narrows the recommendations, decides on some, sees it kept, and takes it back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_recommendations_are_narrowed_decided_on_listed_and_taken_back(stocked_page: Page) -> None:
    page = stocked_page
    page.goto("/")
    page.get_by_role("link", name="Recommendations", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Recommendations")).to_be_visible()
    expect(page.get_by_role("list", name="What the list is narrowed to")).to_contain_text("dismissed")

    # The list changes in place, and what stands beside it still works afterwards.
    page.evaluate("document.body.dataset.kept = 'yes'")
    page.get_by_role("navigation", name="State").get_by_role("link", name="Open").click()
    expect(page).to_have_url(re.compile("f=state=open"))
    page.get_by_role("columnheader", name="Product").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Product")).to_have_attribute("aria-sort", "ascending")
    assert page.evaluate("document.body.dataset.kept") == "yes"

    page.get_by_role("checkbox", name="All of this page").check()
    boxes = page.locator(".sb-rows tbody input[name=key]")
    expect(boxes.first).to_be_checked()
    page.get_by_role("checkbox", name="All of this page").uncheck()
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Decide on the ticked").click()
    expect(page.get_by_role("heading", level=2, name=re.compile("^2 recommendations"))).to_be_visible()
    page.get_by_label("They are").select_option("dismissed")
    page.get_by_role("button", name="Decide on 2").click()
    expect(page.get_by_text("Say why, for those who look at it later.")).to_be_visible()
    page.get_by_label("Why").fill("By contract")
    page.get_by_role("button", name="Decide on 2").click()
    expect(page.get_by_text("2 recommendations are dismissed now.")).to_be_visible()
    expect(page).to_have_url(re.compile("f=state=open"))

    page.goto("/optimization/decisions/")
    page.get_by_role("navigation", name="State").get_by_role("link", name="Dismissed or exempted").click()
    expect(page.get_by_text("2 decisions match")).to_be_visible()
    expect(page.get_by_role("cell", name="By contract").first).to_be_visible()
    page.goto("/optimization/recommendations/")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: 2 recommendations stand as before.")).to_be_visible()
