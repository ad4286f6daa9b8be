"""What a person is told where squid refuses, or is not there; and that nothing goes past it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seatbeacon.graph.errors import ConnectionFailed, ProxyRefused
from seatbeacon.graph.messages import Request
from seatbeacon.graph.oauth import OAuthApp, RefreshTokenSource
from seatbeacon.graph.oauth.token_request import Patience
from seatbeacon.graph.proxy import parse_proxy
from seatbeacon.graph.retry import RetryPolicy
from seatbeacon.graph.secret import Secret
from seatbeacon.graph.transport import Transport
from seatbeacon.simulator.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.real_parts.conftest import CommandLine
    from tests.real_parts.proxy.conftest import Squid

    from seatbeacon.simulator.server import Simulator

WRONG = "not-the-password"


@pytest.fixture
def sign_in(simulator: Simulator) -> Callable[[Transport], None]:
    """Redeems a refresh token of the simulated tenant."""
    app = OAuthApp(
        client_id=simulator.multi_tenant_client_id,
        token_endpoint=simulator.token_endpoint,
        graph_root=simulator.graph_root,
    )

    def sign_in(transport: Transport) -> None:
        token = Secret(simulator.issue_refresh_token("reports-reader"))
        patience = Patience(policy=RetryPolicy(give_up_after=0.1, base=0.01))
        RefreshTokenSource(app, transport, token, store=lambda _: None, patience=patience).token()

    return sign_in


@pytest.mark.parametrize(
    ("user", "password", "words"),
    [
        ("beacon", WRONG, "does not accept the user 'beacon' with this password"),
        ("somebody", WRONG, "does not accept the user 'somebody' with this password"),
        (None, None, "wants a user and a password"),
    ],
)
def test_a_wrong_login_at_the_proxy_is_told_with_what_to_do(
    simulator: Simulator,
    squid: Squid,
    sign_in: Callable[[Transport], None],
    user: str | None,
    password: str | None,
    words: str,
) -> None:
    proxy = parse_proxy(squid.address, username=user, password=Secret(password) if password else None)
    with Transport(proxy=proxy) as through, pytest.raises(ProxyRefused) as refused:
        sign_in(through)
    error = refused.value
    assert error.message == f"The proxy {squid.address} {words}"
    assert error.status == 407
    assert not error.retryable
    assert "user and password" in error.remedy
    assert WRONG not in str(error) + repr(error) + error.remedy
    assert simulator.journal.requests == 0
    assert [line.status for line in squid.lines()] == [407]


def test_the_right_login_passes(
    simulator: Simulator, squid: Squid, sign_in: Callable[[Transport], None]
) -> None:
    proxy = parse_proxy(squid.address, username=squid.user, password=Secret(squid.password))
    with Transport(proxy=proxy) as through:
        sign_in(through)
    assert [line.status for line in squid.lines()] == [200]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_dead_proxy_is_named_and_not_gone_around(
    simulator: Simulator, squid: Squid, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    squid.kill()
    proxy = parse_proxy(squid.address, username=squid.user, password=Secret(squid.password))
    url = simulator.graph_root.replace("http", scheme, 1) + "/v1.0/organization"
    with Transport(proxy=proxy) as through, pytest.raises(ConnectionFailed) as failed:
        through.send(Request(url=url))
    assert failed.value.message == f"No connection to the proxy {squid.address}: it refuses connections"
    assert failed.value.retryable
    assert simulator.journal.requests == 0


@pytest.mark.parametrize(("user", "password"), [("beacon", WRONG), (None, None)])
def test_the_command_line_says_what_the_proxy_wants(
    simulator: Simulator,
    squid: Squid,
    new_home: Callable[[str], CommandLine],
    connect: Callable[..., None],
    user: str | None,
    password: str | None,
) -> None:
    seatbeacon = new_home("home")
    connect(seatbeacon, proxy=squid.address, user=user, password=password)
    done = seatbeacon("import", "run", "Contoso", status=1)
    assert f"The proxy {squid.address}" in done.stderr
    assert "Check the proxy's user and password in the connection" in done.stderr
    everything = done.stdout + done.stderr + seatbeacon("import", "show", "1").stdout
    assert WRONG not in everything
    assert simulator.journal.requests == 0


def test_a_proxy_that_dies_in_the_middle_ends_the_run_and_is_not_gone_around(
    simulator: Simulator,
    squid: Squid,
    new_home: Callable[[str], CommandLine],
    connect: Callable[..., None],
) -> None:
    seatbeacon = new_home("home")
    connect(seatbeacon, proxy=squid.address, user=squid.user, password=squid.password)
    simulator.faults.add(Fault(kind="stall", match="^/v1.0/users"))
    running = seatbeacon.start("import", "run", "Contoso")
    assert running.stderr is not None
    assert any("organization: collected" in line for line in running.stderr)
    squid.kill()
    told = running.communicate()[1]
    assert running.returncode == 1
    assert f"No connection to the proxy {squid.address}" in told
    assert all("via" in entry.headers for entry in simulator.journal.entries)
