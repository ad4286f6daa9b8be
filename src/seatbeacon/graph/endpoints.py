"""Which addresses we speak to: https, or http on this machine."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from .errors import InvalidEndpoint

_BLANK = re.compile(r"[\x00-\x20\x7f]")
_AUTHORITY = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")
DEFAULT_PORTS = {"http": 80, "https": 443}


def split_url(url: str) -> SplitResult | None:
    """The parts of an absolute http(s) URL, or None where programs could read it in different ways.

    White space and control characters anywhere, and in the authority anything but a plain host and port
    (`user@`, backslashes, non-ASCII letters), are what disguises one host as another.
    """
    if _BLANK.search(url) or "\\" in url.partition("?")[0]:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not _AUTHORITY.fullmatch(parts.netloc) or port == 0:
        return None
    return parts


def origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host (lower case) and port of `url`, with the scheme's own port filled in; None where it has
    none."""
    parts = split_url(url)
    if parts is None or parts.hostname is None:
        return None
    return parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS[parts.scheme]


def is_loopback(host: str | None) -> bool:
    """Whether `host` is this machine: `localhost` or an address of the loopback network."""
    if not host:
        return False
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_endpoint(url: str) -> str:
    """`url` without surrounding blanks, if a token may be sent there: https anywhere, http on loopback only.

    InvalidEndpoint says what is wrong with any other.
    """
    url = url.strip()
    parts = split_url(url)
    if parts is None:
        raise InvalidEndpoint(f"{shown(url)!r} is not the address of an endpoint")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise InvalidEndpoint(f"{shown(url)!r} is http, and what we send there is secret: it has to be https")
    if parts.fragment:
        raise InvalidEndpoint(f"{shown(url)!r} has a part after #, which an endpoint cannot have")
    return url


def check_graph_root(url: str) -> str:
    """`url` as a Graph root: an endpoint of scheme, host and port, without version, query or trailing
    slash."""
    url = check_endpoint(url).rstrip("/")
    parts = urlsplit(url)
    if parts.path or parts.query:
        raise InvalidEndpoint(
            f"{shown(url)!r} is more than a Graph root",
            remedy="Enter scheme, host and port only, without a version: https://graph.microsoft.com.",
        )
    return url


def shown(url: str) -> str:
    """`url` cut down to what may stand in a message: no user and password, no query, 200 characters."""
    url = url.partition("?")[0].partition("#")[0]
    scheme, separator, rest = url.partition("://")
    if not separator:
        scheme, rest = "", url
    authority, slash, path = rest.partition("/")
    return f"{scheme}{separator}{authority.rpartition('@')[2]}{slash}{path}"[:200]
