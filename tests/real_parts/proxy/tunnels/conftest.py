"""The simulated tenant behind TLS, for nobody but squid."""

from __future__ import annotations

import http.client
import ssl
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlsplit

import pytest
import trustme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seatbeacon.simulator.server import Simulator

_NOT_PASSED_ON = {
    "host",
    "connection",
    "accept-encoding",
    "content-length",
    "transfer-encoding",
    "keep-alive",
}


class Fronts:
    """An https address for each of the tenant's hosts. `peers` are the addresses that spoke to them."""

    login: str
    graph: str
    download: str

    def __init__(self, ca_file: Path, allowed_peer: str) -> None:
        self.ca_file = ca_file
        self.allowed_peer = allowed_peer
        self.peers: set[str] = set()
        self.roots: dict[str, str] = {}

    def inward(self, form: str) -> str:
        """A form, percent-encoded, with the tenant's own addresses in place of the https ones."""
        for inner, outer in self.roots.items():
            form = form.replace(quote_plus(outer), quote_plus(inner))
        return form

    def outward(self, text: str) -> str:
        """`text` with the https addresses in place of the tenant's own."""
        for inner, outer in self.roots.items():
            text = text.replace(inner, outer)
        return text


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Front

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        form = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = self.server.fronts.inward(form.decode()).encode()
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _NOT_PASSED_ON}
        inner = http.client.HTTPConnection(self.server.inner)
        try:
            inner.request(self.command, self.path, body or None, headers)
            answer = inner.getresponse()
            content = self.server.fronts.outward(answer.read().decode()).encode()
        finally:
            inner.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _NOT_PASSED_ON | {"date", "server"}:
                self.send_header(name, self.server.fronts.outward(value))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET  # noqa: N815 - http.server's name


class _Front(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, fronts: Fronts, tls: ssl.SSLContext, root: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fronts = fronts
        self.inner = urlsplit(root).netloc
        # The handshake is made by the thread of the connection, so that a slow one holds up nobody.
        self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        self.fronts.peers.add(client_address[0])
        return bool(client_address[0] == self.fronts.allowed_peer)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A handshake that a client breaks off is what some tests are about."""


@pytest.fixture
def fronts(simulator: Simulator, squid: Any, tmp_path: Path) -> Iterator[Fronts]:
    """The simulated tenant at https addresses that answer squid alone."""
    ca = trustme.CA()
    ca_file = tmp_path / "ca.pem"
    ca.cert_pem.write_to_path(str(ca_file))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(tls)
    made = Fronts(ca_file, squid.outgoing)
    with ExitStack() as stack:
        for role in ("login", "graph", "download"):
            root = getattr(simulator, f"{role}_root")
            front = stack.enter_context(_Front(made, tls, root))
            stack.callback(front.shutdown)
            Thread(target=front.serve_forever, args=(0.01,), daemon=True).start()
            made.roots[root] = f"https://127.0.0.1:{front.server_address[1]}"
            setattr(made, role, made.roots[root])
        yield made
