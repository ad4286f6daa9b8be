"""`seatbeacon connection authorize`, with a person at the simulated tenant's sign-in pages."""

from __future__ import annotations

import io
import socket
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import requests

from seatbeacon.beacon.connections.drafts import Given
from seatbeacon.beacon.connections.facts import authorized_facts
from seatbeacon.beacon.connections.services import GivenSecrets, add_connection, edit_connection
from seatbeacon.beacon.models import AuditEntry, Authorization, Connection, StoredSecret
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.cli.loopback import Listener
from seatbeacon.cli.main import run
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.simulator.server import Simulator


class Terminal(io.StringIO):
    """Standard input where somebody sits."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def connection(home: Settings, form: Given) -> Connection:
    return add_connection(load_key_ring(home), "Contoso", form, GivenSecrets())


@pytest.fixture
def person(browser: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[requests.Response]]:
    """Has a person at the browser that the command opens, who ends where the sign-in ends."""

    def sits_there(account: str = "reports-reader", before: str = "", **last: str) -> list[requests.Response]:
        seen: list[requests.Response] = []

        def go(url: str) -> None:
            address = browser.sign_in(url, account, **last)
            if before:
                seen.append(requests.get(address.partition("?")[0] + before, timeout=20))
            seen.append(requests.get(address, timeout=20))

        def opened(url: str) -> bool:
            threading.Thread(target=go, args=(url,), daemon=True).start()
            return True

        monkeypatch.setattr("webbrowser.open", opened)
        return seen

    monkeypatch.setenv("DISPLAY", ":0")
    return sits_there


def _at_loopback(home: Settings, connection: Connection, uri: str = "http://localhost") -> None:
    edit_connection(load_key_ring(home), connection, Given(redirect_uri=uri), GivenSecrets())


def test_the_browser_comes_back_to_a_listener_on_this_machine(
    home: Settings,
    connection: Connection,
    person: Callable[..., Any],
    capsys: pytest.CaptureFixture[str],
    simulator: Simulator,
) -> None:
    _at_loopback(home, connection)
    seen = person()
    assert run(["connection", "authorize", "Contoso"]) == 0
    told = capsys.readouterr()
    assert "Rita Reader (reports-reader@contoso.example) signed in" in told.out
    assert simulator.tenant.id in told.out
    assert "Waiting for the answer at http://localhost:" in told.err
    facts = authorized_facts(connection)
    assert facts is not None
    assert facts.method == "browser"
    connection.refresh_from_db()
    assert connection.tenant_id == simulator.tenant.id
    assert not Authorization.objects.exists()
    del seen


def test_declining_in_the_browser_ends_the_command_and_changes_nothing(
    home: Settings, connection: Connection, person: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    _at_loopback(home, connection)
    person(cancel="1")
    assert run(["connection", "authorize", "Contoso"]) == 1
    assert "declined" in capsys.readouterr().err
    assert not StoredSecret.objects.exists()
    assert not Authorization.objects.exists()


def test_an_answer_that_is_none_leaves_the_listener_waiting(
    home: Settings, connection: Connection, person: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    _at_loopback(home, connection)
    seen = person(before="?code=made-up&state=of-somebody-else")
    assert run(["connection", "authorize", "Contoso"]) == 0
    assert "Not signed in" in seen[0].text
    assert "belongs to another sign-in" in seen[0].text
    assert authorized_facts(connection) is not None


def test_the_listener_answers_nothing_but_its_own_address() -> None:
    with Listener("http://localhost/callback") as listener:
        root = listener.address.removesuffix("/callback")
        assert requests.get(f"{root}/favicon.ico", timeout=20).status_code == 404
        assert requests.get(listener.address, timeout=20).status_code == 404
        assert requests.post(f"{listener.address}?code=x", timeout=20).status_code == 501
        assert listener.wait(0) is None
        asked: list[requests.Response] = []
        address = f"{listener.address}?code=%3Cscript%3E"
        thread = threading.Thread(target=lambda: asked.append(requests.get(address, timeout=20)))
        thread.start()
        heard = listener.wait(60)
        assert heard is not None
        assert heard.address == address
        heard.reply("Not signed in", "<script>alert(1)</script>")
        thread.join()
    assert "<script>" not in asked[0].text
    assert asked[0].headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in asked[0].headers["Content-Security-Policy"]


def test_a_port_that_is_taken_is_told(
    home: Settings, connection: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        _at_loopback(home, connection, f"http://localhost:{taken.getsockname()[1]}/callback")
        assert run(["connection", "authorize", "Contoso"]) == 1
    assert "cannot be listened on" in capsys.readouterr().err


def test_a_pasted_address_is_asked_for_again_until_it_is_one(
    connection: Connection,
    browser: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pasted: list[str] = []

    def opened(url: str) -> bool:
        address = browser.sign_in(url)
        pasted.extend(["not an address", address.replace("?", "#"), address])
        return True

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("webbrowser.open", opened)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("click.prompt", lambda *_, **__: pasted.pop(0))
    assert run(["connection", "authorize", "Contoso"]) == 0
    told = capsys.readouterr()
    assert "is not the address of a page" in told.err
    assert "after “#”" in told.err
    assert "signed in" in told.out
    assert not pasted


def test_nobody_at_the_terminal_gets_one_try(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("https://evil.example/?code=1\n"))
    assert run(["connection", "authorize", "Contoso", "--no-browser"]) == 1
    told = capsys.readouterr()
    assert "belongs to another sign-in" in told.err
    assert not Authorization.objects.exists()


def test_a_device_code_needs_no_browser_here(
    connection: Connection,
    browser: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    waits: list[float] = []

    def waited(seconds: float) -> None:
        waits.append(seconds)
        Authorization.objects.update(polled_at=None)
        if len(waits) == 2:
            (code,) = [word.strip(".") for word in capsys.readouterr().err.split() if len(word) == 9]
            browser.enter_code(code)

    monkeypatch.setattr("seatbeacon.cli.signing_in.time.sleep", waited)
    assert run(["connection", "authorize", "Contoso", "--device-code"]) == 0
    assert waits == [5.0, 5.0]
    facts = authorized_facts(connection)
    assert facts is not None
    assert facts.method == "device-code"


def test_ctrl_c_forgets_the_sign_in(
    home: Settings, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    _at_loopback(home, connection)
    monkeypatch.setattr(Listener, "wait", interrupted)
    assert run(["connection", "authorize", "Contoso", "--no-browser"]) == 130
    assert not Authorization.objects.exists()


def test_an_app_that_signs_in_by_itself_has_nothing_to_authorize(
    home: Settings, simulator: Simulator, form: Given, capsys: pytest.CaptureFixture[str]
) -> None:
    given = replace(form, flow="client-credentials", client_id=simulator.own_client_id)
    app = replace(given, tenant_id=simulator.tenant.id, authorization_endpoint=None)
    add_connection(load_key_ring(home), "App", app, GivenSecrets(client_secret=Secret("s")))
    assert run(["connection", "authorize", "App"]) == 1
    assert "by itself" in capsys.readouterr().err


@pytest.mark.parametrize(("typed", "status"), [("contoso\n", 0), ("Other\n", 1), ("\n", 1)])
def test_a_deletion_asks_for_the_name(
    home: Settings,
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    status: int,
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    assert run(["connection", "delete", "Contoso"]) == status
    assert Connection.objects.exists() == bool(status)
    assert "Nothing was imported through it." in capsys.readouterr().out
    deleted = AuditEntry.objects.filter(action="connection.deleted")
    assert deleted.count() == (0 if status else 1)
    assert all(entry.actor.endswith("(command line)") for entry in deleted)
