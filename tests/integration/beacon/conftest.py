from __future__ import annotations

# ruff: noqa: E402 - models can be imported once Django is set up
import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import django
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.prepared import DATABASE, prepare

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seatbeacon.beacon.django_settings")
django.setup()

from django.db import connections

from seatbeacon.beacon.connections.certificates import pack_certificate
from seatbeacon.beacon.connections.drafts import Given
from seatbeacon.beacon.models import AuditEntry
from seatbeacon.beacon.start import start
from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.graph.secret import Secret


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose tables are made, once per process; tests get copies."""
    return prepare(tmp_path_factory.mktemp("prepared"), start)


@pytest.fixture
def home(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The settings of a home of this test's own, its database made."""
    for name in ("DATABASE_URL", "SEATBEACON_INVENTORY", "SEATBEACON_SECRET_KEYS"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    shutil.copy(prepared / DATABASE, folder)
    monkeypatch.setenv("SEATBEACON_HOME", str(folder))
    connections.close_all()
    monkeypatch.setitem(connections["default"].settings_dict, "NAME", str(folder / DATABASE))
    yield start()
    connections.close_all()


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A small simulated tenant."""
    with Simulator(TenantOptions(users=20)) as running:
        yield running
        for report in running._reports._kept.values():
            report.open().close()


@pytest.fixture
def form(simulator: Simulator) -> Given:
    """A form that is filled in for the simulated tenant."""
    return Given(
        token_endpoint=simulator.token_endpoint,
        authorization_endpoint=simulator.authorization_endpoint,
        redirect_uri=simulator.redirect_uri,
        graph_root=simulator.graph_root,
    )


class Browser:
    """Goes through the simulated tenant's sign-in pages as a person would, button by button."""

    def __init__(self, simulator: Simulator) -> None:
        self._root = simulator.login_root

    def sign_in(self, url: str, account: str = "reports-reader", **last: str) -> str:
        """Pick an account, give its password, and accept (or press what `last` says); the address it ends
        on."""
        page = self._press(self._open(url), account=account)
        page = self._press(page, passwd="any", signin="1")
        while page.status_code == 200:
            page = self._press(page, **(last or {"accept": "1", "consent_all": "1"}))
        return page.headers["Location"]

    def enter_code(self, code: str, account: str = "reports-reader", **last: str) -> str:
        """Sign in on another device with a user code; the text of the last page."""
        address = f"{self._root}/common/oauth2/deviceauth"
        page = requests.post(address, data={"otc": code}, timeout=20)
        page = self._press(page, account=account)
        page = self._press(page, passwd="any", signin="1")
        while "ctx" in page.text:
            page = self._press(page, **(last or {"accept": "1", "consent_all": "1"}))
        return page.text

    @staticmethod
    def _open(url: str) -> requests.Response:
        return requests.get(url, timeout=20, allow_redirects=False)

    def _press(self, page: requests.Response, **buttons: str) -> requests.Response:
        found = re.search(r'name="ctx" value="([^"]+)"', page.text)
        assert found, page.text
        form = {"ctx": found[1], **buttons}
        return requests.post(f"{self._root}/common/login", data=form, timeout=20, allow_redirects=False)


@pytest.fixture
def browser(simulator: Simulator) -> Browser:
    return Browser(simulator)


@pytest.fixture
def certificate() -> Callable[..., Secret]:
    """Makes a certificate with its key, packed as a secret, that ends after some days."""

    def make(days: int = 300) -> Secret:
        now = datetime.now(UTC)
        key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "beacon")])
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        builder = builder.serial_number(1).not_valid_before(now - timedelta(days=400))
        made = builder.not_valid_after(now + timedelta(days=days)).sign(key, hashes.SHA256())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return pack_certificate(made.public_bytes(Encoding.PEM) + pem, None)

    return make


@pytest.fixture
def audit() -> Callable[[], list[tuple[str, str, dict[str, Any]]]]:
    """The audit log so far: action, target and details."""
    return lambda: list(AuditEntry.objects.order_by("pk").values_list("action", "target", "details"))
