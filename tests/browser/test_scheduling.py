"""A schedule from New to an import that began by itself, in a browser."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from playwright.sync_api import expect

from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page

    class Watched(Protocol):
        complaints: list[str]

        def note(self, message: ConsoleMessage) -> None: ...


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(TenantOptions(users=50)) as simulator:
        yield simulator


@pytest.fixture
def page(browser: Browser, apart: Any, watched: Watched) -> Iterator[Page]:
    """A page of the administrator of a beacon apart, who sits in New York."""
    context = browser.new_context(
        base_url=apart.served.address,
        storage_state=apart.session,
        viewport={"width": 1280, "height": 900},
        timezone_id="America/New_York",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.on("console", watched.note)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    yield page
    context.close()


def connect(apart: Any, simulator: Simulator, name: str) -> None:
    """A connection to the simulated tenant, as if somebody had signed in."""
    given = ["--token-endpoint", simulator.token_endpoint, "--graph-root", simulator.graph_root]
    subprocess.run(  # noqa: S603 - our own program
        [
            sys.executable,
            "-m",
            "seatbeacon.cli",
            "connection",
            "add",
            name,
            *given,
            "--refresh-token-file",
            "-",
        ],
        input=simulator.issue_refresh_token("reports-reader"),
        env=os.environ | {"SEATBEACON_HOME": str(apart.served.home)},
        text=True,
        check=True,
        capture_output=True,
    )


def wait_for_import(page: Page) -> None:
    """Go to the page of import 1, as soon as there is one: the worker looks every second."""
    end = time.monotonic() + 60
    while (answer := page.goto("/imports/1/")) is not None and answer.status == 404:
        assert time.monotonic() < end, "nothing began"


def look(page: Page, axe: Callable[[Page], list[str]]) -> None:
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
                f"{page.url} at {width}"
            )
            assert axe(page) == [], f"{page.url} at {width} in {theme}"
    page.emulate_media(color_scheme="light")


def test_a_schedule_is_made_chosen_and_imports_by_itself(
    page: Page, apart: Any, simulator: Simulator, axe: Callable[[Page], list[str]]
) -> None:
    connect(apart, simulator, "Contoso")
    page.goto("/scheduling/")
    page.get_by_role("link", name="New schedule").click()

    # The kind exposes its fields, and what they mean is told beside them.
    expect(page.get_by_label("Time zone")).to_have_value("America/New_York")
    expect(page.get_by_label("Times of day")).to_be_visible()
    page.get_by_label("Runs", exact=True).select_option("Every few minutes")
    expect(page.get_by_label("Times of day")).to_be_hidden()
    page.get_by_label("Minutes between two runs").fill("3")
    expect(page.get_by_text("Give a whole number of minutes, from 5 to 59.")).to_be_visible()
    page.get_by_label("Minutes between two runs").fill("20")
    expect(page.get_by_text("Every 20 minutes, America/New_York")).to_be_visible()
    page.get_by_label("Runs", exact=True).select_option("Monthly")
    page.get_by_label("Day", exact=True).select_option("On a weekday, such as the first Monday")
    page.get_by_label("Times of day").fill("02:00, 14:30")
    expect(
        page.get_by_text("On the first Monday of each month at 02:00 and 14:30, America/New_York")
    ).to_be_visible()
    look(page, axe)
    page.get_by_label("Runs", exact=True).select_option("Daily")
    page.get_by_label("Sunday").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Give the schedule a name")).to_be_visible()
    expect(page.get_by_label("Sunday")).not_to_be_checked()
    page.get_by_label("Name").fill("Every night")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“Every night” is saved:")).to_be_visible()
    expect(page.get_by_text("No connection hangs on it")).to_be_visible()

    # Schedule… in the list of connections.
    page.get_by_role("link", name="Inventory Systems").click()
    page.get_by_role("button", name="Schedule…").click()
    page.get_by_label("Schedule", exact=True).select_option("Every night")
    expect(page.locator("#chosen li")).to_have_count(5)
    look(page, axe)
    page.get_by_role("button", name="Save").click()
    row = page.get_by_role("row", name="Contoso")
    expect(row.get_by_role("link", name="Every night")).to_be_visible()
    expect(row.locator("time")).to_have_count(1)

    # Its time comes (as if the worker had slept through it), and the worker does the rest.
    with closing(sqlite3.connect(apart.served.home / "seatbeacon.sqlite3", timeout=30)) as database:
        database.execute("UPDATE beacon_schedule SET next_run_at = '2026-01-01 20:30:00'")
        database.commit()
    wait_for_import(page)
    expect(page.get_by_role("definition").filter(has_text="Succeeded")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("definition").filter(has_text="Schedule")).to_be_visible()

    page.goto("/scheduling/")
    page.get_by_role("button", name="Connections of Every night").click()
    expect(page.get_by_role("link", name="Import 1: succeeded")).to_be_visible()
    look(page, axe)
    page.get_by_role("link", name="Every night", exact=True).click()
    expect(page.get_by_text("makes up for")).to_be_visible()
    look(page, axe)

    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_text("This connection moves to Not scheduled")).to_be_visible()
    look(page, axe)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("1 connection moved to Not scheduled.")).to_be_visible()
    page.get_by_role("button", name="Connections that are not scheduled").click()
    expect(page.get_by_role("link", name="Contoso", exact=True)).to_be_visible()
