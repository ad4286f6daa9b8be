"""A connection's proxy, as people enter it."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import msgspec

from .endpoints import shown
from .errors import InvalidProxy
from .secret import Secret


class Proxy(msgspec.Struct, frozen=True):
    """`url` is `http(s)://host:port` without user and password; those stand beside it, decoded."""

    url: str
    username: str | None = None
    password: Secret | None = None

    @property
    def address(self) -> str:
        """Host and port, for messages."""
        return self.url.partition("://")[2]


def parse_proxy(text: str, *, username: str | None = None, password: Secret | None = None) -> Proxy:
    """A Proxy from `http://host:port`, `https://host:port` or `host:port` (which is http).

    User and password may stand in front of the host, percent-encoded as in any URL, or be given beside it,
    as they are; those given beside it win. InvalidProxy says what is wrong, without repeating a password.
    """
    text = text.strip()
    if any(char <= " " or char in "\\\x7f" for char in text):
        raise InvalidProxy("The proxy's address holds a blank or a backslash")
    url = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"}:
        raise InvalidProxy(f"{shown(text)!r} is not the address of an http or https proxy")
    if not host:
        raise InvalidProxy(f"{shown(text)!r} names no proxy host")
    if not port:
        raise InvalidProxy(f"{shown(text)!r} has no port between 1 and 65535")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise InvalidProxy(f"{shown(text)!r} has something behind the port")
    if username is None and parts.username:
        username = unquote(parts.username)
        password = password or (Secret(unquote(parts.password)) if parts.password is not None else None)
    if username and ":" in username:
        raise InvalidProxy("The proxy's user holds a colon, which no proxy can tell from the password")
    bracketed = f"[{host}]" if ":" in host else host
    return Proxy(url=f"{parts.scheme}://{bracketed}:{port}", username=username or None, password=password)
