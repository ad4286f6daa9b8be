"""A connection from New to its outcome, as `facts/the-system.md` §1 tells it, in a browser."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page

    class Watched(Protocol):
        complaints: list[str]

        def note(self, message: ConsoleMessage) -> None: ...


PICTURES = os.environ.get("SCREENSHOTS")
"""A folder for the pictures of the README; none are made without."""

LARGEST = 150_000


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(TenantOptions(users=1500, page_size_cap=50)) as simulator:
        yield simulator
        assert simulator.violations == []


@pytest.fixture
def page(browser: Browser, apart: Any, watched: Watched, simulator: Simulator) -> Iterator[Page]:
    """A page of the administrator of a beacon apart; nobody has consented to anything yet."""
    simulator.directory.organization_consents.clear()
    simulator.directory.user_consents.clear()
    context = browser.new_context(
        base_url=apart.served.address,
        storage_state=apart.session,
        viewport={"width": 1280, "height": 800},
        reduced_motion="reduce",
    )
    context.on("console", watched.note)
    page = context.new_page()

    def note(error: Error) -> None:
        watched.complaints.append(str(error))

    page.on("pageerror", note)
    yield page
    context.close()


def look(page: Page, axe: Callable[[Page], list[str]]) -> None:
    """The page at three widths in both themes: nothing sticks out, and axe has nothing to say."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        for width in (1920, 390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
                f"{page.url} at {width}"
            )
            if width != 1920:
                assert axe(page) == [], f"{page.url} at {width} in {theme}"
    page.emulate_media(color_scheme="light")


def picture(page: Page, name: str) -> None:
    if not PICTURES:
        return
    path = Path(PICTURES) / name
    page.screenshot(path=path, caret="initial")
    assert path.stat().st_size <= LARGEST, f"{name} has {path.stat().st_size} bytes"


def fill(page: Page, simulator: Simulator, name: str) -> None:
    page.get_by_label("Connection Name").fill(name)
    page.get_by_label("Token Endpoint").fill(simulator.token_endpoint)
    page.get_by_label("Redirect URI").fill(simulator.redirect_uri)
    page.get_by_label("Authorization Endpoint").fill(simulator.authorization_endpoint)
    page.get_by_label("Graph Root").fill(simulator.graph_root)


def sign_in(popup: Page, name: str = "Rita Reader", *, last: str = "Accept") -> None:
    """Microsoft's pages, as the documentation tells them."""
    expect(popup.get_by_role("heading", name="Pick an account")).to_be_visible()
    popup.get_by_role("button", name=name).click()
    popup.get_by_label("Password").fill("any")
    popup.get_by_role("button", name="Sign in").click()
    expect(popup.get_by_role("heading", name="Permissions requested")).to_be_visible()
    if last == "Accept":
        popup.get_by_label("Consent on behalf of your organization").check()
    popup.get_by_role("button", name=last).click()


def generate_by_pasting(page: Page) -> None:
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Generate…").click()
    popup = opened.value
    dialog = page.get_by_role("dialog", name="Sign in to Microsoft")
    expect(dialog).to_be_visible()
    with popup.expect_event("framenavigated", lambda frame: "code=" in frame.url):
        sign_in(popup)
    dialog.get_by_label("Address of the blank page").fill(popup.url)
    dialog.get_by_role("button", name="Use this address").click()
    expect(page.get_by_label("Refresh Token")).to_have_value("Generated – save to keep it")
    expect(dialog).to_be_hidden()


def add_own_app(page: Page, name: str, *, expires: int | None = None, proxy: str = "") -> None:
    """A connection that signs in with the secret of an app of its own."""
    page.goto("/inventory-systems/new/")
    page.get_by_label("Connection Name").fill(name)
    if proxy:
        page.get_by_label("Use Proxy").check()
        page.get_by_label("Proxy Server").fill(proxy)
    page.get_by_label("App registration").select_option("Your own app")
    page.get_by_label("Application (client) ID").fill(str(uuid4()))
    page.get_by_label("Authentication Flow").select_option("Client Credentials")
    page.get_by_label("Client Secret").fill("made up")
    if expires is not None:
        day = datetime.now(UTC).date() + timedelta(days=expires)
        page.get_by_label("Secret expires on").fill(day.isoformat())
    page.get_by_label("Tenant ID").fill(str(uuid4()))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"“{name}” is saved.")).to_be_visible()


def test_the_window_comes_back_by_itself(page: Page, simulator: Simulator) -> None:
    page.goto("/inventory-systems/new/")
    fill(page, simulator, "By itself")
    page.get_by_role("button", name="/connections/authorize/callback").click()
    expect(page.get_by_label("Redirect URI")).to_have_value(re.compile("/connections/authorize/callback$"))
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Generate…").click()
    popup = opened.value
    with popup.expect_event("close"):
        sign_in(popup)
    expect(page.get_by_label("Refresh Token")).to_have_value("Generated – save to keep it")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_declining_says_so_and_leaves_the_form_as_it_was(page: Page, simulator: Simulator) -> None:
    page.goto("/inventory-systems/new/")
    fill(page, simulator, "Declined")
    page.get_by_role("button", name="/connections/authorize/callback").click()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Generate…").click()
    with opened.value.expect_event("close"):
        sign_in(opened.value, last="Cancel")
    dialog = page.get_by_role("dialog", name="Sign in to Microsoft")
    expect(dialog.get_by_role("alert")).to_contain_text("declined")
    expect(dialog.get_by_text("The form is as it was.")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.get_by_label("Connection Name")).to_have_value("Declined")
    expect(page.get_by_label("Refresh Token")).to_have_value("")


def test_a_window_that_is_blocked_is_told_with_a_link(page: Page, simulator: Simulator) -> None:
    page.goto("/inventory-systems/new/")
    fill(page, simulator, "Blocked")
    page.evaluate("window.open = () => null")
    page.get_by_role("button", name="Generate…").click()
    dialog = page.get_by_role("dialog", name="Sign in to Microsoft")
    expect(dialog.get_by_role("alert")).to_contain_text("kept the sign-in window from opening")
    link = dialog.get_by_role("link", name="Open Microsoft’s sign-in")
    assert (link.get_attribute("href") or "").startswith(simulator.authorization_endpoint)


def test_a_form_that_is_not_whole_opens_no_window(page: Page, simulator: Simulator) -> None:
    page.goto("/inventory-systems/new/")
    page.get_by_label("Application (client) ID").fill("five")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Generate…").click()
    if not opened.value.is_closed():
        opened.value.wait_for_event("close")
    expect(page.get_by_text("It looks like 0f3a6d52")).to_be_visible()
    page.bring_to_front()
    expect(page.get_by_label("Application (client) ID")).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_fields_are_enabled_and_exposed_as_one_chooses(page: Page, axe: Callable[[Page], list[str]]) -> None:
    page.goto("/inventory-systems/new/")
    for label in ("Proxy Server", "Username"):
        expect(page.get_by_label(label)).to_be_disabled()
    page.get_by_label("Use Proxy").check()
    for label in ("Proxy Server", "Username"):
        expect(page.get_by_label(label)).to_be_enabled()
    page.get_by_label("Proxy Server").fill("socks5://proxy:1")
    expect(page.locator("#error-proxy")).to_contain_text("IPAddress:port")
    page.get_by_label("Proxy Server").fill("10.0.0.1:3128")
    expect(page.locator("#error-proxy")).to_be_empty()

    page.get_by_label("Authentication Flow").select_option("Client Credentials")
    expect(page.get_by_label("Authorization Endpoint")).to_be_hidden()
    expect(page.get_by_role("button", name="Generate…")).to_be_hidden()
    expect(page.get_by_label("Client Secret")).to_be_visible()
    page.get_by_label("Authentication Flow").select_option("Device Code")
    expect(page.get_by_role("button", name="Generate…")).to_be_visible()
    page.get_by_label("Authentication Flow").select_option("Authorization Code")
    expect(page.get_by_label("Authorization Endpoint")).to_be_visible()

    page.get_by_label("Cloud").select_option("China (operated by 21Vianet)")
    expect(page.get_by_label("Token Endpoint")).to_have_value(re.compile("partner.microsoftonline.cn"))
    expect(page.get_by_label("Graph Root")).to_have_value("https://microsoftgraph.chinacloudapi.cn")
    page.get_by_label("Cloud").select_option("Global (and US Government GCC)")
    page.get_by_label("App registration").select_option("Your own app")
    expect(page.get_by_label("Application (client) ID")).to_have_value("")
    page.get_by_label("Application (client) ID").fill("9d0f2f4e-6b7a-4f1e-8c3d-2b1a0f9e8d7c")
    expect(page.get_by_role("heading", name="Your own app")).to_be_visible()
    expect(page.get_by_role("link", name="Grant admin consent at Microsoft")).to_have_attribute(
        "href", re.compile("adminconsent.*9d0f2f4e")
    )
    for width in (390, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        for top in (0, 10_000):
            page.evaluate(f"scrollTo(0, {top})")
            expect(page.get_by_role("button", name="Save")).to_be_in_viewport(ratio=1)
            expect(page.get_by_role("button", name="Exit")).to_be_in_viewport(ratio=1)
    look(page, axe)
    page.get_by_label("App registration").select_option("FlexNet Manager Suite (multi-tenant app)")
    expect(page.get_by_label("Application (client) ID")).to_have_value("5bb1a5a2-0d97-4335-9448-119f7b27aff9")


def test_exit_asks_only_when_something_would_be_lost(page: Page) -> None:
    page.goto("/inventory-systems/new/")
    page.get_by_role("button", name="Exit").click()
    expect(page).to_have_url(re.compile("/inventory-systems/$"))
    page.goto("/inventory-systems/new/")
    page.get_by_label("Connection Name").fill("Lost")
    page.get_by_role("button", name="Exit").click()
    dialog = page.get_by_role("dialog", name="Leave without saving?")
    dialog.get_by_role("button", name="Stay").click()
    expect(page.get_by_label("Connection Name")).to_have_value("Lost")
    asked: list[str] = []

    def stay(question: Dialog) -> None:
        asked.append(question.type)
        question.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="Imports", exact=True).click(no_wait_after=True)
    expect(page.get_by_label("Connection Name")).to_have_value("Lost")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Exit").click()
    dialog.get_by_role("link", name="Leave").click()
    expect(page).to_have_url(re.compile("/inventory-systems/$"))


def test_a_code_for_another_device_is_shown_and_waited_for(page: Page, simulator: Simulator) -> None:
    page.goto("/inventory-systems/new/")
    fill(page, simulator, "Device")
    page.get_by_label("Authentication Flow").select_option("Device Code")
    page.get_by_role("button", name="Generate…").click()
    dialog = page.get_by_role("dialog", name="Sign in with a code")
    code = dialog.locator("#device-code").inner_text()
    other = page.context.new_page()
    other.goto(f"{simulator.login_root}/common/oauth2/deviceauth")
    other.get_by_label("Code").fill(code)
    other.get_by_role("button", name="Next").click()
    sign_in(other)
    other.close()
    expect(page.get_by_label("Refresh Token")).to_have_value("Generated – save to keep it", timeout=30_000)


def test_a_connection_is_made_as_documented_and_imports(
    page: Page, simulator: Simulator, axe: Callable[[Page], list[str]]
) -> None:
    page.goto("/")
    page.get_by_role("link", name="Inventory Systems", exact=True).click()
    expect(page.get_by_role("heading", name="No connection yet")).to_be_visible()
    look(page, axe)
    page.get_by_role("button", name="New: choose the type").click()
    expect(page.get_by_text("Microsoft Office 365 (deprecated)")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="Microsoft 365", exact=True).click()

    defaults = {
        "Token Endpoint": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "Application (client) ID": "5bb1a5a2-0d97-4335-9448-119f7b27aff9",
        "Redirect URI": "https://login.microsoftonline.com/common/oauth2/nativeclient",
        "Authentication Flow": "authorization-code",
        "Authorization Endpoint": "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        "Source Type": "microsoft-365",
    }
    for label, value in defaults.items():
        expect(page.get_by_label(label)).to_have_value(value)
    fill(page, simulator, "Contoso")
    generate_by_pasting(page)
    expect(page.get_by_text("Rita Reader")).to_be_visible()
    expect(page.get_by_text("Unsaved edits")).to_be_visible()
    look(page, axe)
    page.emulate_media(color_scheme="dark")
    place = "document.getElementById('id_client_id').getBoundingClientRect().top + scrollY"
    page.evaluate(f"scrollTo(0, {place} - 110)")
    assert page.evaluate("document.querySelector('.sb-header').getBoundingClientRect().top") == 0
    picture(page, "connection-form-dark.png")
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("“Contoso” is saved.")).to_be_visible()
    expect(page.get_by_role("radio", name="Select Contoso")).to_be_checked()
    simulator.latency_ms = 250
    page.get_by_role("button", name="Execute Now").click()
    expect(page.get_by_role("heading", name="Reading from Microsoft Graph")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("progressbar").first).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^users Reading"))).to_be_visible(timeout=60_000)
    assert axe(page) == []
    expect(page.get_by_text(re.compile("about .* left"))).to_be_visible(timeout=60_000)
    picture(page, "import-progress-light.png")
    simulator.latency_ms = 0
    expect(page.get_by_text("Succeeded", exact=True)).to_be_visible(timeout=120_000)
    expect(page.get_by_role("row", name=re.compile("^users Collected 1 500"))).to_be_visible()
    add_own_app(page, "Fabrikam", expires=12)
    add_own_app(page, "Northwind Traders", proxy="proxy.northwind.example:3128")
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_text("is disabled: it imports nothing")).to_be_visible()
    page.get_by_role("link", name="Inventory Systems", exact=True).click()
    expect(
        page.get_by_role("row", name=re.compile("Contoso.*succeeded.*Enabled", re.IGNORECASE))
    ).to_be_visible()
    expect(page.get_by_text("Not scheduled")).to_have_count(3)
    expect(page.get_by_text("The client secret ends in 12 days")).to_be_visible()
    page.get_by_role("radio", name="Select Contoso").check()
    look(page, axe)
    picture(page, "inventory-systems-light.png")
    page.get_by_role("link", name="Contoso", exact=True).click()
    look(page, axe)


def test_a_second_connection_to_the_tenant_is_refused_at_the_sign_in(
    page: Page, simulator: Simulator
) -> None:
    page.goto("/inventory-systems/new/")
    fill(page, simulator, "Second")
    page.get_by_role("button", name="/connections/authorize/callback").click()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Generate…").click()
    with opened.value.expect_event("close"):
        sign_in(opened.value)
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Contoso")
    expect(page.get_by_label("Refresh Token")).to_have_value("")


def test_it_is_tested_edited_disabled_and_deleted(
    page: Page, simulator: Simulator, axe: Callable[[Page], list[str]]
) -> None:
    page.goto("/inventory-systems/")
    page.get_by_role("row", name=re.compile("Contoso")).get_by_role("cell", name="Not scheduled").click()
    expect(page.get_by_role("radio", name="Select Contoso")).to_be_checked()
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_text("Everything that an import needs can be read.")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("row", name=re.compile("^Token Passed"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile(r"^signInActivity \(extra\) Denied"))).to_be_visible()
    look(page, axe)

    page.goto("/inventory-systems/")
    page.get_by_role("radio", name="Select Contoso").check()
    page.get_by_role("button", name="Edit…").click()
    expect(page.get_by_label("Refresh Token")).to_have_value("Stored – Generate… replaces it")
    page.get_by_label("Application (client) ID").fill(simulator.own_client_id)
    expect(page.get_by_text("Saving these edits forgets")).to_contain_text("Refresh Token")
    page.get_by_label("Application (client) ID").fill(simulator.multi_tenant_client_id)
    expect(page.get_by_text("Saving these edits forgets")).to_have_count(0)
    page.get_by_label("Connection Name").fill("Contoso <b>bold")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#error-name")).to_contain_text("letters, digits, underscores and spaces only")
    page.get_by_label("Connection Name").fill("Contoso Ltd")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“Contoso Ltd” is saved.")).to_be_visible()

    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_text("is disabled: it imports nothing")).to_be_visible()
    page.get_by_role("button", name="Enable").click()
    expect(page.get_by_text("“Contoso Ltd” is enabled.")).to_be_visible()

    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Users that came only through it")).to_be_visible()
    look(page, axe)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("alert")).to_contain_text("Type the connection’s name".replace("’", "'"))
    page.get_by_label("Type the connection’s name").fill("Contoso Ltd")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("“Contoso Ltd” is deleted.")).to_be_visible()
    expect(page.get_by_role("radio", name="Select Contoso Ltd")).to_have_count(0)
