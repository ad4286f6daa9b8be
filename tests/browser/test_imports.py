"""An import that would remove too many is held, discarded or published; versions are gone back to."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Apart, make_first_account, run_beacon
from tests.browser.test_pages import look_at

from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page
    from tests.browser.conftest import Watched

LATER = 200
"""Days after which two in five of the users have left: an import then is held."""


@dataclass
class Tenant:
    """A beacon with an import that was published and one that is held."""

    apart: Apart
    home: Path

    def imported(self) -> None:
        """Import once more, which is held again."""
        command_line(self.home, "import", "run", "Contoso")


def command_line(home: Path, *arguments: str, text: str = "") -> None:
    environ = {k: v for k, v in os.environ.items() if k not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}}
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-m", "seatbeacon.cli", *arguments],
        input=text,
        text=True,
        env=environ | {"SEATBEACON_HOME": str(home)},
        capture_output=True,
        check=False,
    )
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def tenant(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    home = tmp_path_factory.mktemp("held")
    with Simulator(TenantOptions(users=80)) as simulator:
        command_line(
            home,
            *("connection", "add", "Contoso", "--token-endpoint", simulator.token_endpoint),
            *("--graph-root", simulator.graph_root, "--refresh-token-file", "-"),
            text=simulator.issue_refresh_token(),
        )
        command_line(home, "import", "run", "Contoso")
        simulator.set_day(LATER)
        command_line(home, "import", "run", "Contoso")
        with run_beacon(home) as served:
            yield Tenant(Apart(served, make_first_account(browser, served)), home)


@pytest.fixture
def page(browser: Browser, tenant: Tenant, watched: Watched) -> Iterator[Page]:
    context = browser.new_context(
        base_url=tenant.apart.served.address,
        storage_state=tenant.apart.session,  # type: ignore[arg-type] # what storage_state gave
        viewport={"width": 1280, "height": 800},
    )
    page = context.new_page()
    page.on("console", watched.note)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    yield page
    context.close()


@pytest.mark.parametrize(
    "address", ["/imports/", "/imports/1/", "/imports/2/", "/imports/2/held/", "/imports/versions/"]
)
def test_the_pages_of_imports_are_accessible(
    page: Page, address: str, axe: Callable[[Page], list[str]]
) -> None:
    look_at(page, address, axe)


def test_a_held_import_is_looked_at_discarded_and_the_next_one_published_by_keyboard(
    page: Page, tenant: Tenant
) -> None:
    before = users(page)
    page.goto("/imports/2/")
    expect(page.get_by_text("What was published before is still what readers see.")).to_be_visible()
    page.get_by_role("link", name="Look at who would go").click()
    expect(page.get_by_role("heading", level=1, name="Who would go")).to_be_visible()
    would_go = int(page.locator(".sb-tile .sb-value").first.inner_text())
    page.get_by_label("Table of departments").get_by_role("link").nth(1).click()
    expect(page).to_have_url(re.compile(r"department="))
    page.go_back()

    page.get_by_role("button", name="Discard…").click()
    page.get_by_role("dialog").get_by_role("button", name="Discard").click()
    expect(page.get_by_text("Discarded").first).to_be_visible()
    assert users(page) == before

    tenant.imported()
    page.goto("/imports/3/")
    page.get_by_role("button", name="Publish…").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Publish this import?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Readers see it since then")).to_be_visible()
    page.get_by_role("link", name=re.compile(rf"^−{would_go}$")).click()
    expect(page.get_by_text("Users who left").first).to_be_visible()
    expect(page.get_by_text(re.compile(rf"\b{would_go}\b")).first).to_be_visible()
    assert users(page) != before


def test_a_version_is_gone_back_to_and_forth_from(page: Page) -> None:
    after = users(page)
    page.goto("/imports/versions/")
    page.get_by_role("button", name=re.compile("^Go back to version")).last.click()
    page.get_by_role("dialog").get_by_role("button", name="Go back").click()
    expect(page.get_by_text(re.compile("Readers of .* see version 1 from now on"))).to_be_visible()
    assert users(page) != after
    page.goto("/imports/versions/")
    page.get_by_role("button", name=re.compile("^Go back to version")).first.click()
    page.get_by_role("dialog").get_by_role("button", name="Go back").click()
    expect(page.get_by_text(re.compile("Readers of .* from now on"))).to_be_visible()
    assert users(page) == after


def test_steps_unfold_and_the_log_is_taken_along(page: Page) -> None:
    page.goto("/imports/1/")
    page.get_by_text("Read from Microsoft 365").click()
    expect(page.get_by_label("Table of datasets")).to_be_hidden()
    page.get_by_text("Read from Microsoft 365").click()
    expect(page.get_by_label("Table of datasets").get_by_text("activeUsers")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Log", exact=True).click()
    assert "Published" in taken.value.path().read_text("utf-8")


def users(page: Page) -> str:
    """How many users readers see."""
    page.goto("/users/")
    return (
        page.get_by_text(re.compile(r"^\s*[\d\u202f\u00a0 ]+ users, by")).inner_text().partition(" users")[0]
    )
