"""The same with https endpoints, for which a proxy opens a tunnel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seatbeacon.graph.errors import CertificateRejected, ProxyRefused
from seatbeacon.graph.messages import Request
from seatbeacon.graph.proxy import parse_proxy
from seatbeacon.graph.secret import Secret
from seatbeacon.graph.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.real_parts.conftest import CommandLine
    from tests.real_parts.proxy.conftest import Squid, Trap
    from tests.real_parts.proxy.tunnels.conftest import Fronts

    from seatbeacon.simulator.server import Simulator


def test_https_endpoints_go_through_tunnels_and_are_verified_behind_them(
    simulator: Simulator,
    squid: Squid,
    fronts: Fronts,
    new_home: Callable[[str], CommandLine],
    connect: Callable[..., None],
    hostile: dict[str, str],
    trap: Trap,
) -> None:
    seatbeacon = new_home("home")
    seatbeacon.environ |= hostile | {"SEATBEACON_CA_FILE": str(fronts.ca_file)}
    connect(
        seatbeacon,
        proxy=squid.url,
        user=squid.user,
        password=squid.password,
        login=fronts.login,
        graph=fronts.graph,
    )
    seatbeacon("import", "run", "Contoso")
    assert trap.is_untouched()
    assert len(seatbeacon.rows("users")) == simulator.options.users
    assert seatbeacon.rows("usage")
    # The fronts turn everybody away but squid, and whatever squid saw were tunnels to them.
    assert fronts.peers == {squid.outgoing}
    lines = squid.lines()
    assert {line.method for line in lines} == {"CONNECT"}
    assert {line.user for line in lines} == {squid.user}
    assert {f"https://{line.target}" for line in lines} == {fronts.login, fronts.graph, fronts.download}
    assert simulator.violations == []


def test_a_wrong_password_opens_no_tunnel(squid: Squid, fronts: Fronts) -> None:
    proxy = parse_proxy(squid.url, username=squid.user, password=Secret("not-the-password"))
    with Transport(proxy=proxy, ca_file=fronts.ca_file) as through, pytest.raises(ProxyRefused) as refused:
        through.send(Request(url=f"{fronts.graph}/v1.0/organization"))
    assert refused.value.status == 407
    assert "user and password" in refused.value.remedy
    assert "not-the-password" not in repr(refused.value) + str(refused.value)
    assert fronts.peers == set()
    assert [(line.status, line.method) for line in squid.lines()] == [(407, "CONNECT")]


def test_a_certificate_behind_the_tunnel_is_not_trusted_without_its_authority(
    squid: Squid, fronts: Fronts, simulator: Simulator
) -> None:
    proxy = parse_proxy(squid.url, username=squid.user, password=Secret(squid.password))
    with Transport(proxy=proxy) as through, pytest.raises(CertificateRejected, match="not trusted"):
        through.send(Request(url=f"{fronts.graph}/v1.0/organization"))
    assert simulator.journal.requests == 0
