"""The fixtures of the pages' tests, in a home that holds one import of a simulated tenant."""

from __future__ import annotations

# ruff: noqa: E402 - models can be imported once Django is set up
import html
import importlib.util
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import pytest
from tests.connecting import connect
from tests.prepared import DATABASE, prepare

django.setup()

from django.core.cache import cache
from django.db import connections

from seatbeacon.beacon.imports.execute import run_import
from seatbeacon.beacon.imports.versions import choose_version, version_path
from seatbeacon.beacon.models import ImportRun, InventoryVersion, RunState, Tenant, Trigger
from seatbeacon.beacon.settings import load_settings
from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seatbeacon.beacon.settings import Settings

USERS = 120


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
make_user = _web.make_user
sign_in = _web.sign_in
administrator = _web.administrator
viewer = _web.viewer


@pytest.fixture(scope="session")
def stocked(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one published import, once per process; tests get its database copied, and read its
    inventory, which no reader changes."""
    home = tmp_path_factory.mktemp("stocked")
    shutil.copy(prepared / DATABASE, home)
    return prepare(home, _import)


def _import() -> None:
    settings = load_settings()
    with Simulator(TenantOptions(users=USERS)) as simulator:
        run_import(settings, connect(settings, simulator), Trigger.CLI)


@pytest.fixture
def home(stocked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The settings of a home of this test's own that holds the import."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    shutil.copy(stocked / DATABASE, folder)
    monkeypatch.setenv("SEATBEACON_HOME", str(folder))
    monkeypatch.setenv("SEATBEACON_INVENTORY", str(stocked / "inventory"))
    connections.close_all()
    monkeypatch.setitem(connections["default"].settings_dict, "NAME", str(folder / DATABASE))
    yield load_settings()
    cache.close()
    connections.close_all()


@pytest.fixture
def inventory(home: Settings) -> Path:
    """The version file that the pages read."""
    return version_path(home, choose_version(None))


@pytest.fixture
def second_tenant(home: Settings) -> Tenant:
    """Another tenant, with the same inventory."""
    first, now = InventoryVersion.objects.get(), datetime(2026, 9, 1, 8, tzinfo=UTC)
    run = ImportRun.objects.create(trigger=Trigger.CLI, state=RunState.SUCCEEDED, queued_at=now)
    tenant = Tenant.objects.create(
        id="22222222-0000-4000-8000-000000000000", display_name="<i>Fabrikam</i>", created_at=now
    )
    InventoryVersion.objects.create(
        tenant=tenant, run=run, file=first.file, created_at=now, published_at=now, current=True
    )
    return tenant


class Page:
    """What a person sees of a list's page."""

    def __init__(self, text: str) -> None:
        self.text = text

    @property
    def words(self) -> str:
        """The page without its marks, blanks made one."""
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", self.text)).split())

    @property
    def rows(self) -> list[list[str]]:
        """The cells of the table's body, in words."""
        body = self.text.partition("<tbody>")[2].partition("</tbody>")[0]
        return [
            [
                " ".join(html.unescape(re.sub(r"<[^>]+>", "", cell)).split())
                for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
            ]
            for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
        ]

    def links(self, label: str) -> list[str]:
        """Where links of that accessible name or text lead."""
        found = re.findall(r'<a [^>]*?href="([^"]*)"([^>]*)>(.*?)</a>', self.text, re.DOTALL)
        return [
            html.unescape(address)
            for address, more, inner in found
            if label
            in {html.unescape(_named(more)), " ".join(html.unescape(re.sub(r"<[^>]+>", " ", inner)).split())}
        ]


def _named(attributes: str) -> str:
    found = re.search(r'aria-label="([^"]*)"', attributes)
    return found[1] if found else ""


@pytest.fixture
def see() -> Any:
    """Opens an address and follows where it leads: `see(client, "/users/")`."""

    def open_(client: Any, address: str) -> Page:
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, answer.content.decode()[:500]
        return Page(answer.content.decode())

    return open_
