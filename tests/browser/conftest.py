"""A real `seatbeacon serve` on a free port, and Debian's Chromium in front of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
from playwright.sync_api import expect, sync_playwright
from tests.secret_search import planted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page

ROOT = Path(__file__).parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# A page comes when it comes: on a busy machine the usual five seconds are short.
expect.set_options(timeout=60_000)
PASSWORD = planted("a quiet harbour at dawn")
MAIL = "ada@contoso.example"


@dataclass
class Served:
    """A beacon that runs: its address, home, and the one-time link that its first start printed."""

    address: str
    home: Path
    first_link: str
    process: subprocess.Popen[str]


@dataclass
class Apart:
    """A beacon apart from that of the other tests, and the session of its administrator."""

    served: Served
    session: dict[str, object]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with run_beacon(tmp_path_factory.mktemp("served")) as served:
        yield served


@contextmanager
def run_beacon(home: Path, **settings: str) -> Iterator[Served]:
    """A beacon with a home of its own, until the block ends. It may write no error to its log."""
    environ = {k: v for k, v in os.environ.items() if k not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}}
    environ |= {"SEATBEACON_HOME": str(home)} | settings
    with (home / "errors.log").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "seatbeacon.cli", "serve", "--port", "0"],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        assert process.stdout is not None
        told = ""
        for line in process.stdout:
            told += line
            if "/welcome/" in line:
                break
        found = re.search(r"is at (\S+)", told)
        link = re.search(r"http\S+/welcome/\S+", told)
        assert found, told + (home / "errors.log").read_text()
        assert link, told
        _wait_until_it_answers(found[1], process)
        try:
            yield Served(found[1], home, link[0], process)
        finally:
            process.terminate()
            status = process.wait(60)
            process.stdout.close()
        assert status == 0
    told = (home / "errors.log").read_text()
    assert "Traceback" not in told
    assert " ERROR " not in told


def _wait_until_it_answers(address: str, process: subprocess.Popen[str]) -> None:
    """The socket listens before the pages are loaded; a request then waits for them."""
    while process.poll() is None:
        try:
            assert requests.get(f"{address}/account/login/", timeout=60).status_code == 200
        except requests.ConnectionError:
            continue
        return
    raise AssertionError(f"serve ended with status {process.returncode}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """What the browser complained of."""

    complaints: list[str] = field(default_factory=list)

    def note(self, message: ConsoleMessage) -> None:
        # A status that is the page's own point, such as 404, is no fault of the page; nor is an indicator
        # that was asked for just as the person signed out.
        expected = ("Failed to load resource", "Response Status Error Code 401 from /imports/indicator/")
        if message.type in {"error", "warning"} and not message.text.startswith(expected):
            self.complaints.append(message.text)


@pytest.fixture
def watched() -> Iterator[Watched]:
    """Fails the test where a page broke its policy, or a script failed."""
    watched = Watched()
    yield watched
    assert watched.complaints == []


@pytest.fixture
def fresh(browser: Browser, served: Served, watched: Watched) -> Iterator[Page]:
    """A page in a browser that was never here."""
    context = browser.new_context(base_url=served.address, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.on("console", watched.note)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    yield page
    context.close()


@pytest.fixture(scope="session")
def first_account(browser: Browser, served: Served) -> dict[str, object]:
    """The first administrator's account, made through the printed link; the session it gave."""
    return make_first_account(browser, served)


def make_first_account(browser: Browser, served: Served) -> dict[str, object]:
    context = browser.new_context(base_url=served.address)
    page = context.new_page()
    page.goto(served.first_link)
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("Mail address").fill(MAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.wait_for_url(f"{served.address}/")
    # Ways to sign in are changed by whoever gave the password a moment ago.
    page.goto("/profile/authenticator/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(f"{served.address}/profile/authenticator/")
    state = dict(context.storage_state())
    context.close()
    return state


@pytest.fixture(scope="module")
def apart(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    """A beacon of one module's own, for tests that fill it, with its administrator's session."""
    with run_beacon(tmp_path_factory.mktemp("apart")) as served:
        yield Apart(served, make_first_account(browser, served))


@pytest.fixture(scope="session")
def stocked(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    """A beacon that holds one import of a simulated tenant with hard names, and its administrator's
    session."""
    home = tmp_path_factory.mktemp("stocked")
    command = [sys.executable, "-m", "seatbeacon.cli", "demo", "--users", "300", "--day", "0", "--no-serve"]
    subprocess.run([*command, "--home", str(home)], check=True, capture_output=True)  # noqa: S603 - our own
    with run_beacon(home) as served:
        yield Apart(served, make_first_account(browser, served))


@pytest.fixture
def stocked_page(browser: Browser, stocked: Apart, watched: Watched) -> Iterator[Page]:
    """A page of that beacon, with the administrator's session."""
    context = browser.new_context(
        base_url=stocked.served.address,
        storage_state=stocked.session,  # type: ignore[arg-type] # what storage_state gave
        viewport={"width": 1280, "height": 800},
    )
    page = context.new_page()
    page.on("console", watched.note)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    yield page
    context.close()


@pytest.fixture
def page(
    browser: Browser, served: Served, first_account: dict[str, object], watched: Watched
) -> Iterator[Page]:
    """A page with the administrator's session."""
    context = browser.new_context(
        base_url=served.address,
        storage_state=first_account,  # type: ignore[arg-type] # what storage_state gave
        viewport={"width": 1280, "height": 800},
    )
    page = context.new_page()
    page.on("console", watched.note)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    yield page
    context.close()


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page, by WCAG 2.2 AA and good practice."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@pytest.fixture
def axe() -> object:
    return violations
