"""An operator switches a rule and moves thresholds by keyboard, sees what changes, and takes it back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

RULES = "/optimization/rules/"
DISABLED, RESERVE = "/optimization/rules/rule/disabled/", "/optimization/rules/rule/unassigned/"


def _submit(page: Page) -> None:
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")


def _found(page: Page, rule: str) -> int:
    """How many recommendations of a rule the list matches."""
    page.goto(f"/optimization/recommendations/?f=rule={rule}")
    said = page.get_by_text(re.compile(r"^[\d\s]+ recommendations? match|Nothing matches")).first
    expect(said).to_be_visible()
    return int("".join(re.findall(r"\d", said.inner_text())) or 0)


def test_a_rule_is_switched_moved_asked_about_kept_and_reset(
    stocked_page: Page, axe: Callable[[Page], list[str]]
) -> None:
    page = stocked_page
    disabled, seats = _found(page, "disabled"), _found(page, "unassigned")
    assert disabled
    assert seats

    page.goto(RULES)
    page.get_by_role("link", name="Set the rule Disabled account with a license").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{DISABLED}$"))
    page.get_by_label("Switch").focus()
    page.keyboard.type("Off")
    _submit(page)
    expect(page.get_by_text("Disabled account with a license is set.")).to_be_visible()
    assert _found(page, "disabled") == 0

    # Out of bounds is refused in words, and what was typed stays to be mended.
    page.goto(RESERVE)
    field = page.get_by_role("spinbutton")
    field.focus()
    page.keyboard.type("101")
    _submit(page)
    expect(page.get_by_text(re.compile("Give 0 to 100"))).to_be_visible()
    expect(field).to_have_value("101")

    # What if: the result changes in place, and what was moved is kept.
    page.goto("/optimization/what-if/")
    expect(page.get_by_text("Keep these thresholds")).to_have_count(0)
    reserve = page.locator("[name='unassigned.reserve']")
    reserve.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("100")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Keep these thresholds")).to_be_visible()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        assert not axe(page)
    page.get_by_role("button", name="Keep these thresholds").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 threshold kept.")).to_be_visible()
    expect(page).to_have_url(re.compile(f"{RULES}$"))
    assert _found(page, "unassigned") == 0

    for address in (DISABLED, RESERVE):
        page.goto(address)
        page.get_by_role("button", name="Reset…").focus()
        page.keyboard.press("Enter")
        page.get_by_role("dialog").get_by_role("button", name="Reset").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("as the rule says again")).to_be_visible()
    assert (_found(page, "disabled"), _found(page, "unassigned")) == (disabled, seats)
