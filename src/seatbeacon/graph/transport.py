"""Sends requests over pooled connections. The only module that opens a socket."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import requests

from seatbeacon import __version__

from . import transport_faults as faults
from .adapter import Adapter
from .encoding import DecodeError, decoded
from .errors import BodyBroken, GraphError, TimedOut, TooLarge
from .messages import Reply, Request, Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from .proxy import Proxy

USER_AGENT = f"seatbeacon/{__version__}"
LARGEST_ANSWER = 64 << 20  # bytes, decompressed; a page of 999 users has about one megabyte
_WIRE_PIECE = 1 << 16  # bytes asked of the socket at once


class Transport:
    """One pool of connections for sign-in, Graph and downloads alike: same proxy, same CAs, same timeouts.

    Environment variables can neither add a proxy nor take it away. TLS is always verified. Redirects are
    handed to the caller as they are; nothing is retried. Safe to use from many threads. All times in seconds:
    `answer_deadline` and `download_deadline` bound a whole body, so that a trickle cannot hold a thread for
    ever.
    """

    def __init__(
        self,
        *,
        proxy: Proxy | None = None,
        ca_file: Path | None = None,
        connect_timeout: float = 10.0,
        read_timeout: float = 60.0,
        answer_deadline: float = 300.0,
        download_deadline: float = 3600.0,
        largest_answer: int = LARGEST_ANSWER,
        pool_size: int = 32,
        user_agent: str = USER_AGENT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.proxy = proxy
        self._adapter = Adapter(proxy=proxy, ca_file=ca_file, pool_size=pool_size)
        self._timeout = (connect_timeout, read_timeout)
        self._answer_deadline = answer_deadline
        self._download_deadline = download_deadline
        self._largest_answer = largest_answer
        self._user_agent = user_agent
        self._clock = clock

    def send(self, request: Request) -> Reply:
        """The whole answer, decompressed. TransportError where none came; TooLarge above `largest_answer`."""
        with self._opened(request) as response:
            headers = _headers(response)
            wire = _Wire(response, request, self._clock, self._answer_deadline, self._largest_answer)
            pieces: list[bytes] = []
            size = 0
            for piece in _plain(wire, headers, request):
                size += len(piece)
                if size > self._largest_answer:
                    raise _too_large(request, self._largest_answer)
                pieces.append(piece)
            body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
            return Reply(status=response.status_code, headers=headers, body=body, wire_bytes=wire.count)

    @contextmanager
    def stream(self, request: Request) -> Generator[Stream]:
        """The answer with its body still to be read, in decompressed chunks; TransportError as it happens."""
        with self._opened(request) as response:
            headers = _headers(response)
            wire = _Wire(response, request, self._clock, self._download_deadline, None)
            chunks = _plain(wire, headers, request)
            yield Stream(status=response.status_code, headers=headers, chunks=chunks)

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._adapter.close()

    def __enter__(self) -> Self:
        """Itself; closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    @contextmanager
    def _opened(self, request: Request) -> Generator[requests.Response]:
        response = self._answered(request)
        try:
            if response.status_code == 407:
                raise faults.proxy_wants_login(request, self.proxy)
            yield response
        finally:
            # A body read to its end has given its connection back already; any other connection is of no use.
            response.close()

    def _answered(self, request: Request) -> requests.Response:
        """Send, and raise outside the handler: what requests raises names whole URLs and must not be
        chained."""
        try:
            return self._adapter.transmit(self._prepared(request), self._timeout)
        except faults.FAULTS as fault:
            error = faults.while_connecting(fault, request, self.proxy)
        raise error

    def _prepared(self, request: Request) -> requests.PreparedRequest:
        headers = {"User-Agent": self._user_agent, "Accept-Encoding": "gzip", **request.headers}
        if request.bearer is not None:
            headers["Authorization"] = f"Bearer {request.bearer.reveal()}"
        body = None
        if request.form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = request.form.reveal()
        return requests.Request(request.method, request.url, headers=headers, data=body).prepare()


class _Wire:
    """The pieces of a body as they come over the wire, within a deadline; `count` bytes so far."""

    def __init__(
        self,
        response: requests.Response,
        request: Request,
        clock: Callable[[], float],
        seconds: float,
        largest: int | None,
    ) -> None:
        self.count = 0
        self._raw = response.raw
        self._request = request
        self._clock = clock
        self._seconds = seconds
        self._until = clock() + seconds
        self._largest = largest

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._next():
            self.count += len(piece)
            if self._largest is not None and self.count > self._largest:
                raise _too_large(self._request, self._largest)
            yield piece

    def _next(self) -> bytes:
        if self._clock() > self._until:
            raise TimedOut(f"The answer trickled for {self._seconds:.0f} s", request=self._request.name)
        try:
            piece: bytes | None = self._raw.read1(_WIRE_PIECE, decode_content=False)
        except faults.FAULTS as fault:
            error: GraphError = faults.while_reading(fault, self._request)
        else:
            return piece or b""
        raise error


def _plain(wire: _Wire, headers: dict[str, str], request: Request) -> Iterator[bytes]:
    try:
        yield from decoded(wire, headers.get("content-encoding", ""))
    except DecodeError as fault:
        reason = str(fault)
    else:
        return
    raise BodyBroken(f"The body of the answer is {reason}", request=request.name)


def _too_large(request: Request, limit: int) -> TooLarge:
    return TooLarge(
        f"The answer is larger than {limit >> 20} MB, which no page of Graph is", request=request.name
    )


def _headers(response: requests.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}
