"""The fixtures of the pages' tests, a simulated tenant, and a form that is filled in for it."""

from __future__ import annotations

import html
import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

    from seatbeacon.beacon.settings import Settings


def _shared() -> Any:
    place = Path(__file__).parents[1] / "web" / "conftest.py"
    spec = importlib.util.spec_from_file_location("seatbeacon_web_fixtures", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_web = _shared()
prepared = _web.prepared
password_hash = _web.password_hash
home = _web.home
make_user = _web.make_user
sign_in = _web.sign_in
administrator = _web.administrator
viewer = _web.viewer


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    with Simulator(TenantOptions(users=40)) as simulator:
        yield simulator
        assert simulator.violations == []


@pytest.fixture
def typed(simulator: Simulator) -> Callable[..., dict[str, str]]:
    """What the form sends: the simulated tenant's fields, with those given by name changed."""

    simulator.directory.organization_consents.clear()
    simulator.directory.user_consents.clear()

    def make(**changes: str) -> dict[str, str]:
        fields = {
            "name": "Contoso",
            "source_type": "microsoft-365",
            "preset": "flexnet-manager-suite",
            "cloud": "global",
            "token_endpoint": simulator.token_endpoint,
            "client_id": simulator.multi_tenant_client_id,
            "redirect_uri": simulator.redirect_uri,
            "flow": "authorization-code",
            "authorization_endpoint": simulator.authorization_endpoint,
            "graph_root": simulator.graph_root,
        }
        return {name: value for name, value in (fields | changes).items() if value is not None}

    return make


@pytest.fixture
def walk() -> Callable[..., str]:
    """Walks Microsoft's sign-in pages as a person would, and returns the address they end on."""

    def go(url: str, *, account: str = "reports-reader", decline: bool = False) -> str:
        session = requests.Session()
        page = session.get(url, timeout=30, allow_redirects=False)
        steps: list[dict[str, str]] = [{"account": account}, {"passwd": "x", "signin": "1"}]
        steps.append({"cancel": "1"} if decline else {"accept": "1", "consent_all": "1"})
        for step in steps:
            if page.status_code in {301, 302, 303}:
                break
            found = re.search(r'name="ctx" value="([^"]+)"', page.text)
            assert found, page.text
            action = re.search(r'action="([^"]+)"', page.text)
            assert action
            target = requests.compat.urljoin(url, action[1])
            pressed = {"denied": "1"} if "Need admin approval" in page.text else step
            form = {"ctx": html.unescape(found[1])} | pressed
            page = session.post(target, data=form, timeout=30, allow_redirects=False)
        return page.headers["Location"]

    return go


@pytest.fixture
def generate(
    administrator: Client, typed: Callable[..., dict[str, str]], walk: Callable[..., str]
) -> Callable[..., str]:
    """Generate… by pasting, and the handle of what it brought."""

    def go(**changes: str) -> str:
        begun = administrator.post("/inventory-systems/new/authorize/", typed(**changes)).content.decode()
        number, url = handle_in(begun), url_in(begun)
        answer = administrator.post(f"/connections/authorize/{number}/paste/", {"address": walk(url)})
        filled = answer.content.decode()
        assert "Generated – save to keep it" in filled, filled
        assert answer["HX-Trigger-After-Settle"] == "authorized"
        found = re.search(r'name="authorization"[^>]* value="([^"]+)"', filled)
        assert found
        return html.unescape(found[1])

    return go


def handle_in(page: str) -> str:
    found = re.search(r"/connections/authorize/([^/\"]+)/(?:paste/|\")", page)
    assert found, page
    return found[1]


def url_in(page: str) -> str:
    found = re.search(r'data-authorize="([^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


@pytest.fixture
def handle_of() -> Callable[[str], str]:
    return handle_in


@pytest.fixture
def url_of() -> Callable[[str], str]:
    return url_in


@pytest.fixture
def saved(
    administrator: Client, typed: Callable[..., dict[str, str]], generate: Callable[..., str], home: Settings
) -> Callable[..., int]:
    """A connection that was generated and saved through the form; its number."""

    def go(**changes: str) -> int:
        from seatbeacon.beacon.models import Connection  # noqa: PLC0415 - once Django is set up

        fields = typed(**changes)
        answer = administrator.post(
            "/inventory-systems/new/", fields | {"authorization": generate(**changes)}
        )
        assert answer.status_code == 302, answer.content.decode()
        return Connection.objects.get(name=fields["name"]).pk

    return go
