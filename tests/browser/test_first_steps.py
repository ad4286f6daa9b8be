"""From the printed link to people, themes and signing out, as a person does it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect
from tests.secret_search import planted

if TYPE_CHECKING:
    from collections.abc import Callable

PASSWORD = planted("a quiet harbour at dawn")


def test_the_first_link_makes_an_administrator_once(page: Page, served: object) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="No tenant is connected yet")).to_be_visible()
    expect(page.get_by_role("link", name="People")).to_be_visible()
    page.goto(served.first_link)  # type: ignore[attr-defined]
    expect(page.get_by_role("heading", name="This link does not work any more")).to_be_visible()


def test_somebody_invited_comes_in_and_sees_what_a_viewer_sees(page: Page, fresh: Page) -> None:
    page.goto("/administration/people/")
    page.get_by_role("link", name="Invite…").click()
    page.get_by_label("Name").fill("Grace <b>Hopper</b>")
    page.get_by_label("Mail address").fill("grace@contoso.example")
    page.get_by_role("button", name="Make the invitation").click()
    link = page.get_by_label("Link").input_value()

    fresh.goto(link)
    expect(fresh.get_by_label("Mail address")).to_be_disabled()
    fresh.get_by_label("Password", exact=True).fill("short")
    fresh.get_by_label("Password again").fill("short")
    fresh.get_by_role("button", name="Make the account").click()
    expect(fresh.get_by_text("This password is too short.")).to_be_visible()
    fresh.get_by_label("Password", exact=True).fill(PASSWORD)
    fresh.get_by_label("Password again").fill(PASSWORD)
    fresh.get_by_role("button", name="Make the account").click()
    expect(fresh.get_by_role("heading", name="Overview")).to_be_visible()
    expect(fresh.get_by_role("link", name="People")).to_have_count(0)
    fresh.goto("/administration/people/")
    expect(fresh.get_by_text("This needs the role Administrator; yours is Viewer.")).to_be_visible()

    page.goto("/administration/people/")
    page.get_by_role("link", name="Grace <b>Hopper</b>").click()
    page.get_by_role("button", name="Deactivate…").click()
    page.get_by_role("dialog").get_by_role("button", name="Deactivate").click()
    expect(page.get_by_text("is deactivated and signed out.")).to_be_visible()
    fresh.goto("/")
    expect(fresh).to_have_url(re.compile("/account/login/"))


def test_the_last_administrator_stays_one(page: Page) -> None:
    page.goto("/administration/people/1/")
    page.get_by_role("combobox", name="Role").select_option("viewer")
    page.get_by_role("button", name="Change the role").click()
    expect(page.get_by_text("is the last administrator and cannot lose that role.")).to_be_visible()
    page.get_by_role("button", name="Deactivate…").click()
    page.get_by_role("dialog").get_by_role("button", name="Deactivate").click()
    expect(page.get_by_text("is the last administrator and cannot be deactivated.")).to_be_visible()


def test_a_theme_is_chosen_and_kept(page: Page) -> None:
    page.goto("/")
    for label, theme in (("Dark", "dark"), ("Light", "light")):
        page.get_by_role("button", name="Theme").click()
        page.get_by_role("button", name=label, exact=True).click()
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="As the system").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "auto")


def test_the_keyboard_is_enough(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.goto("/administration/people/1/")
    page.get_by_role("button", name="Reset…").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Reset…")).to_be_focused()


def test_every_stop_of_the_keyboard_shows_where_it_is(page: Page) -> None:
    page.goto("/administration/people/")
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        where, outline = page.evaluate(
            "(at => [at.outerHTML.slice(0, 80), getComputedStyle(at).outlineStyle])(document.activeElement)"
        )
        if where.startswith("<body"):
            break
        assert outline == "solid", where
        seen.add(where)
    assert len(seen) > 10


def test_navigation_folds_away_on_a_narrow_screen(page: Page, axe: Callable[[Page], list[str]]) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    expect(page.get_by_role("link", name="Imports")).to_be_hidden()
    page.get_by_role("button", name="Open the navigation").click()
    expect(page.get_by_role("link", name="Imports")).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Imports")).to_be_hidden()


def test_signing_out_ends_the_session(fresh: Page, first_account: object) -> None:
    fresh.goto("/account/login/")
    fresh.get_by_label("Mail address").fill("ada@contoso.example")
    fresh.get_by_label("Password").fill("wrong, quite wrong")
    fresh.get_by_role("button", name="Sign in", exact=True).click()
    expect(fresh.get_by_role("alert")).to_contain_text("not correct")
    fresh.get_by_label("Mail address").fill("Ada@Contoso.example")
    fresh.get_by_label("Password").fill(PASSWORD)
    fresh.get_by_role("button", name="Sign in", exact=True).click()
    expect(fresh.get_by_role("heading", name="Overview")).to_be_visible()
    fresh.get_by_role("button", name="Your account").click()
    fresh.get_by_role("button", name="Sign out").click()
    expect(fresh.get_by_role("heading", name="Sign in")).to_be_visible()
    fresh.goto("/profile/")
    expect(fresh).to_have_url(re.compile("/account/login/"))


def test_a_passkey_is_added_and_signs_in(page: Page, first_account: object) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/profile/passkeys/add/")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery Codes")).to_be_visible()
    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
