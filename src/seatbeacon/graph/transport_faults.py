"""From the exceptions of requests, urllib3 and the sockets to our own, in words and without URLs or
secrets."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests.exceptions as theirs
from urllib3 import exceptions as lower

from .errors import (
    BodyBroken,
    CertificateRejected,
    ConnectionFailed,
    GraphError,
    ProxyRefused,
    TimedOut,
    TransportError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .messages import Request
    from .proxy import Proxy

# Everything that opening a connection or reading from one may raise.
FAULTS = (theirs.RequestException, lower.HTTPError, http.client.HTTPException, OSError)
_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")
_TUNNEL_WORTH_RETRYING = {429, 500, 502, 503, 504}


def while_connecting(fault: Exception, request: Request, proxy: Proxy | None) -> TransportError:
    """What went wrong before the headers of an answer were there."""
    chain = list(_chain(fault))
    host = urlsplit(request.url).netloc.rpartition("@")[2]
    tunnel = next((found for one in chain if (found := _TUNNEL.search(str(one)))), None)
    if tunnel and proxy:
        return _tunnel_refused(int(tunnel[1]), request, proxy, host)
    verification = next((one for one in chain if isinstance(one, ssl.SSLCertVerificationError)), None)
    if verification is not None:
        why = verification.verify_message or "it does not match"
        return CertificateRejected(
            f"The TLS certificate shown for {host} is not trusted: {why}", request=request.name
        )
    place = f"the proxy {proxy.address}" if proxy and _at_the_proxy(chain) else host
    if any(_is_connect_timeout(one) for one in chain):
        return TimedOut(f"{_capital(place)} did not accept a connection in time", request=request.name)
    if any(isinstance(one, (theirs.ReadTimeout, lower.ReadTimeoutError, TimeoutError)) for one in chain):
        return TimedOut(
            f"{_capital(place)} accepted the request and did not answer in time", request=request.name
        )
    return ConnectionFailed(f"No connection to {place}: {_reason(chain)}", request=request.name)


def while_reading(fault: Exception, request: Request) -> TransportError:
    """What went wrong between the headers and the end of the body."""
    chain = list(_chain(fault))
    if any(isinstance(one, (lower.ReadTimeoutError, TimeoutError)) for one in chain):
        return TimedOut("The answer stopped in the middle", request=request.name)
    return BodyBroken(f"The answer broke off: {_reason(chain)}", request=request.name)


def proxy_wants_login(request: Request, proxy: Proxy | None) -> GraphError:
    """A 407 that came as an answer (a plain http request, or no proxy of ours in between)."""
    return ProxyRefused(_login_wanted(proxy), request=request.name, status=407)


def _tunnel_refused(status: int, request: Request, proxy: Proxy, host: str) -> TransportError:
    if status == 407:
        return ProxyRefused(_login_wanted(proxy), request=request.name, status=status)
    if status in _TUNNEL_WORTH_RETRYING:
        return ConnectionFailed(
            f"The proxy {proxy.address} could not reach {host}", request=request.name, status=status
        )
    return ProxyRefused(
        f"The proxy {proxy.address} does not let us through to {host}",
        request=request.name,
        status=status,
        remedy=f"Have the proxy allow {host}.",
    )


def _login_wanted(proxy: Proxy | None) -> str:
    if proxy is None:
        return "A proxy that the connection does not know wants a user and a password"
    if proxy.username is None:
        return f"The proxy {proxy.address} wants a user and a password"
    return f"The proxy {proxy.address} does not accept the user {proxy.username!r} with this password"


def _is_connect_timeout(one: BaseException) -> bool:
    # For urllib3 a connection that is refused is a kind of timeout too.
    if isinstance(one, lower.NewConnectionError):
        return False
    return isinstance(one, (theirs.ConnectTimeout, lower.ConnectTimeoutError))


def _at_the_proxy(chain: list[BaseException]) -> bool:
    return any(isinstance(one, (theirs.ProxyError, lower.ProxyError)) for one in chain)


# The first that is found anywhere in the chain names the reason.
_REASONS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (socket.gaierror, "the host's name is not known"),
    (ConnectionRefusedError, "it refuses connections"),
    (http.client.RemoteDisconnected, "it was closed without an answer"),
    ((ConnectionResetError, BrokenPipeError, ConnectionAbortedError), "it was reset"),
    ((http.client.IncompleteRead, lower.IncompleteRead), "less came than was promised"),
    (ssl.SSLError, "TLS could not be agreed on"),
)


def _reason(chain: list[BaseException]) -> str:
    for kinds, words in _REASONS:
        if any(isinstance(one, kinds) for one in chain):
            return words
    system = (one.strerror for one in chain if isinstance(one, OSError) and one.strerror)
    return next((words.lower() for words in system), "what came is not HTTP")


def _chain(fault: BaseException) -> Iterator[BaseException]:
    """The exception and every one it wraps, in whatever way: cause, context, `reason` or argument."""
    seen: set[int] = set()
    waiting: list[object] = [fault]
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
