"""The connection's proxy carries everything, and TLS is always verified."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from seatbeacon.graph.errors import CertificateRejected, ConnectionFailed, ProxyRefused
from seatbeacon.graph.messages import Request
from seatbeacon.graph.oauth import OAuthApp, RefreshTokenSource
from seatbeacon.graph.proxy import parse_proxy
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from seatbeacon.graph.client import GraphClient
    from seatbeacon.graph.transport import Transport


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    """A certificate authority of our own."""
    return trustme.CA()


@pytest.fixture
def ca_file(ca: trustme.CA, tmp_path: Path) -> Path:
    """Its certificate, as a file."""
    path = tmp_path / "ca.pem"
    ca.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def tls(ca: trustme.CA) -> ssl.SSLContext:
    """What a server on localhost shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


@pytest.mark.parametrize("user", [None, "beacon"])
def test_token_graph_and_download_all_go_through_the_proxy(  # noqa: PLR0917 - fixtures
    graph: Any,
    entra: Any,
    start: Callable[..., Any],
    proxy: Any,
    kit: Any,
    app: OAuthApp,
    time: Any,
    open_transport: Callable[..., Transport],
    connected: Callable[..., GraphClient],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    user: str | None,
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    password = Secret("pä:ss wörd@/€")
    proxy.credentials = f"{user}:{password.reveal()}" if user else None
    host = start()
    entra.put(kit.token_path, kit.tokens("token-1"))
    graph.put("/v1.0/organization/x", kit.json({}))
    graph.put("/v1.0/reports/getX", kit.Answer(b"", 302, {"Location": f"{host.url}/data"}))
    host.put("/data", kit.Answer(b"a,b\r\n"))
    through = open_transport(
        proxy=parse_proxy(f"127.0.0.1:{proxy.port}", username=user, password=password if user else None)
    )
    tokens = RefreshTokenSource(app, through, Secret("refresh-0"), store=lambda _: None)
    client = connected(graph, through, time, tokens=tokens)
    client.get_object("organization/x")
    client.download("reports/getX", lambda: (tmp_path / "x").open("wb"))
    assert [target for _, target, _ in proxy.passed] == [
        f"{entra.url}{kit.token_path}",
        f"{graph.url}/v1.0/organization/x",
        f"{graph.url}/v1.0/reports/getX",
        f"{host.url}/data",
    ]
    seen = [*entra.seen, *graph.seen, *host.seen]
    assert len(seen) == 4
    assert all("proxy-authorization" not in one.headers for one in seen)


def test_https_goes_through_a_tunnel_and_is_verified_behind_it(
    start: Callable[..., Any],
    tls: ssl.SSLContext,
    ca_file: Path,
    proxy: Any,
    kit: Any,
    open_transport: Callable[..., Transport],
) -> None:
    server = start(tls, "localhost")
    server.put("/x", kit.json({"a": 1}))
    proxy.credentials = "beacon:secret"
    address = f"http://beacon:secret@localhost:{proxy.port}"
    through = open_transport(proxy=parse_proxy(address), ca_file=ca_file)
    assert through.send(Request(url=f"{server.url}/x")).body == b'{"a": 1}'
    assert proxy.passed[0][:2] == ("CONNECT", f"localhost:{server.port}")
    assert "proxy-authorization" not in server.seen[0].headers
    untrusting = open_transport(proxy=parse_proxy(address))
    with pytest.raises(CertificateRejected, match="not trusted"):
        untrusting.send(Request(url=f"{server.url}/x"))


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_login_is_named(
    start: Callable[..., Any],
    tls: ssl.SSLContext,
    proxy: Any,
    open_transport: Callable[..., Transport],
    scheme: str,
) -> None:
    server = start(tls if scheme == "https" else None)
    proxy.credentials = "beacon:right"
    for address in (f"127.0.0.1:{proxy.port}", f"http://beacon:wrong-one@127.0.0.1:{proxy.port}"):
        through = open_transport(proxy=parse_proxy(address))
        with pytest.raises(ProxyRefused, match=f"The proxy 127.0.0.1:{proxy.port}") as caught:
            through.send(Request(url=f"{server.url}/x"))
        assert caught.value.status == 407
        assert "user and password" in caught.value.remedy
        assert "wrong-one" not in str(caught.value)
        assert not caught.value.retryable
    assert server.seen == []


@pytest.mark.parametrize(("status", "kind"), [(403, ProxyRefused), (503, ConnectionFailed)])
def test_a_proxy_that_opens_no_tunnel_is_named(
    proxy: Any, open_transport: Callable[..., Transport], status: int, kind: type[Exception]
) -> None:
    proxy.refuse_with = status
    through = open_transport(proxy=parse_proxy(f"127.0.0.1:{proxy.port}"))
    with pytest.raises(kind, match=r"graph\.microsoft\.com"):
        through.send(Request(url="https://graph.microsoft.com/v1.0/users"))


def test_a_proxy_that_is_not_there_is_named(open_transport: Callable[..., Transport]) -> None:
    through = open_transport(proxy=parse_proxy("http://127.0.0.1:1"))
    for url in ("https://graph.microsoft.com/x", "http://127.0.0.1:2/x"):
        with pytest.raises(ConnectionFailed, match=r"No connection to the proxy 127\.0\.0\.1:1"):
            through.send(Request(url=url))


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_https_proxy_is_verified_even_for_plain_requests(
    start: Callable[..., Any],
    tls: ssl.SSLContext,
    ca_file: Path,
    kit: Any,
    open_transport: Callable[..., Transport],
    scheme: str,
) -> None:
    fake = start(tls, "localhost")
    address = parse_proxy(f"https://localhost:{fake.port}")
    target = f"{scheme}://127.0.0.1:9/x"
    with pytest.raises(CertificateRejected):
        open_transport(proxy=address).send(Request(url=target))
    assert fake.seen == []
    if scheme == "http":
        fake.put(target, kit.json({}))
        reply = open_transport(proxy=address, ca_file=ca_file).send(Request(url=target))
        assert reply.body == b"{}"


def test_the_ca_file_is_trusted_beside_the_public_ones(
    start: Callable[..., Any],
    tls: ssl.SSLContext,
    ca_file: Path,
    kit: Any,
    open_transport: Callable[..., Transport],
) -> None:
    server = start(tls, "localhost")
    server.put("/x", kit.json({}))
    trusting = open_transport(ca_file=ca_file)
    assert trusting.send(Request(url=f"{server.url}/x")).status == 200
    with pytest.raises(CertificateRejected, match="not trusted") as caught:
        open_transport().send(Request(url=f"{server.url}/x"))
    assert "CA file" in caught.value.remedy
    assert len(trusting._adapter._tls.get_ca_certs()) > 50


def test_a_certificate_of_another_host_is_refused(
    ca: trustme.CA, ca_file: Path, start: Callable[..., Any], open_transport: Callable[..., Transport]
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("graph.example").configure_cert(context)
    server = start(context, "localhost")
    with pytest.raises(CertificateRejected, match="localhost"):
        open_transport(ca_file=ca_file).send(Request(url=f"{server.url}/x"))


def test_a_ca_file_without_certificates_is_refused(
    tmp_path: Path, open_transport: Callable[..., Transport]
) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("no certificate\n")
    for path in (empty, tmp_path / "missing.pem"):
        with pytest.raises(CertificateRejected, match="cannot be read"):
            open_transport(ca_file=path)
