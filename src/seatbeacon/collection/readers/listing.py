"""Reading a listing that is one chain, and making sure that it did not end early."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from seatbeacon.collection.errors import CountsDisagree, UnsteadyListing
from seatbeacon.collection.lanes import LONG
from seatbeacon.collection.readers.chain import read_chain
from seatbeacon.collection.readers.reading import Reading, Result
from seatbeacon.graph.errors import NotSupported

if TYPE_CHECKING:
    from seatbeacon.collection.datasets import Keep
    from seatbeacon.graph.pages import Page

READINGS = 4
"""How often a listing is read before it has failed: objects come and go while it is read."""
_READ_WHOLE = "Graph does not filter here; everything was read instead."


def read_listing(reading: Reading) -> Result:
    """Read the dataset as one chain. Raises GraphError, `CountsDisagree` and `UnsteadyListing`.

    It is whole where Graph counts as many; where Graph does not count, where two readings one after the other
    come to the same.
    """
    dataset = reading.dataset
    counted = dataset.counted
    notes: tuple[str, ...] = ()
    announced: int | None = None
    found: list[int] = []
    while len(found) < READINGS:
        reading.restart()
        request = dataset.request(advanced=counted)
        # Without the advanced query the filter is missing: what it would have left out is left out here.
        take = partial(_take, reading, None if counted else dataset.keep)
        try:
            announced = read_chain(reading, request, take, urgency=LONG)
        except NotSupported:
            if not counted:
                raise
            counted = False
            notes = (_READ_WHOLE,) if dataset.keep else ()
            continue
        found.append(reading.ids.count())
        if dataset.one_page or announced == found[-1] or (announced is None and found[-1:] == found[-2:-1]):
            return Result(count=found[-1], notes=notes)
    if announced is None:
        raise UnsteadyListing(dataset.name, found)
    raise CountsDisagree(dataset.name, counted=announced, listed=found[-1])


def _take(reading: Reading, keep: Keep | None, page: Page) -> None:
    reading.take(page.items, keep)
