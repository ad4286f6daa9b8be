"""Reports: with the token to Graph, without it to where Graph points."""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING, Any, BinaryIO

import pytest

from seatbeacon.graph.errors import AnswerError, GraphError, LinkRefused, NotAReport, PermissionDenied

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from seatbeacon.graph.client import GraphClient

REPORT = "reports/getOffice365ActiveUserDetail(period='D180')"
PATH = f"/v1.0/{REPORT}"
CSV = b"\xef\xbb\xbfReport Refresh Date,User Principal Name\r\n2026-07-30,a@example.com\r\n" * 50


@pytest.fixture
def host(start: Callable[..., Any]) -> Any:
    """Where the reports lie."""
    return start()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where a report is written."""
    return tmp_path / "report.csv"


def sink(target: Path) -> Callable[[], BinaryIO]:
    return lambda: target.open("wb")


def moved(host: Any, kit: Any, name: str = "data") -> Any:
    return kit.Answer(b"", 302, {"Location": f"{host.url}/{name}?sig=pre-authenticated"})


def test_a_redirect_is_followed_without_the_token(
    client: GraphClient, graph: Any, host: Any, kit: Any, target: Path
) -> None:
    graph.put(PATH, moved(host, kit))
    zipped = {"Content-Encoding": "gzip", "Content-Type": "application/octet-stream"}
    host.put("/data", kit.Answer(gzip.compress(CSV), headers=zipped))
    download = client.download(REPORT, sink(target))
    assert target.read_bytes() == CSV
    assert (download.bytes, download.content_type) == (len(CSV), "application/octet-stream")
    assert graph.seen[0].headers["authorization"] == "Bearer token-0"
    assert "authorization" not in host.seen[0].headers
    assert host.seen[0].path == "/data?sig=pre-authenticated"


def test_a_report_that_comes_at_once_is_taken(
    client: GraphClient, graph: Any, kit: Any, target: Path
) -> None:
    graph.put(PATH, kit.Answer(CSV))
    client.download(REPORT, sink(target))
    assert target.read_bytes() == CSV


def test_not_even_a_redirect_back_to_graph_gets_the_token(
    client: GraphClient, graph: Any, kit: Any, target: Path
) -> None:
    graph.put(PATH, kit.Answer(b"", 302, {"Location": "/data"}))
    graph.put("/data", kit.Answer(CSV))
    client.download(REPORT, sink(target))
    assert "authorization" not in graph.seen[1].headers


def test_a_truncated_report_is_fetched_from_its_beginning(
    client: GraphClient, graph: Any, host: Any, kit: Any, target: Path
) -> None:
    graph.put(PATH, moved(host, kit, "one"), moved(host, kit, "two"), moved(host, kit, "three"))
    host.put("/one", kit.Answer(CSV, cut=2000))
    host.put("/two", kit.Answer(gzip.compress(CSV)[:-4], headers={"Content-Encoding": "gzip"}))
    host.put("/three", kit.Answer(CSV, chunked=True))
    client.download(REPORT, sink(target))
    assert target.read_bytes() == CSV
    assert len(graph.seen) == 3


def test_each_attempt_has_a_sink_of_its_own_and_closes_it(client: GraphClient, graph: Any, kit: Any) -> None:
    sinks: list[io.BytesIO] = []

    def open_sink() -> io.BytesIO:
        sinks.append(io.BytesIO())
        return sinks[-1]

    graph.put(PATH, kit.Answer(CSV, cut=100), kit.Answer(CSV))
    client.download(REPORT, open_sink)
    assert [one.closed for one in sinks] == [True, True]


def test_a_web_page_is_no_report(client: GraphClient, graph: Any, host: Any, kit: Any, target: Path) -> None:
    graph.put(PATH, moved(host, kit))
    host.put("/data", kit.Answer(b"\r\n<!DOCTYPE html><title>Log in</title>"))
    with pytest.raises(NotAReport, match="login page") as caught:
        client.download(REPORT, sink(target))
    assert not target.exists()
    assert "pre-authenticated" not in str(caught.value)
    assert caught.value.request == f"GET {host.url}/data"


def test_a_refused_link_is_asked_for_again_a_few_times(
    client: GraphClient, graph: Any, host: Any, kit: Any, target: Path
) -> None:
    graph.put(PATH, moved(host, kit))
    host.put("/data", kit.Answer(b"expired", 403))
    with pytest.raises(LinkRefused, match="gave up after 3 attempts") as caught:
        client.download(REPORT, sink(target))
    assert len(graph.seen) == 3
    assert "pre-authenticated" not in str(caught.value)


def test_a_download_host_that_is_busy_is_waited_for(
    client: GraphClient, graph: Any, host: Any, kit: Any, target: Path, time: Any
) -> None:
    graph.put(PATH, moved(host, kit))
    host.put("/data", kit.Answer(b"", 503, {"Retry-After": "9"}), kit.Answer(CSV))
    client.download(REPORT, sink(target))
    assert time.slept == [9]


@pytest.mark.parametrize(
    "place", ["http://reports.example/data", "ftp://127.0.0.1/x", "https://a@b.example/"]
)
def test_a_redirect_to_where_nothing_is_safe_is_not_followed(
    client: GraphClient, graph: Any, kit: Any, target: Path, place: str
) -> None:
    graph.put(PATH, kit.Answer(b"", 302, {"Location": place}))
    with pytest.raises(AnswerError, match="not https"):
        client.download(REPORT, sink(target))


def test_redirects_in_circles_end(client: GraphClient, graph: Any, host: Any, kit: Any, target: Path) -> None:
    graph.put(PATH, moved(host, kit))
    host.put("/data", moved(host, kit))
    with pytest.raises(GraphError, match="in circles"):
        client.download(REPORT, sink(target))


def test_a_missing_role_is_named(client: GraphClient, graph: Any, kit: Any, target: Path) -> None:
    graph.put(PATH, kit.fault(403, "S2SUnauthorized", "Invalid permission."))
    with pytest.raises(PermissionDenied) as caught:
        client.download(REPORT, sink(target))
    assert caught.value.role == "Reports Reader"
    assert caught.value.permission == "Reports.Read.All"
    assert "Reports Reader" in caught.value.remedy
    assert "Reports.Read.All" in caught.value.remedy


def test_throttled_reports_do_not_hold_up_the_directory(
    client: GraphClient, graph: Any, kit: Any, target: Path, time: Any
) -> None:
    graph.put(PATH, kit.fault(429, Retry_After="30"), kit.Answer(CSV))
    client.download(REPORT, sink(target))
    graph.put("/v1.0/organization/x", kit.json({}))
    client.get_object("organization/x")
    assert time.slept == [30]
