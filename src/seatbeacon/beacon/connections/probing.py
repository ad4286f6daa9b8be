"""Test a connection: the token, then the first page of every dataset, through the connection's own proxy."""

from __future__ import annotations

import contextlib
import csv
import io
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO, cast

import msgspec

from seatbeacon.beacon.audit import Actor, record
from seatbeacon.beacon.connections.access import open_access
from seatbeacon.collection.datasets import BY_NAME, DATASETS, Dataset, Kind
from seatbeacon.collection.errors import DatasetError
from seatbeacon.collection.outcomes import (
    CONCEALED_PROBLEM,
    CONCEALED_REMEDY,
    ENDS_THE_RUN,
    outcome_of,
)
from seatbeacon.collection.package import Outcome
from seatbeacon.collection.reports.names import is_concealed, is_nobody
from seatbeacon.graph.errors import GraphError

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.connections.access import Access
    from seatbeacon.beacon.models import Connection
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.graph.client import GraphClient

PASSED = "passed"
AT_ONCE = 6
_HEAD_BYTES = 1 << 16
"""How much of a report is looked at: some hundred people."""


@dataclass(frozen=True, kw_only=True)
class Probe:
    """How one dataset answered: *passed*, or an outcome as an import would have it. `seconds` of waiting."""

    dataset: str
    result: str
    required: bool = False
    extra: bool = False
    seconds: float = 0.0
    problem: str | None = None
    permission: str | None = None
    role: str | None = None
    remedy: str | None = None

    @property
    def is_problem(self) -> bool:
        """Whether a person should act on it."""
        denied_extra = self.result == Outcome.DENIED and self.extra
        return self.result not in {PASSED, Outcome.UNAVAILABLE.value} and not denied_extra


def probe_connection(
    settings: Settings,
    connection: Connection,
    *,
    actor: Actor | None = None,
    check_cancelled: Callable[[], None] | None = None,
    on_signed_in: Callable[[], None] | None = None,
    on_probe: Callable[[Probe], None] | None = None,
) -> list[Probe]:
    """Ask for a token and the first page of every dataset, and tell how each answered, in their order.

    With `actor` the audit log tells who tried it. `on_signed_in` is called once there is a token, `on_probe`
    as each dataset answers, from any thread. Raises SignInError, TransportError or SecretError where there is
    no token to ask with.
    """

    if actor is not None:
        record(actor, "connection.tested", connection.name)

    def probe(dataset: Dataset) -> Probe:
        answer = _probe(access, dataset)
        if on_probe is not None:
            on_probe(answer)
        return answer

    with open_access(settings, connection, check_cancelled=check_cancelled) as access:
        access.tokens.token()
        if on_signed_in is not None:
            on_signed_in()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(probe, DATASETS))


def _probe(access: Access, dataset: Dataset) -> Probe:
    probe = Probe(dataset=dataset.name, result=PASSED, required=dataset.required, extra=dataset.extra)
    if dataset.clouds == "reports" and not access.cloud.reports:
        problem = f"Usage reports do not exist in this cloud ({access.cloud.label})."
        return replace(probe, result=Outcome.UNAVAILABLE.value, problem=problem)
    started = time.monotonic()
    try:
        concealed = _first_page(access.client, dataset)
    except ENDS_THE_RUN:
        raise
    except (GraphError, DatasetError) as error:
        told = outcome_of(error, dataset)
        probe = replace(
            probe,
            result=told["outcome"].value,
            problem=told.get("problem"),
            permission=told.get("permission"),
            role=told.get("role"),
            remedy=told.get("remedy"),
        )
    else:
        if concealed:
            probe = replace(
                probe,
                result=Outcome.CONCEALED.value,
                problem=CONCEALED_PROBLEM,
                remedy=CONCEALED_REMEDY,
            )
    return replace(probe, seconds=time.monotonic() - started)


def _first_page(client: GraphClient, dataset: Dataset) -> bool:
    """Read one page of `dataset`; whether it is a report with concealed names."""
    if dataset.kind is Kind.REPORT:
        return _is_concealed_report(client, dataset)
    if dataset.kind is Kind.OBJECT:
        request = dataset.request()
        client.get_object(request.path, headers=request.headers)
    elif dataset.kind is Kind.PER_OBJECT:
        parent = _one_object(client, BY_NAME[dataset.parent or ""])
        if parent is not None:
            request = dataset.request(advanced=False, parent_id=parent)
            next(client.pages(request.path, headers=request.headers), None)
    else:
        _one_object(client, dataset)
    return False


def _one_object(client: GraphClient, dataset: Dataset) -> str | None:
    """The id of some object of a listing, or None where it is empty."""
    request = dataset.probe_request() if dataset.top else dataset.request(advanced=False)
    page = next(client.pages(request.path, headers=request.headers), None)
    if page is None or not page.items:
        return None
    return _IDENTIFIED.decode(page.items[0]).id


def _is_concealed_report(client: GraphClient, dataset: Dataset) -> bool:
    head = _Head()
    with contextlib.suppress(_EnoughError):
        client.download(dataset.request().path, lambda: cast("BinaryIO", head.begin()))
    rows = csv.DictReader(io.StringIO(head.text()))
    names = [row.get(dataset.name_column or "") or "" for row in rows]
    known = [name for name in names if not is_nobody(name)]
    return bool(known) and all(map(is_concealed, known))


class _Identified(msgspec.Struct):
    id: str


# Made at import: msgspec learns a Struct at its first use, and two threads that do so at once may crash.
_IDENTIFIED = msgspec.json.Decoder(_Identified)


class _EnoughError(Exception):
    """The head of the report is read; the rest is not needed."""


class _Head(io.RawIOBase):
    """Takes the first whole lines of a report, and then no more."""

    def __init__(self) -> None:
        self._data = bytearray()

    def begin(self) -> _Head:
        """Forget what came: the report is asked for anew."""
        self._data.clear()
        return self

    def close(self) -> None:
        """Nothing: what came is still to be read."""

    def write(self, data: object) -> int:
        piece = bytes(cast("bytes", data))
        self._data += piece
        if len(self._data) >= _HEAD_BYTES:
            raise _EnoughError
        return len(piece)

    def text(self) -> str:
        """The lines that came whole."""
        text = self._data.decode("utf-8-sig", errors="replace")
        whole, end, _ = text.rpartition("\n")
        return whole + end
