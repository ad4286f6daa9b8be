"""Reading a listing that is one chain, and making sure that it did not end early where Graph counts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.collection.errors import CountsDisagree
from seatbeacon.collection.lanes import LONG
from seatbeacon.collection.readers.chain import read_chain
from seatbeacon.collection.readers.reading import Reading, Result
from seatbeacon.graph.errors import NotSupported

if TYPE_CHECKING:
    from seatbeacon.graph.pages import Page

READINGS = 3
"""How often a listing is read before its count is held against it: objects come and go while it is read."""


def read_listing(reading: Reading) -> Result:
    """Read the dataset as one chain. Raises GraphError, and `CountsDisagree` where it keeps ending early."""
    dataset = reading.dataset
    if not dataset.counted:
        return _plain(reading, ())
    counted = listed = 0
    for _ in range(READINGS):
        reading.restart()
        try:
            announced = read_chain(
                reading, dataset.request(), lambda page: _take(reading, page), urgency=LONG
            )
        except NotSupported:
            reading.restart()
            return _plain(reading, ("Graph does not filter or count here; everything was read instead.",))
        listed = reading.ids.count()
        if announced is None or announced == listed:
            return Result(count=listed)
        counted = announced
    raise CountsDisagree(dataset.name, counted=counted, listed=listed)


def _plain(reading: Reading, notes: tuple[str, ...]) -> Result:
    """Without an advanced query: nothing to count against, and what the filter would have left out is left
    out."""
    keep = reading.dataset.keep
    request = reading.dataset.request(advanced=False)
    read_chain(reading, request, lambda page: _take_kept(reading, page))
    return Result(count=reading.ids.count(), notes=notes if keep else ())


def _take(reading: Reading, page: Page) -> None:
    reading.take(page.items)


def _take_kept(reading: Reading, page: Page) -> None:
    reading.take(page.items, reading.dataset.keep)
