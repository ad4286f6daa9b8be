"""Every page in both themes and three widths: axe, the policy, and nothing that sticks out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

PAGES = [
    "/",
    "/scheduling/",
    "/scheduling/new/",
    "/imports/",
    "/users/",
    "/inventory/users/views/",
    "/administration/people/",
    "/administration/people/invite/",
    "/administration/people/1/",
    "/administration/audit-log/",
    "/administration/tokens/",
    "/administration/settings/",
    "/profile/",
    "/profile/password/",
    "/profile/authenticator/",
    "/profile/passkeys/",
    "/profile/passkeys/add/",
    "/profile/tokens/",
    "/profile/tokens/new/",
    "/api/v1/docs/#list_users",
    "/no/such/page/",
]
STOCKED = [
    "/users/?q=a&f=account_enabled=true&edit=0",
    "/users/?group=department",
    "/users/?f=nothing=1",
    "/licenses/",
    "/applications/",
    "/usage/",
    "/inventory/holders/",
    "/optimization/recommendations/",
    "/optimization/exemptions/",
    "/optimization/exemptions/new/",
    "/optimization/savings/",
    "/optimization/savings/?by=department",
    "/optimization/savings/trend/",
    "/optimization/savings/day/?day=2999-12-31",
    "/optimization/decisions/",
    "/optimization/rules/",
    "/optimization/rules/rule/downgrade/",
    "/optimization/rules/all/",
    "/optimization/what-if/",
    "/optimization/chargeback/",
]
OUTSIDE = ["/account/login/", "/account/signup/", "/welcome/nothing/"]


def look_at(page: Page, address: str, axe: Callable[[Page], list[str]]) -> None:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(address)
    for width in (1920, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} at {width}"
        if width != 1920:
            assert axe(page) == [], f"{address} at {width} in light"
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert axe(page) == [], f"{address} in dark"


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_accessible_in_both_themes(
    page: Page, address: str, axe: Callable[[Page], list[str]]
) -> None:
    look_at(page, address, axe)


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_page_outside_is_accessible_in_both_themes(
    fresh: Page, address: str, axe: Callable[[Page], list[str]]
) -> None:
    look_at(fresh, address, axe)


@pytest.mark.parametrize("address", STOCKED)
def test_a_list_with_hard_names_is_accessible_in_both_themes(
    stocked_page: Page, address: str, axe: Callable[[Page], list[str]]
) -> None:
    look_at(stocked_page, address, axe)
