"""Endpoints, origins, next links, clouds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatbeacon.graph.clouds import (
    CLOUDS,
    authorization_endpoint,
    custom_cloud,
    device_code_endpoint,
    native_client_redirect,
    token_endpoint,
)
from seatbeacon.graph.endpoints import check_endpoint, check_graph_root, origin, shown
from seatbeacon.graph.errors import ForeignNextLink, InvalidEndpoint, RepeatingNextLink
from seatbeacon.graph.links import Trail, check_next_link, may_download_from, same_origin
from seatbeacon.graph.messages import describe

ROOT = "https://graph.microsoft.com"
HOSTS = st.sampled_from(["graph.microsoft.com", "graph.microsoft.us", "evil.example", "127.0.0.1", "[::1]"])
PORTS = st.sampled_from(["", ":443", ":80", ":8443"])
URLS = st.builds(
    "{}://{}{}{}".format, st.sampled_from(["https", "http"]), HOSTS, PORTS, st.just("/v1.0/users")
)


@pytest.mark.parametrize(
    "url",
    [
        "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "http://localhost:8080/token",
        "http://127.0.0.1/token",
        "http://127.8.9.1:1/token",
        "http://[::1]:8080/token",
        "HTTPS://Login.Example/token",
    ],
)
def test_https_anywhere_and_http_on_loopback_are_endpoints(url: str) -> None:
    assert check_endpoint(f"  {url}\n") == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "login.microsoftonline.com",
        "http://login.microsoftonline.com/token",
        "http://localhost.evil.example/token",
        "http://10.0.0.1/token",
        "ftp://localhost/",
        "https://",
        "https://user:hidden@login.example/token",
        "https://a.example\\@b.example/",
        "https://a.example/ b",
        "https://a.example:99999/",
        "https://a.example:0/",
        "https://a.example/#x",
        "https://exämple.org/",
    ],
)
def test_nothing_else_is(url: str) -> None:
    with pytest.raises(InvalidEndpoint) as caught:
        check_endpoint(url)
    assert "hidden" not in str(caught.value)
    assert isinstance(caught.value, ValueError)
    assert caught.value.remedy


def test_a_graph_root_has_no_version() -> None:
    assert check_graph_root("https://graph.microsoft.com/") == ROOT
    for wrong in (f"{ROOT}/v1.0", f"{ROOT}?x=1"):
        with pytest.raises(InvalidEndpoint):
            check_graph_root(wrong)


@given(URLS, URLS)
def test_same_origin_means_same_scheme_host_and_port(one: str, other: str) -> None:
    root = one.removesuffix("/v1.0/users")
    assert same_origin(other, root) == (origin(one) == origin(other))
    assert same_origin(one, root)


@given(st.text(max_size=80))
def test_whatever_a_next_link_is_only_our_root_is_followed(link: str) -> None:
    try:
        url = check_next_link(link, current=f"{ROOT}/v1.0/users", root=ROOT, request="GET /v1.0/users")
    except ForeignNextLink:
        return
    assert url.startswith(f"{ROOT}/")


@pytest.mark.parametrize(
    "link",
    [
        "http://graph.microsoft.com/v1.0/users",
        "https://graph.microsoft.com:8443/v1.0/users",
        "https://graph.microsoft.com.evil.example/v1.0/users",
        "https://graph.microsoft.com@evil.example/v1.0/users",
        "https://evil.example/https://graph.microsoft.com/",
        "//evil.example/v1.0/users",
        "https:\\\\evil.example",
        "https://graph.microsoft.com\\.evil.example/",
        "https://[broken/",
        "javascript:alert(1)",
    ],
)
def test_a_next_link_elsewhere_is_foreign(link: str) -> None:
    with pytest.raises(ForeignNextLink):
        check_next_link(link, current=f"{ROOT}/v1.0/users", root=ROOT, request="GET /v1.0/users")


def test_odd_characters_in_a_query_disguise_nothing() -> None:
    link = f'{ROOT}/v1.0/users?$search="displayName:Zo\\é|{{x}}"&$skiptoken=a@b'
    assert check_next_link(link, current=ROOT, root=ROOT, request="") == link


def test_the_default_port_may_be_written_out() -> None:
    link = "https://GRAPH.microsoft.com:443/v1.0/users?$skiptoken=a"
    assert check_next_link(link, current=ROOT, root=ROOT, request="") == link


def test_a_root_with_a_path_is_not_left() -> None:
    root = "https://gateway.example/graph"
    assert same_origin("https://gateway.example/graph/v1.0/users", root)
    for url in ("/other", "/graphs/x", "/graph/../x", "/graph/%2e%2e/x"):
        assert not same_origin(f"https://gateway.example{url}", root)


def test_a_link_seen_before_ends_the_trail() -> None:
    trail = Trail()
    trail.step("https://a.example/1", request="GET /1")
    trail.step("https://a.example/2", request="GET /2")
    with pytest.raises(RepeatingNextLink):
        trail.step("https://a.example/1", request="GET /2")


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://reports.office.com/data", True),
        ("http://127.0.0.1:1/data", True),
        ("http://reports.office.com/data", False),
        ("https://me@reports.office.com/data", False),
        ("", False),
    ],
)
def test_reports_come_over_https(url: str, allowed: bool) -> None:
    assert may_download_from(url) is allowed


def test_a_request_is_named_without_what_authenticates_it() -> None:
    assert describe("GET", f"{ROOT}/v1.0/users?$top=999", ROOT) == "GET /v1.0/users?$top=999"
    assert (
        describe("GET", f"{ROOT}/v1.0/users?$skiptoken=abc&$top=1", ROOT)
        == "GET /v1.0/users?$skiptoken=…&$top=1"
    )
    assert describe("GET", "https://x.example/data?sig=abc", ROOT) == "GET https://x.example/data"
    assert len(describe("GET", f"{ROOT}/v1.0/users?$select={'a,' * 500}", ROOT)) < 400
    assert shown("https://user:pw@x.example/a?b#c") == "https://x.example/a"


def test_each_cloud_has_its_endpoints() -> None:
    assert token_endpoint(CLOUDS["global"]) == "https://login.microsoftonline.com/common/oauth2/v2.0/token"
    assert (
        authorization_endpoint(CLOUDS["us-gov-l4"], "t")
        == "https://login.microsoftonline.us/t/oauth2/v2.0/authorize"
    )
    assert device_code_endpoint(CLOUDS["china"]).endswith(
        "partner.microsoftonline.cn/common/oauth2/v2.0/devicecode"
    )
    assert native_client_redirect(CLOUDS["global"]) == (
        "https://login.microsoftonline.com/common/oauth2/nativeclient"
    )
    assert CLOUDS["us-gov-l5"].graph_root == "https://dod-graph.microsoft.us"
    assert [name for name, cloud in CLOUDS.items() if cloud.reports] == ["global", "custom"]
    with pytest.raises(InvalidEndpoint):
        token_endpoint(CLOUDS["custom"])


def test_a_custom_cloud_is_checked() -> None:
    cloud = custom_cloud(login="http://localhost:1/", graph_root="http://localhost:2")
    assert token_endpoint(cloud, "t") == "http://localhost:1/t/oauth2/v2.0/token"
    with pytest.raises(InvalidEndpoint):
        custom_cloud(login="http://login.example", graph_root="http://localhost:2")
