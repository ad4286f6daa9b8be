"""To a real issuer and back, in a browser that holds the pages to their Content-Security-Policy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Watched, run_beacon
from tests.real_parts.conftest import missing
from tests.real_parts.openid.provider import SECRET, SIGN_ON_CLIENT, made_certificate, running

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_person_signs_in_by_the_issuer_and_out_again(
    browser: Browser, watched: Watched, axe: Callable[[Page], list[str]], tmp_path: Path
) -> None:
    with running(made_certificate(), missing) as issuer:
        settings = {
            "SEATBEACON_OIDC_SERVER": issuer.issuer,
            "SEATBEACON_OIDC_CLIENT_ID": SIGN_ON_CLIENT,
            "SEATBEACON_OIDC_CLIENT_SECRET": SECRET,
            "SEATBEACON_OIDC_NAME": "Sign in with Contoso",
            "SEATBEACON_OIDC_ROLE": "viewer",
        }
        with run_beacon(tmp_path, **settings) as served:
            context = browser.new_context(base_url=served.address)
            page = context.new_page()
            page.on("console", watched.note)
            page.goto("/imports/")
            page.get_by_role("button", name="Sign in with Contoso").click()
            page.locator("input[name=login]").fill(
                json.dumps({"sub": "adele", "name": "Adele Vance", "email": "adele@contoso.com"})
            )
            page.get_by_role("button", name="Go on").click()
            page.get_by_role("button", name="Go on").click()
            expect(page.get_by_role("heading", name="Imports")).to_be_visible()
            page.goto("/profile/single-sign-on/")
            expect(page.get_by_role("rowheader", name="adele@contoso.com")).to_be_visible()
            assert axe(page) == []
            page.goto("/")
            page.get_by_role("button", name="Your account").click()
            page.get_by_role("button", name="Sign out").click()
            expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
            page.get_by_role("button", name="Sign in with Contoso").click()
            page.get_by_role("button", name="Decline").click()
            expect(page.get_by_text("The sign-in was declined.")).to_be_visible()
            assert axe(page) == []
            context.close()
