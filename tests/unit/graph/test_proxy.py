"""Proxies as people write them."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatbeacon.graph.errors import InvalidProxy
from seatbeacon.graph.proxy import Proxy, parse_proxy
from seatbeacon.graph.secret import Secret


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://proxy.example.com:8080", "http://proxy.example.com:8080"),
        ("https://proxy.example.com:8443/", "https://proxy.example.com:8443"),
        ("10.0.0.5:3128", "http://10.0.0.5:3128"),
        (" Proxy.Example.com:8080 ", "http://proxy.example.com:8080"),
        ("[::1]:3128", "http://[::1]:3128"),
    ],
)
def test_the_three_forms_are_understood(text: str, url: str) -> None:
    assert parse_proxy(text) == Proxy(url)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "proxy.example.com",
        "http://proxy.example.com",
        "socks5://proxy.example.com:1080",
        "http://:8080",
        "http://proxy.example.com:port",
        "http://proxy.example.com:0",
        "http://proxy.example.com:70000",
        "http://proxy.example.com:8080/path",
        "http://proxy.example.com:8080?x=1",
        "http://user:hidden@proxy.example.com",
        "http://proxy .example.com:8080",
        "http://[::1:8080",
    ],
)
def test_anything_else_is_told_what_a_right_one_looks_like(text: str) -> None:
    with pytest.raises(InvalidProxy) as caught:
        parse_proxy(text)
    assert "http://proxy.example.com:8080" in caught.value.remedy
    assert "hidden" not in str(caught.value)


@given(st.text(max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    try:
        proxy = parse_proxy(text)
    except InvalidProxy:
        return
    assert proxy.url.startswith(("http://", "https://"))
    assert "@" not in proxy.url


PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)


@given(PRINTABLE.filter(lambda user: ":" not in user), PRINTABLE)
def test_user_and_password_come_back_as_they_were(user: str, password: str) -> None:
    url = f"http://{quote(user, safe='')}:{quote(password, safe='')}@proxy.example.com:8080"
    expected = Proxy("http://proxy.example.com:8080", user, Secret(password))
    assert parse_proxy(url) == expected
    assert parse_proxy("proxy.example.com:8080", username=user, password=Secret(password)) == expected


def test_a_user_with_a_colon_is_refused() -> None:
    with pytest.raises(InvalidProxy, match="colon"):
        parse_proxy("proxy.example.com:8080", username="a:b")


def test_what_stands_beside_the_address_wins() -> None:
    proxy = parse_proxy("http://a:b@p.example:1", username="c", password=Secret("d"))
    assert (proxy.username, proxy.password) == ("c", Secret("d"))
    assert proxy.address == "p.example:1"
