"""Faults of the network and of Graph: what is retried, how long is waited, and what is said at the end."""

from __future__ import annotations

import gzip
import socket
import threading
import traceback
import zlib
from typing import TYPE_CHECKING, Any, Self

import pytest

from seatbeacon.graph.errors import (
    BodyBroken,
    Cancelled,
    ConnectionFailed,
    GraphError,
    ServiceUnavailable,
    Throttled,
    TimedOut,
    TooLarge,
)
from seatbeacon.graph.messages import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.graph.client import GraphClient
    from seatbeacon.graph.transport import Transport


@pytest.mark.parametrize(
    ("value", "waits"),
    [
        ("7", 7.0),
        ("2.128", 2.128),
        ("-5", 0.0),
        ("Sat, 01 Aug 2026 00:00:30 GMT", 30.0),
        ("Fri, 31 Jul 2026 00:00:00 GMT", 0.0),
        ("soon", 1.0),
    ],
)
@pytest.mark.parametrize("status", [429, 503, 504])
def test_retry_after_is_waited_in_every_form(
    client: GraphClient, graph: Any, kit: Any, time: Any, status: int, value: str, waits: float
) -> None:
    graph.put("/v1.0/users", kit.fault(status, Retry_After=value), kit.page("a"))
    assert len(list(client.pages("users"))) == 1
    assert sum(time.slept) == pytest.approx(waits)
    assert client.stats.throttled_seconds == pytest.approx(waits if status == 429 else 0)
    assert (client.stats.requests, client.stats.retries) == (2, 1)


def test_without_retry_after_the_pauses_double_up_to_a_minute(
    client: GraphClient, graph: Any, kit: Any, time: Any
) -> None:
    graph.put("/v1.0/users", kit.fault(503))
    with pytest.raises(ServiceUnavailable, match=r"gave up after 7 attempts in 63 s") as caught:
        list(client.pages("users"))
    assert time.slept == [1, 2, 4, 8, 16, 32]
    assert caught.value.retryable
    assert "GET /v1.0/users" in str(caught.value)
    assert "HTTP 503" in str(caught.value)


def test_a_wait_beyond_our_patience_is_not_begun(
    client: GraphClient, graph: Any, kit: Any, time: Any
) -> None:
    graph.put("/v1.0/users", kit.fault(429, Retry_After="86400"))
    with pytest.raises(Throttled, match="asks to wait 86400 s and we wait 100 s at most"):
        list(client.pages("users"))
    assert time.slept == []


def test_a_throttle_that_asks_for_no_wait_is_not_hammered(
    client: GraphClient, graph: Any, kit: Any, time: Any
) -> None:
    graph.put("/v1.0/users", kit.fault(429, Retry_After="0"))
    with pytest.raises(Throttled):
        list(client.pages("users"))
    assert len(graph.seen) < 120


def test_what_one_request_was_told_holds_for_the_others(
    client: GraphClient, graph: Any, kit: Any, time: Any
) -> None:
    graph.put("/v1.0/users", kit.fault(429, Retry_After="50"), kit.page("a"))
    pause = time.sleep
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        # While this request sleeps another one comes: it has to wait as long.
        if not waited:
            waited.append(seconds)
            client.part().get_object("organization/x")
        else:
            waited.append(seconds)
            pause(seconds)

    client._exchange.runtime = client._exchange.runtime.__class__(
        clock=time.clock, sleep=sleep, now=time.now, chance=lambda: 1.0
    )
    graph.put("/v1.0/organization/x", kit.json({}))
    list(client.pages("users"))
    assert waited == [50, 50]
    assert client.stats.throttled_seconds == 50


@pytest.mark.parametrize("status", [500, 502])
def test_other_server_errors_are_retried_too(client: GraphClient, graph: Any, kit: Any, status: int) -> None:
    graph.put(
        "/v1.0/users", kit.fault(status), kit.Answer(b"<html>Bad gateway</html>", status), kit.page("a")
    )
    assert len(list(client.pages("users"))) == 1


@pytest.mark.parametrize("chunked", [True, False])
@pytest.mark.parametrize("reset", [True, False])
@pytest.mark.parametrize("cut", [0, 1, 700, 1200])
def test_a_body_that_breaks_off_is_fetched_again(
    client: GraphClient, graph: Any, kit: Any, cut: int, reset: bool, chunked: bool
) -> None:
    body = b'{"value": [' + b",".join(b'{"id": "%d"}' % number for number in range(200)) + b"]}"
    broken = kit.Answer(body, cut=cut, reset=reset, chunked=chunked)
    graph.put("/v1.0/users", broken, broken, kit.Answer(body, chunked=chunked))
    [page] = client.pages("users")
    assert len(page.items) == 200
    assert len(graph.seen) == 3


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_compressed_body_without_its_end_is_broken(
    transport: Transport, graph: Any, kit: Any, encoding: str
) -> None:
    whole = (gzip.compress if encoding == "gzip" else zlib.compress)(b'{"id": 1}' * 100)
    for size in range(1, len(whole)):
        graph.put("/x", kit.Answer(whole[:size], headers={"Content-Encoding": encoding}))
        with pytest.raises(BodyBroken):
            transport.send(Request(url=f"{graph.url}/x"))
    graph.put("/x", kit.Answer(whole, headers={"Content-Encoding": encoding}))
    assert transport.send(Request(url=f"{graph.url}/x")).body == b'{"id": 1}' * 100


def test_an_unknown_compression_is_named(transport: Transport, graph: Any, kit: Any) -> None:
    graph.put("/x", kit.Answer(b"xxx", headers={"Content-Encoding": "br"}))
    with pytest.raises(BodyBroken, match="compressed as 'br'"):
        transport.send(Request(url=f"{graph.url}/x"))


def test_an_answer_too_large_for_memory_is_named(
    open_transport: Callable[..., Transport], graph: Any, kit: Any
) -> None:
    small = open_transport(largest_answer=2 << 20)
    bomb = gzip.compress(b"0" * (50 << 20))
    graph.put("/x", kit.Answer(bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(TooLarge, match="larger than 2 MB"):
        small.send(Request(url=f"{graph.url}/x"))
    graph.put("/x", kit.Answer(b"0" * (3 << 20)))
    with pytest.raises(TooLarge):
        small.send(Request(url=f"{graph.url}/x"))


def test_a_trickle_is_cut_off(open_transport: Callable[..., Transport], graph: Any, kit: Any) -> None:
    moments = iter(range(0, 10_000, 20))
    patient = open_transport(answer_deadline=60.0, clock=lambda: float(next(moments)))
    graph.put("/x", kit.Answer(b"0" * (4 << 20)))
    with pytest.raises(TimedOut, match="trickled for 60 s"):
        patient.send(Request(url=f"{graph.url}/x"))


def test_silence_is_a_timeout(open_transport: Callable[..., Transport]) -> None:
    hasty = open_transport(read_timeout=0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/x"
        with pytest.raises(TimedOut, match="did not answer in time"):
            hasty.send(Request(url=url))


def test_silence_in_the_middle_of_a_body_is_a_timeout(open_transport: Callable[..., Transport]) -> None:
    hasty = open_transport(read_timeout=0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:

        def begin() -> None:
            connection, _ = silent.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun")
                connection.recv(1)  # until the other side has had enough

        thread = threading.Thread(target=begin)
        thread.start()
        with pytest.raises(TimedOut, match="stopped in the middle"):
            hasty.send(Request(url=f"http://127.0.0.1:{silent.getsockname()[1]}/x"))
        thread.join()


def test_a_refused_connection_is_retried_and_then_told(
    start: Callable[..., Any], transport: Transport, time: Any, connected: Callable[..., GraphClient]
) -> None:
    gone = start()
    client = connected(gone, transport, time, give_up_after=10.0)
    gone.close()
    with pytest.raises(ConnectionFailed, match=r"it refuses connections; gave up after 4 attempts in 7 s"):
        client.get_object("organization/x")
    assert time.slept == [1, 2, 4]


def test_a_connection_closed_without_an_answer_is_retried(client: GraphClient, transport: Transport) -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:

        def hang_up() -> None:
            connection, _ = rude.accept()
            connection.recv(65536)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(ConnectionFailed, match=r"closed without an answer|reset"):
            transport.send(Request(url=f"http://127.0.0.1:{rude.getsockname()[1]}/x"))
        thread.join()


def test_a_failed_download_shows_no_query_not_even_in_a_traceback(transport: Transport) -> None:
    signature = "s" * 40  # by another name in this line, which a traceback shows
    request = Request(url=f"http://localhost:1/report?sig={signature}")
    with pytest.raises(ConnectionFailed) as caught:
        transport.send(request)
    told = "".join(traceback.format_exception(caught.value))
    assert signature not in told
    assert caught.value.request == "GET http://localhost:1/report"


def test_waiting_ends_when_somebody_asks_to_stop(
    graph: Any, kit: Any, transport: Transport, time: Any, connected: Callable[..., GraphClient]
) -> None:
    def check() -> None:
        if sum(time.slept) >= 3:
            raise Cancelled("The import was cancelled")

    client = connected(graph, transport, time, check_cancelled=check)
    graph.put("/v1.0/users", kit.fault(429, Retry_After="60"))
    with pytest.raises(Cancelled):
        list(client.pages("users"))
    assert sum(time.slept) == 3
    assert len(graph.seen) == 1


def test_every_request_is_recorded_without_secrets(
    client: GraphClient, graph: Any, kit: Any, records: list[Any]
) -> None:
    link = f"{graph.url}/v1.0/users?$top=1&$skiptoken={'x' * 50}"
    graph.put("/v1.0/users", kit.fault(503), kit.page("a", link=link))
    graph.put(link.removeprefix(graph.url), kit.Answer(b"abc", cut=1), kit.page("b"))
    list(client.pages("users?$top=1"))
    assert [(record.request, record.status, record.error) for record in records] == [
        ("GET /v1.0/users?$top=1", 503, None),
        ("GET /v1.0/users?$top=1", 200, None),
        ("GET /v1.0/users?$top=1&$skiptoken=…", None, "BodyBroken"),
        ("GET /v1.0/users?$top=1&$skiptoken=…", 200, None),
    ]
    assert "token-0" not in repr(records)


def test_the_environment_has_no_say(
    client: GraphClient, graph: Any, kit: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(tmp_path / "missing.pem"))
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password netrc-password\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    graph.put("/v1.0/organization/x", kit.json({}))
    client.get_object("organization/x")
    assert graph.seen[0].headers["authorization"] == "Bearer token-0"


def test_cookies_are_neither_kept_nor_sent(client: GraphClient, graph: Any, kit: Any) -> None:
    graph.put("/v1.0/organization/x", kit.json({}, Set_Cookie="a=b; Path=/"))
    client.get_object("organization/x")
    client.get_object("organization/x")
    assert "cookie" not in graph.seen[1].headers


def test_a_full_disk_is_no_fault_of_the_network(client: GraphClient, graph: Any, kit: Any) -> None:
    graph.put("/v1.0/reports/getX", kit.Answer(b"a,b\r\n"))

    class Full:
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def write(self, _: bytes) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left") as caught:
        client.download("reports/getX", Full)  # type: ignore[arg-type]
    assert not isinstance(caught.value, GraphError)
    assert len(graph.seen) == 1
