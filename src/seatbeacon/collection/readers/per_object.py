"""Reading one listing for each object of another dataset: who is assigned to each enterprise application."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from seatbeacon.collection.distinct import DistinctIds
from seatbeacon.collection.errors import CountsDisagree
from seatbeacon.collection.lanes import FILLING, Halt, run_all
from seatbeacon.collection.readers.chain import read_chain
from seatbeacon.collection.readers.listing import READINGS
from seatbeacon.collection.readers.reading import Reading, Result
from seatbeacon.graph.errors import NotFound, NotSupported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from seatbeacon.graph.pages import Page


class _Identified(msgspec.Struct):
    id: str


class _State:
    """What the threads share."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.counted = True
        """Until Graph says that it does not count here."""
        self.parents = 0
        self.vanished = 0
        self.last_vanished: NotFound | None = None


def read_per_object(reading: Reading, parents: Path) -> Result:
    """Read the listing of every object in the file `parents` (one JSON object per line).

    An object that is gone by now (404) is passed over and told. Raises GraphError, also where every one is
    gone, and `CountsDisagree` where a listing keeps ending early.
    """
    state = _State()
    halt = Halt(reading.halt)
    jobs = _jobs(reading, parents, state, halt)
    run_all(jobs, workers=reading.lanes.count, halt=halt, name=reading.dataset.name)
    if state.last_vanished is not None and state.vanished == state.parents:
        raise state.last_vanished
    notes = (f"{state.vanished:,} were deleted while they were read.",) if state.vanished else ()
    return Result(count=reading.ids.count(), notes=notes)


def _jobs(reading: Reading, parents: Path, state: _State, halt: Halt) -> Iterator[Callable[[], None]]:
    decoder = msgspec.json.Decoder(_Identified)
    with parents.open("rb") as lines:
        for line in lines:
            state.parents += 1
            yield partial(_read_one, reading, decoder.decode(line).id, state, halt)


def _read_one(reading: Reading, parent: str, state: _State, halt: Halt) -> None:
    for left in reversed(range(READINGS)):
        try:
            _read_counted(reading, parent, state, halt)
        except NotFound as error:
            if not _is_gone(reading, parent, halt):
                if left:
                    continue
                raise
            with state.lock:
                state.vanished += 1
                state.last_vanished = error
        return


def _is_gone(reading: Reading, parent: str, halt: Halt) -> bool:
    """Whether the object is deleted indeed: a 404 of its listing alone does not tell."""
    request = reading.dataset.owner_request(parent)
    halt.check()
    try:
        with reading.lanes.lane(FILLING):
            reading.client.get_object(request.path, headers=request.headers)
    except NotFound:
        return True
    return False


def _read_counted(reading: Reading, parent: str, state: _State, halt: Halt) -> None:
    counted = listed = 0
    for _ in range(READINGS):
        advanced = state.counted and reading.dataset.counted
        request = reading.dataset.request(advanced=advanced, parent_id=parent)
        with DistinctIds(reading.package) as ids:

            def take(page: Page, ids: DistinctIds = ids) -> None:
                ids.add_short(reading.take(page.items))

            try:
                announced = read_chain(reading, request, take, urgency=FILLING, halt=halt)
            except NotSupported:
                if not advanced:
                    raise
                state.counted = False
                continue
            listed = ids.count()
        if announced is None or announced == listed:
            return
        counted = announced
    raise CountsDisagree(
        f"{reading.dataset.name} of the enterprise application {parent}", counted=counted, listed=listed
    )
