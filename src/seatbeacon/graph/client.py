"""Reading Microsoft Graph: objects, listings page by page, counts, and reports."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote

from .download import Download, Downloader
from .endpoints import check_graph_root
from .exchange import Exchange
from .links import Trail, check_next_link
from .pages import Page, read_count, read_envelope, read_object
from .retry import RetryPolicy, Runtime
from .statistics import RequestRecord, Statistics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .messages import Reply
    from .tokens import TokenSource
    from .transport import Transport

_JSON = {"Accept": "application/json"}
_ADVANCED = {"ConsistencyLevel": "eventual"}
# What a URL's path and query may hold as it is; people write blanks and quotes into a filter.
_SAFE = "/?:@!$&'()*+,;=-._~%"


class GraphClient:
    """One tenant's Graph, read-only: it sends GET and nothing else. Safe to use from many threads.

    `root` is scheme, host and port; the token goes there and nowhere else. `clock` is monotonic and `sleep`
    takes seconds; with `check_cancelled` (which raises to stop) a wait is cut into half seconds, so that it
    ends early. `low_priority` asks Graph to throttle us before others. All methods raise GraphError.
    """

    def __init__(
        self,
        *,
        root: str,
        tokens: TokenSource,
        transport: Transport,
        retry: RetryPolicy | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
        on_request: Callable[[RequestRecord], None] | None = None,
        check_cancelled: Callable[[], None] | None = None,
        low_priority: bool = False,
    ) -> None:
        """Nothing is sent yet. InvalidEndpoint where `root` is none."""
        self.root = check_graph_root(root)
        self.stats = Statistics()
        self._exchange = Exchange(
            root=self.root,
            tokens=tokens,
            transport=transport,
            policy=retry or RetryPolicy(),
            runtime=Runtime(
                clock=clock, sleep=sleep, now=now, chance=chance, check_cancelled=check_cancelled
            ),
            headers={"x-ms-throttle-priority": "Low"} if low_priority else {},
            on_request=on_request,
        )

    def part(self) -> GraphClient:
        """The same client with counts of its own, which are added to this one's too: say, for one dataset."""
        part = object.__new__(type(self))
        part.root = self.root
        part.stats = Statistics(self.stats)
        part._exchange = self._exchange
        return part

    def get_object(self, path: str, *, headers: Mapping[str, str] | None = None) -> bytes:
        """The JSON object at `path` (`organization/…`, below the version), as Graph sent it."""
        url = self._url(path)
        name = self._exchange.name(url)
        return self._exchange.fetch(
            url,
            lambda reply: read_object(reply, request=name),
            statistics=self.stats,
            headers={**_JSON, **(headers or {})},
        )

    def pages(self, path: str, *, headers: Mapping[str, str] | None = None) -> Iterator[Page]:
        """Each page of the listing at `path` (`users?$select=id&$top=999`), to the end.

        `headers` go with every page, as Graph wants it. An empty page with a next link is a page like any
        other. Besides what any request may raise: PageTokenExpired (begin again; what was yielded repeats),
        RepeatingNextLink, and ForeignNextLink before anything is sent there.
        """
        sent = {**_JSON, **(headers or {})}
        url: str | None = self._url(path)
        trail = Trail()
        number = 0
        while url is not None:
            trail.step(url, request=self._exchange.name(url))
            number += 1
            page = self._page(url, number, sent)
            url = page.next_link
            yield page

    def count(self, path: str, *, headers: Mapping[str, str] | None = None) -> int:
        """The number that `path` (`users/$count`) answers with; the header that `$count` needs is added."""
        url = self._url(path)
        name = self._exchange.name(url)
        return self._exchange.fetch(
            url,
            lambda reply: read_count(reply, request=name),
            statistics=self.stats,
            headers={**_ADVANCED, **(headers or {})},
        )

    def download(self, path: str, open_sink: Callable[[], BinaryIO]) -> Download:
        """Write the report at `path` (`reports/getX(period='D180')`) into what `open_sink` opens.

        Each attempt opens a sink of its own and closes it, whole or not: `open(file, "wb")` is what fits. A
        redirect is followed without the token. What the sink raises (a full disk) passes through as it is.
        """
        url = self._url(path)
        downloader = Downloader(self._exchange, self.stats, url, open_sink)
        return self._exchange.persevere(url, downloader.attempt, statistics=self.stats)

    def _page(self, url: str, number: int, headers: Mapping[str, str]) -> Page:
        name = self._exchange.name(url)

        def read(reply: Reply) -> Page:
            envelope = read_envelope(reply, request=name)
            link = envelope.next_link
            return Page(
                items=envelope.value,
                next_link=check_next_link(link, current=url, root=self.root, request=name) if link else None,
                count=envelope.count,
                number=number,
                wire_bytes=reply.wire_bytes,
            )

        return self._exchange.fetch(url, read, statistics=self.stats, headers=headers)

    def _url(self, path: str) -> str:
        return f"{self.root}/v1.0/{quote(path.lstrip('/'), safe=_SAFE)}"
