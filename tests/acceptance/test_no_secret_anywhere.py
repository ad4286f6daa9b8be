"""A beacon with a secret of each kind in use: none is found in anything that it stores, shows or says."""

from __future__ import annotations

# ruff: noqa: E402 - Django's routes are known once it is set up
import base64
import os
import re
import subprocess
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import django
import duckdb
import psutil
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

django.setup()

from django.urls import get_resolver
from tests.acceptance.administrator import Administrator, filled_in
from tests.secret_search import Search, planted

from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator
from seatbeacon.web.access import BY_TOKEN, access_of, routes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.acceptance.conftest import CommandLine

KEYS = base64.b64encode(b"planted key of the beacon, 32 b.").decode()
PASSWORD = planted("password of Ada")
PASSPHRASE = planted("passphrase")
GIVEN = {
    "account password": PASSWORD,
    "wrong password": planted("wrong password"),
    "refresh token that was given": planted("refresh-token"),
    "proxy password": planted("proxy password/é"),
    "certificate passphrase": PASSPHRASE,
    "notification password": planted("notification-password"),
    "single sign-on secret": planted("single-sign-on"),
    "key of secrets": KEYS,
}
OF_THE_ENVIRONMENT = ("single sign-on secret", "key of secrets")
"""What an administrator chose to hand over by the environment: there the processes have it."""
SHOWN = (
    ("connection", "list", "--format", "json"),
    *(("connection", "show", name) for name in ("Contoso", "App", "Certified", "Behind")),
    ("import", "list", "--format", "json"),
    ("import", "show", "1"),
    ("settings", "--format", "json"),
    ("secrets", "show"),
    ("secrets", "check"),
    ("schedule", "list"),
)
NOT_WALKED = re.compile(r"^(account/logout|welcome/|profile/authenticator/$|profile/codes/|api/)")
"""Signing out, and the pages whose purpose is to show somebody his own new secret."""


def certificate() -> tuple[bytes, bytes, str]:
    """A PFX with a passphrase, the certificate alone, and the beginning of its key's number."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "beacon")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(days=1))
    made = builder.not_valid_after(now + timedelta(days=90)).sign(key, hashes.SHA256())
    sealed = BestAvailableEncryption(PASSPHRASE.encode())
    pfx = pkcs12.serialize_key_and_certificates(b"beacon", key, made, None, sealed)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return pfx, made.public_bytes(Encoding.DER), pem.splitlines()[3]


@pytest.fixture
def tenants(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[Simulator], dict[str, str]]]:
    """Three tenants, and all secrets that they issue, as they do."""
    issued: dict[str, str] = {}

    def remember(simulator: Simulator, kind: str) -> None:
        issue = getattr(simulator.mint, kind)

        def remembered(*arguments: Any, **options: Any) -> str:
            token: str = issue(*arguments, **options)
            issued[f"{kind.replace('_', ' ')} {len(issued)}"] = token
            return token

        monkeypatch.setattr(simulator.mint, kind, remembered)

    with ExitStack() as running:
        simulators = [running.enter_context(Simulator(TenantOptions(users=40, seed=n + 1))) for n in range(3)]
        for simulator in simulators:
            for kind in ("access_token", "refresh_token", "id_token"):
                remember(simulator, kind)
            issued[f"client secret of {simulator.tenant.id}"] = simulator.client_secret
        yield simulators, issued
        for simulator in simulators:
            for report in simulator._reports._kept.values():
                report.open().close()


@contextmanager
def serving(seatbeacon: CommandLine, log: Path) -> Iterator[tuple[str, str, subprocess.Popen[str]]]:
    """`serve` with its worker: its address, the link of its first start, and the process."""
    with log.open("w") as lines:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [seatbeacon.program, "serve", "--port", "0"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=lines,
            text=True,
            env=seatbeacon.environment,
        )
        assert process.stdout is not None
        address = process.stdout.readline().rpartition(" ")[2].strip()
        link = ""
        while "/welcome/" not in link:
            link = process.stdout.readline()
            assert link, log.read_text()
        try:
            _wait_for(address, process)
            yield address, link.split()[-1], process
        finally:
            process.terminate()
            process.communicate()


def _wait_for(address: str, process: subprocess.Popen[str]) -> None:
    """The link is told before the pages are loaded."""
    while process.poll() is None:
        with suppress(requests.ConnectionError):
            assert requests.get(f"{address}/healthz/live", timeout=60).ok
            return
    raise AssertionError(process.returncode)


class Watch(threading.Thread):
    """Notes every command line on the machine, and the environment of the beacon's own processes."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        super().__init__()
        self._process = psutil.Process(process.pid)
        self._over = threading.Event()
        self.command_lines: set[str] = set()
        self.environments: set[str] = set()

    def run(self) -> None:
        """Until `end`."""
        own = os.getpid()
        while not self._over.wait(0.3):
            for each in psutil.process_iter(["cmdline"]):
                self.command_lines.add("\0".join(each.info["cmdline"] or ()))
            for each in (self._process, *psutil.Process(own).children(recursive=True)):
                try:
                    self.environments.add(str(each.environ()))
                except psutil.Error:
                    continue

    def end(self) -> None:
        """Stop looking."""
        self._over.set()
        self.join()


def forms(simulators: list[Simulator]) -> dict[str, dict[str, str]]:
    """What is typed into the form for each of the connections."""
    base = {"source_type": "microsoft-365", "cloud": "global", "preset": "own-app"}

    def at(simulator: Simulator) -> dict[str, str]:
        return {
            "token_endpoint": simulator.token_endpoint,
            "authorization_endpoint": simulator.authorization_endpoint,
            "redirect_uri": simulator.redirect_uri,
            "graph_root": simulator.graph_root,
        }

    contoso, app, certified = simulators
    own = {"flow": "client-credentials"}
    return {
        "Contoso": base
        | at(contoso)
        | {
            "name": "Contoso",
            "client_id": contoso.multi_tenant_client_id,
            "preset": "flexnet-manager-suite",
            "flow": "authorization-code",
        },
        "App": base
        | at(app)
        | own
        | {
            "name": "App",
            "client_id": app.own_client_id,
            "tenant_id": app.tenant.id,
            "client_secret": app.client_secret,
        },
        "Certified": base
        | at(certified)
        | own
        | {
            "name": "Certified",
            "client_id": certified.own_client_id,
            "tenant_id": certified.tenant.id,
            "certificate_passphrase": PASSPHRASE,
        },
    }


def dumped(version: Path) -> str:
    """All that an inventory file holds, as text."""
    with duckdb.connect(str(version), read_only=True) as inventory:
        tables = [name for (name,) in inventory.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        assert tables
        return "\n".join(str(inventory.table(name).fetchall()) for name in tables)


def test_no_secret_is_found_anywhere(
    seatbeacon: CommandLine, tenants: tuple[list[Simulator], dict[str, str]], tmp_path: Path
) -> None:
    simulators, issued = tenants
    pfx, der, key_line = certificate()
    simulators[2].directory.register_certificate(der)
    secrets = dict(GIVEN) | {"key of the certificate": key_line}
    seatbeacon.environ |= {
        "SEATBEACON_SECRET_KEYS": KEYS,
        "SEATBEACON_OIDC_SERVER": "http://127.0.0.1:9",
        "SEATBEACON_OIDC_CLIENT_ID": "beacon",
        "SEATBEACON_OIDC_CLIENT_SECRET": secrets["single sign-on secret"],
        "SEATBEACON_LOG_LEVEL": "DEBUG",
        "SEATBEACON_LOG_FORMAT": "json",
    }
    log = tmp_path / "serve.log"
    told: list[tuple[str, str | bytes]] = []
    with serving(seatbeacon, log) as (address, link, process):
        watch = Watch(process)
        watch.start()
        try:
            ada = Administrator(address, PASSWORD)
            secrets |= _used(ada, link, simulators, pfx)
            told += _at_the_command_line(seatbeacon)
            told += _over_the_api(address, secrets["API token"])
            _look_around(ada, simulators)
        finally:
            watch.end()
        told += ada.told
    for command in SHOWN:
        done = seatbeacon(*command)
        told += [(" ".join(command), done.stdout), (" ".join(command), done.stderr)]
    told += [("command lines", "\n".join(watch.command_lines)), ("log", log.read_text())]
    versions = list((seatbeacon.home / "inventory").rglob("*.duckdb"))
    assert len(versions) == 3
    told += [(str(version), dumped(version)) for version in versions]
    assert any("serve" in line for line in watch.command_lines)
    assert all("SEATBEACON_HOME" in told for told in watch.environments)
    assert watch.environments

    kinds = {name.rstrip(" 0123456789") for name in issued}
    assert kinds >= {"access token", "refresh token", "id token"}
    search = Search(secrets | issued)
    found = [line for where, text in told for line in search.text(where, text)]
    found += search.folder(seatbeacon.home)
    elsewhere = {name: text for name, text in search.secrets.items() if name not in OF_THE_ENVIRONMENT}
    found += Search(elsewhere).text("an environment", "\n".join(watch.environments))
    assert "\n".join(found) == ""


def _used(ada: Administrator, link: str, simulators: list[Simulator], pfx: bytes) -> dict[str, str]:
    """Have every kind of secret used; those that came of it."""
    ada.begin(link)
    wrong = requests.Session()
    page = wrong.get(f"{ada.address}/account/login/", timeout=60)
    form = {"csrfmiddlewaretoken": wrong.cookies["seatbeacon_csrf"], "login": "ada@contoso.example"}
    form |= {"password": GIVEN["wrong password"]}
    page = wrong.post(f"{ada.address}/account/login/", data=form, timeout=60)
    assert "not correct" in page.text
    made = {
        "first link": link.rpartition("/welcome/")[2].strip("/"),
        "TOTP key": ada.set_up_authenticator(),
        "API token": ada.make_token("administer"),
        "invitation": ada.invite("grace@contoso.example"),
        "session key": ada.session_key,
    }
    target = {"name": "Hook", "events": ["import-failed"], "enabled": "on"}
    hook = f"json://ada:{GIVEN['notification password']}@127.0.0.1:9/hook"
    ada.post("/administration/notifications/new/", target | {"address": hook})
    typed = forms(simulators)
    ada.connect(typed["Contoso"] | {"authorization": ada.generate(typed["Contoso"], simulators[0])})
    ada.connect(typed["App"])
    ada.connect(typed["Certified"], files={"certificate": ("own.pfx", pfx)})
    ada.post("/inventory-systems/new/authorize/", typed["Contoso"] | {"flow": "device-code"})
    (made["device code"],) = simulators[0].directory.device_codes
    return made


def _at_the_command_line(seatbeacon: CommandLine) -> list[tuple[str, str]]:
    """A connection whose secrets come by standard input and by a file, and whose run fails; what was told."""
    password = seatbeacon.home.parent / "proxy.secret"
    password.write_text(GIVEN["proxy password"], "utf-8")
    proxy = ["--proxy", "http://127.0.0.1:9", "--proxy-username", "beacon", "--proxy-password-file"]
    told = []
    options = [*proxy, str(password), "--refresh-token-file", "-"]
    done = seatbeacon("connection", "add", "Behind", *options, text=GIVEN["refresh token that was given"])
    told += [("connection add", done.stdout + done.stderr)]
    running = seatbeacon.start("import", "run", "Behind", "--debug")
    told += [("import run", text) for text in running.communicate()]
    assert running.returncode == 1
    return told


def _over_the_api(address: str, token: str) -> list[tuple[str, bytes]]:
    """Run every connection but the one that cannot, and ask everything; what was answered."""
    told = []

    def ask(path: str, method: str = "GET") -> Any:
        answer = requests.request(
            method, f"{address}/api/v1/{path}", headers={"Authorization": f"Bearer {token}"}, timeout=60
        )
        assert answer.status_code in {502, *range(200, 500)}, answer.text
        told.append((f"{method} /api/v1/{path}", answer.content))
        return answer.json() if "json" in answer.headers["Content-Type"] else None

    connections = {one["name"]: one["id"] for one in ask("connections")["items"]}
    for name, number in connections.items():
        if name != "Behind":
            ask(f"connections/{number}/runs", "POST")
        ask(f"connections/{number}/test", "POST")
    runs = {"items": [{"state": "queued"}]}
    while any(run["state"] in {"queued", "running"} for run in runs["items"]):
        time.sleep(0.3)
        runs = ask("runs")
    states = [run["state"] for run in runs["items"]]
    assert sorted(states) == ["failed", *["succeeded"] * 3], runs
    tenant = ask("tenants")["items"][0]["id"]
    asked = {
        "connection_id": map(str, connections.values()),
        "run_id": ("1", "2", "3", "4"),
        "schedule_id": ("1",),
        "tenant_id": (tenant,),
        "rule_id": ("inactive",),
    }
    values = {name: list(each) for name, each in asked.items()}
    for path in _paths(by_token=True):
        for filled in filled_in(path.removeprefix("api/v1/"), values):
            ask(filled)
    return told


def _look_around(ada: Administrator, simulators: list[Simulator]) -> None:
    """Open every page there is, and take every file that it offers."""
    user = ada.get("/users/").text
    person = re.search(r"/users/([0-9a-f-]{36})/", user)
    license_ = re.search(r"/licenses/([0-9a-f-]{36})/", ada.get("/licenses/").text)
    application = re.search(r'/applications/([^/"?]+)/', ada.get("/applications/").text)
    assert person
    assert license_
    assert application
    values = {
        "connection_id": ("1", "2", "3", "4"),
        "run_id": ("1", "2", "3", "4"),
        "version_id": ("1",),
        "schedule_id": ("1",),
        "user_id": (person[1], "1", "2"),
        "sku_id": (license_[1],),
        "application_id": (application[1],),
        "rule_id": ("inactive",),
        "name": tuple(LISTINGS),
        "what": ("users", "licenses", "assignments"),
        "kind": ("csv", "xlsx", "added"),
    }
    others = ("target_id", "token_id", "view_id", "price_id", "exemption_id", "absence_id", "pk")
    nothing = ("code", "provider_id", "authorization", "token")
    values |= dict.fromkeys(others, ("1",)) | dict.fromkeys(nothing, ("nothing",))
    assert ada.walk(_paths(by_token=False), values) > 120
    ada.post("/administration/notifications/1/test/")
    ada.get("/administration/notifications/1/")


def _paths(*, by_token: bool) -> list[str]:
    """The routes that a token opens, or those for people."""
    found = [
        path
        for path, each in routes(get_resolver().url_patterns)
        if (access_of(each.callback) == BY_TOKEN) is by_token
    ]
    return found if by_token else [path for path in found if not NOT_WALKED.search(path)]
