"""Usage reports: asked for at Graph with the token, fetched elsewhere without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import msgspec

from .answers import error_of
from .errors import AnswerError, GraphError, LinkRefused, NotAReport, NotJson, ServiceUnavailable, Throttled
from .links import may_download_from, resolve
from .messages import Request, Stream, describe, is_html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .exchange import Exchange
    from .secret import Secret
    from .statistics import Statistics

_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_REDIRECTS = 5
_ERROR_BODY = 1 << 16  # bytes of an error that are read


class Download(msgspec.Struct, frozen=True, kw_only=True):
    """A report that was written whole: `bytes` decompressed, and the content type it came with."""

    bytes: int
    content_type: str


class Downloader:
    """One report, attempt by attempt."""

    def __init__(
        self,
        exchange: Exchange,
        statistics: Statistics,
        url: str,
        open_sink: Callable[[], BinaryIO],
    ) -> None:
        self._exchange = exchange
        self._statistics = statistics
        self._url = url
        self._open_sink = open_sink

    def attempt(self, bearer: Secret) -> Download:
        """Ask Graph for the report and write it to a new sink. The link is good for minutes: each attempt
        asks anew."""
        request = self._exchange.request(self._url, bearer)
        for _ in range(_MOST_REDIRECTS + 1):
            outcome = self._step(request)
            if isinstance(outcome, Download):
                return outcome
            request = outcome
        raise NotJson(
            "The report's download is redirected in circles", request=self._exchange.name(self._url)
        )

    def _step(self, request: Request) -> Download | Request:
        """Send one request: a report that was written, or the request that a redirect asks for."""
        exchange = self._exchange
        started = exchange.runtime.clock()
        exchange.runtime.check()
        self._statistics.add(requests=1)
        try:
            with exchange.transport.stream(request) as stream:
                if stream.status in _REDIRECTS:
                    outcome: Download | Request | Exception = self._follow(request, stream)
                elif stream.status == 200:
                    outcome = self._write(request, stream)
                else:
                    outcome = self._refused(request, stream)
        except GraphError as error:
            exchange.record(request, started, error=error)
            raise
        exchange.record(request, started, answer=stream)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _follow(self, request: Request, stream: Stream) -> Request:
        """The request for where a redirect leads: never with the token, even back to where we came from."""
        target = resolve(request.url, stream.headers.get("location", ""))
        if not may_download_from(target):
            raise AnswerError(
                "The report's download leads to an address that is not https; it was not followed",
                request=request.name,
                remedy="Check that the Graph root of the connection is right, and the proxy in between.",
            )
        return Request(url=target, shown=describe("GET", target))

    def _refused(self, request: Request, stream: Stream) -> Exception:
        body = b""
        for chunk in stream.chunks:
            body += chunk
            if len(body) >= _ERROR_BODY:
                break
        if request.bearer is not None:
            return self._exchange.error(request, stream.status, stream.headers, body)
        error = error_of(
            status=stream.status,
            headers=stream.headers,
            body=body,
            url=request.url,
            request=request.name,
            now=self._exchange.runtime.now(),
        )
        if isinstance(error, (Throttled, ServiceUnavailable, NotJson)):
            return error
        return LinkRefused(
            "The report's download link was refused", request=request.name, status=stream.status
        )

    def _write(self, request: Request, stream: Stream) -> Download:
        """Write a 200 to a new sink, which is closed at the end, whatever happens."""
        chunks = iter(stream.chunks)
        first = next(chunks, b"")
        if is_html(stream.headers, first):
            raise NotAReport(
                "A web page came instead of the report, most likely a proxy's login page",
                request=request.name,
                status=200,
            )
        size = 0
        with self._open_sink() as sink:
            for chunk in _with(first, chunks):
                self._exchange.runtime.check()
                sink.write(chunk)
                size += len(chunk)
        return Download(bytes=size, content_type=stream.headers.get("content-type", ""))


def _with(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest
