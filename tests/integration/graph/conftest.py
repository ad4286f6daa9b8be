"""Servers on loopback that answer as told, a proxy, and a client whose clock moves only when it sleeps."""

from __future__ import annotations

import base64
import gzip
import http.client
import json
import select
import socket
import struct
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from seatbeacon.graph.client import GraphClient
from seatbeacon.graph.oauth import OAuthApp, StaticTokenSource
from seatbeacon.graph.oauth.token_request import Patience
from seatbeacon.graph.retry import RetryPolicy, Runtime
from seatbeacon.graph.secret import Secret
from seatbeacon.graph.transport import Transport

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    from seatbeacon.graph.statistics import RequestRecord
    from seatbeacon.graph.tokens import TokenSource


@dataclass
class Answer:
    """What a server sends. `cut`: only so many bytes of the body; `reset`: then a reset of the connection."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    chunked: bool = False
    cut: int | None = None
    reset: bool = False


@dataclass
class Seen:
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    connection: tuple[str, int]

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


def as_json(value: object, status: int = 200, **headers: str) -> Answer:
    """JSON, gzipped as Graph does."""
    body = gzip.compress(json.dumps(value).encode())
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(body, status, {"Content-Type": "application/json", "Content-Encoding": "gzip", **named})


def fault(status: int, code: str = "someCode", message: str = "Some words.", **headers: str) -> Answer:
    """An error as Graph sends it."""
    inner = {"request-id": "00000000-aaaa-4bbb-8ccc-000000000001", "date": "2026-08-01T00:00:00"}
    return as_json({"error": {"code": code, "message": message, "innerError": inner}}, status, **headers)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listener

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        seen = Seen(
            self.command,
            self.path,
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
            self.client_address[:2],
        )
        self._send(self.server.owner.answer(seen))

    do_POST = do_GET  # noqa: N815 - http.server's name

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        part = answer.body if answer.cut is None else answer.body[: answer.cut]
        if answer.chunked:
            for start in range(0, len(part), 1000):
                piece = part[start : start + 1000]
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            if answer.cut is None:
                self.wfile.write(b"0\r\n\r\n")
        else:
            self.wfile.write(part)
        if answer.cut is not None or answer.reset:
            self.wfile.flush()
            self.close_connection = True
        if answer.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    owner: Server

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what some tests are about."""


class Server:
    """Answers each path with what was put there, in order; the last answer stays."""

    def __init__(self, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self._listener = _Listener(("127.0.0.1", 0), _Handler)
        self._listener.owner = self
        if tls:
            self._listener.socket = tls.wrap_socket(self._listener.socket, server_side=True)
        self.port = self._listener.server_address[1]
        self.url = f"{'https' if tls else 'http'}://{host}:{self.port}"
        self.seen: list[Seen] = []
        self._answers: dict[str, list[Answer | Callable[[Seen], Answer]]] = {}
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.01,))
        self._thread.start()

    def put(self, path: str, *answers: Answer | Callable[[Seen], Answer]) -> None:
        """Answer `path` (without query, or with one that must match) with these."""
        self._answers[path] = list(answers)

    def answer(self, seen: Seen) -> Answer:
        """The next answer for a request."""
        with self._lock:
            self.seen.append(seen)
            key = seen.path if seen.path in self._answers else urlsplit(seen.path).path
            waiting = self._answers.get(key)
            if not waiting:
                return fault(404, "Request_ResourceNotFound")
            chosen = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return chosen(seen) if callable(chosen) else chosen

    def close(self) -> None:
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()


class _ProxyHandler(_Handler):
    """Forwards plain requests, tunnels CONNECT."""

    def do_GET(self) -> None:
        if not self._admitted():
            return
        target = urlsplit(self.path)
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length)
        onward = http.client.HTTPConnection(target.hostname or "", target.port)
        headers = {name: value for name, value in self.headers.items() if name != "Proxy-Authorization"}
        onward.request(self.command, f"{target.path}?{target.query}".rstrip("?"), body, headers)
        answer = onward.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"transfer-encoding", "content-length", "date", "server"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        onward.close()

    do_POST = do_GET  # noqa: N815 - http.server's name

    def do_CONNECT(self) -> None:
        if not self._admitted():
            return
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port))) as onward:
            self.send_response(200)
            self.end_headers()
            ends = [self.connection, onward]
            while True:
                ready, _, _ = select.select(ends, [], [], 5)
                if not ready:
                    break
                data = ready[0].recv(65536)
                if not data:
                    break
                ends[1 - ends.index(ready[0])].sendall(data)
        self.close_connection = True

    def _admitted(self) -> bool:
        owner = self.server.owner
        assert isinstance(owner, ProxyServer)
        given = self.headers.get("Proxy-Authorization", "")
        owner.passed.append((self.command, self.path, given))
        wanted = owner.credentials
        if owner.refuse_with:
            self.send_response(owner.refuse_with)
        elif wanted is None or given == "Basic " + base64.b64encode(wanted.encode()).decode():
            return True
        else:
            self.send_response(407)
            self.send_header("Proxy-Authenticate", 'Basic realm="proxy"')
        self.send_header("Content-Length", "0")
        self.end_headers()
        return False


class ProxyServer(Server):
    """A forward proxy. `passed` lists command, target and Proxy-Authorization of what came by."""

    def __init__(self) -> None:
        super().__init__()
        self._listener.RequestHandlerClass = _ProxyHandler
        self.passed: list[tuple[str, str, str]] = []
        self.credentials: str | None = None
        self.refuse_with: int | None = None


class Time:
    """A clock that moves only when somebody sleeps on it."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def now(self) -> datetime:
        return datetime(2026, 8, 1, tzinfo=UTC) + timedelta(seconds=self.seconds - 1000)

    def runtime(self) -> Runtime:
        """This clock for the retry loop; its pauses are the longest possible."""
        return Runtime(clock=self.clock, sleep=self.sleep, now=self.now, chance=lambda: 1.0)

    def patience(self, give_up_after: float = 60.0) -> Patience:
        """This clock for the token endpoint."""
        return Patience(policy=RetryPolicy(give_up_after=give_up_after), runtime=self.runtime())


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Closes at the end what a test opened."""
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def start(stack: ExitStack) -> Callable[..., Server]:

    def start(tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Server:
        server = Server(tls, host)
        stack.callback(server.close)
        return server

    return start


@pytest.fixture
def graph(start: Callable[..., Server]) -> Server:
    """A server in Graph's place."""
    return start()


@pytest.fixture
def entra(start: Callable[..., Server]) -> Server:
    """A server in Entra ID's place."""
    return start()


@pytest.fixture
def proxy(stack: ExitStack) -> ProxyServer:
    """A forward proxy."""
    server = ProxyServer()
    stack.callback(server.close)
    return server


@pytest.fixture
def time() -> Time:
    """A clock of its own."""
    return Time()


@pytest.fixture
def open_transport(stack: ExitStack) -> Callable[..., Transport]:
    return lambda **options: stack.enter_context(Transport(**options))


@pytest.fixture
def transport(open_transport: Callable[..., Transport]) -> Transport:
    """A transport without a proxy."""
    return open_transport(connect_timeout=30.0, read_timeout=30.0)


@pytest.fixture
def records() -> list[RequestRecord]:
    """What the client reported of its requests."""
    return []


@pytest.fixture
def client(graph: Server, transport: Transport, time: Time, records: list[RequestRecord]) -> GraphClient:
    """A client of `graph` with a token that never changes."""
    return connect(graph, transport, time, records=records)


def connect(
    graph: Server,
    transport: Transport,
    time: Time,
    *,
    tokens: TokenSource | None = None,
    records: list[RequestRecord] | None = None,
    give_up_after: float = 100.0,
    check_cancelled: Callable[[], None] | None = None,
) -> GraphClient:
    return GraphClient(
        root=graph.url,
        tokens=tokens or StaticTokenSource(Secret("token-0")),
        transport=transport,
        retry=RetryPolicy(give_up_after=give_up_after),
        clock=time.clock,
        sleep=time.sleep,
        now=time.now,
        chance=lambda: 1.0,
        on_request=records.append if records is not None else None,
        check_cancelled=check_cancelled,
    )


@pytest.fixture
def connected() -> Callable[..., GraphClient]:
    return connect


@pytest.fixture
def app(entra: Server, graph: Server) -> OAuthApp:
    """An app registration at `entra`."""
    return OAuthApp(
        client_id="client-1",
        token_endpoint=f"{entra.url}/common/oauth2/v2.0/token",
        authorization_endpoint=f"{entra.url}/common/oauth2/v2.0/authorize",
        redirect_uri="http://localhost/done",
        graph_root=graph.url,
    )


class Kit:
    """The makers of answers, for tests that cannot import this file."""

    Answer: type[Answer] = Answer
    json = staticmethod(as_json)
    fault = staticmethod(fault)
    token_path = "/common/oauth2/v2.0/token"

    @staticmethod
    def tokens(access: str, refresh: str | None = None, expires_in: int = 3600) -> Any:
        answer = {"token_type": "Bearer", "access_token": access, "expires_in": expires_in, "scope": "x"}
        return as_json(answer | ({"refresh_token": refresh} if refresh else {}))

    @staticmethod
    def page(*ids: str, link: str | None = None, count: int | None = None) -> Any:
        page: dict[str, object] = {"@odata.context": "…", "value": [{"id": one} for one in ids]}
        if count is not None:
            page["@odata.count"] = count
        return as_json(page | ({"@odata.nextLink": link} if link else {}))


@pytest.fixture
def kit() -> type[Kit]:
    """The makers of answers."""
    return Kit
