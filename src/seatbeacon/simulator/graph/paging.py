"""Pages and the opaque tokens of their next links."""

from __future__ import annotations

import hmac
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from threading import RLock
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from seatbeacon.simulator.graph.errors import RefusedError, bad_request
from seatbeacon.simulator.graph.query import ListingQuery, is_eventual, parse_query
from seatbeacon.simulator.graph.tables import ObjectTable, Table, positions
from seatbeacon.simulator.reply import PageFacts, Reply, Request, json_reply
from seatbeacon.simulator.spill import Rows, Spill, pack

if TYPE_CHECKING:
    from seatbeacon.simulator.journal import Journal

_KEPT_FILTERS = 64
_WINDOW = 600


class PageToken(msgspec.Struct, frozen=True, array_like=True):
    """What stands in a `$skiptoken`: where the page begins, on which day's directory, and when it was
    made."""

    offset: int
    day: int
    made: float
    advanced: bool


# Learnt here, in one thread: two that meet a Struct for the first time at once may crash the process.
_TOKENS = msgspec.json.Decoder(PageToken)


class Pager:
    """Cuts listings into pages, signs the next links, and keeps what it has rendered."""

    def __init__(
        self,
        graph_root: str,
        key: bytes,
        spill: Spill,
        journal: Journal,
        *,
        cap: int | None,
        token_seconds: int,
    ) -> None:
        self._root, self._key, self._spill, self._journal = graph_root, key, spill, journal
        self._cap, self._token_seconds = cap, token_seconds
        self._kept: dict[tuple[object, ...], list[int] | None] = {}
        self._rendered: dict[tuple[object, ...], Rows] = {}
        self._lock = RLock()

    def token(self, request: Request) -> PageToken | None:
        """The page token of `request`, if it has one; RefusedError where it was altered or is too old."""
        text = request.parameter("$skiptoken")
        if text is None:
            return None
        raw, _, signature = text.partition(".")
        if not hmac.compare_digest(signature, self._sign(raw, request)):
            self._journal.violation(
                "next link altered",
                request,
                "a page token came with other query options than it was given with",
            )
            raise bad_request("Invalid skip token in the query string.", "Request_BadRequest")
        token = _TOKENS.decode(urlsafe_b64decode(raw + "=="))
        if time.time() - token.made > self._token_seconds:
            raise expired_page_token()
        if token.advanced and not is_eventual(request):
            self._journal.violation(
                "ConsistencyLevel dropped", request, "a later page of an advanced query lacks the header"
            )
        return token

    def listing(self, request: Request, table: Table, day: int, *, context: str, most: int = 999) -> Reply:
        """The page of `table` that `request` asks for."""
        token = self.token(request)
        query = parse_query(request, most=most)
        offset = token.offset if token else 0
        select = check_select(query, table)
        kept = self._positions(table, query, (day, request.path))
        total = table.size if kept is None else len(kept)
        size = min(query.top, self._cap or query.top)
        end = min(offset + size, total)

        def objects(start: int, stop: int) -> list[Any]:
            chosen = range(start, min(stop, total)) if kept is None else kept[start:stop]
            return [table.row(position, select, query.expand) for position in chosen]

        def link_to(position: int) -> str:
            return self._link(
                request, PageToken(position, day, self._window() or time.time(), advanced=query.count)
            )

        page = PageFacts(offset, link_to, objects)
        whole_key = (day, request.path, query.text, offset, size, token is None, self._window())
        packed = self._spill.get(whole_key) if self._window() else None
        if packed is not None:
            return Reply(packed=packed, page=page)
        head: dict[str, Any] = {"@odata.context": f"{self._root}/v1.0/$metadata#{context}"}
        if query.count and token is None:
            head["@odata.count"] = total
        if end < total:
            head["@odata.nextLink"] = link_to(end)
        chosen = range(offset, end) if kept is None else kept[offset:end]
        rows = b",".join(self._rows((day, request.path), table, select, query.expand).read(chosen))
        reply = json_reply({**head, "value": msgspec.Raw(b"[" + rows + b"]")})
        reply.page = page
        if self._window():
            reply.packed = pack(reply.body)
            self._spill.put(whole_key, reply.packed)
        return reply

    def _rows(
        self,
        scope: tuple[object, ...],
        table: Table,
        select: tuple[str, ...],
        expand: tuple[str, tuple[str, ...]] | None,
    ) -> Rows:
        key = (*scope, select, expand)
        with self._lock:
            if key not in self._rendered:
                self._rendered[key] = Rows(
                    table.size, lambda position: msgspec.json.encode(table.row(position, select, expand))
                )
            return self._rendered[key]

    def close(self) -> None:
        """Give the files back."""
        with self._lock:
            for rows in self._rendered.values():
                rows.close()
            self._rendered.clear()

    def _window(self) -> float:
        """The start of the present ten minutes, so that pages can be kept with their links; 0 where tokens
        die young."""
        return time.time() // _WINDOW * _WINDOW if self._token_seconds >= 2 * _WINDOW else 0

    def count(self, request: Request, table: Table, day: int) -> Reply:
        """The answer to a `$count` segment: a bare number."""
        if not is_eventual(request):
            raise bad_request(
                "$count is not currently supported without the ConsistencyLevel header set to eventual."
            )
        query = parse_query(
            Request(
                request.role,
                request.method,
                request.target,
                request.path,
                (*request.query, ("$count", "true")),
                request.headers,
            )
        )
        kept = self._positions(table, query, (day, request.path.removesuffix("/$count")))
        number = table.size if kept is None else len(kept)
        return Reply(body=b"\xef\xbb\xbf" + str(number).encode(), content_type="text/plain")

    def _positions(self, table: Table, query: ListingQuery, scope: tuple[object, ...]) -> list[int] | None:
        if query.filter is None and query.order is None:
            return None
        key = (*scope, query.filter_text, query.order)
        with self._lock:
            if key not in self._kept:
                kept = range(table.size) if query.filter is None else positions(table, query.filter)
                if query.order is not None:
                    column = table.column(query.order[0])
                    kept = sorted(
                        kept, key=lambda position: (column[position] or "").lower(), reverse=query.order[1]
                    )
                while len(self._kept) >= _KEPT_FILTERS:
                    del self._kept[next(iter(self._kept))]
                self._kept[key] = list(kept)
            return self._kept[key]

    def _link(self, request: Request, token: PageToken) -> str:
        raw = urlsafe_b64encode(msgspec.json.encode(token)).decode().rstrip("=")
        kept = "&".join(
            f"{quote(key, safe='$')}={quote(value, safe='(),/:$')}"
            for key, value in request.query
            if key != "$skiptoken"
        )
        joint = f"{kept}&" if kept else ""
        return f"{self._root}{quote(request.path)}?{joint}$skiptoken={raw}.{self._sign(raw, request)}"

    def _sign(self, raw: str, request: Request) -> str:
        others = "&".join(f"{key}={value}" for key, value in request.query if key != "$skiptoken")
        return hmac.new(self._key, f"{raw}|{request.path}|{others}".encode(), sha256).hexdigest()[:24]


def check_select(query: ListingQuery, table: Table) -> tuple[str, ...]:
    """The properties to show: those named, else the default set; RefusedError (400) for names that nothing
    has."""
    for name in query.select:
        if name not in table.known:
            raise bad_request(
                (
                    f"Parsing OData Select and Expand failed: Could not find a property named '{name}' "
                    f"on type 'microsoft.graph.{table.name.lower()}'."
                ),
                "BadRequest",
            )
    select = query.select or table.default
    return (*select, "id") if "signInActivity" in select and "id" not in select else select


def expired_page_token() -> RefusedError:
    """400: the listing must be started again."""
    return RefusedError(
        400,
        "Directory_ExpiredPageToken",
        "The specified page token value has expired and can no longer be included in your request.",
    )


def whole(request: Request, objects: ObjectTable, root: str, context: str) -> Reply:
    """A listing that does not page and takes only `$select`."""
    for key, _ in request.query:
        if key.removeprefix("$") != "select":
            raise bad_request(f"This resource does not support '{key}'.", "Request_UnsupportedQuery")
    select = check_select(parse_query(request), objects)
    rows = [objects.row(position, select, None) for position in range(objects.size)]
    return json_reply({"@odata.context": f"{root}/v1.0/$metadata#{context}", "value": rows})
