"""Reading one chain of pages to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.collection.lanes import FIRST, USUAL, Halt
from seatbeacon.graph.errors import PageTokenExpired, RepeatingNextLink

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.collection.datasets import DatasetRequest
    from seatbeacon.collection.readers.reading import Reading
    from seatbeacon.graph.errors import GraphError
    from seatbeacon.graph.pages import Page

LONG_CHAIN = 5
"""A chain of more pages than this is not kept waiting: nothing else shortens it."""
RESTARTS: dict[type[GraphError], int] = {PageTokenExpired: 3, RepeatingNextLink: 1}
"""How often a chain is begun again. A page token may expire whenever Graph is slow; a circle is seldom
chance."""


def read_chain(
    reading: Reading,
    request: DatasetRequest,
    take: Callable[[Page], None],
    *,
    urgency: int = USUAL,
    halt: Halt | None = None,
) -> int | None:
    """Hand every page of the listing to `take`; gives Graph's own count, where it came with the first page.

    Empty pages are pages. A chain that must begin again hands its first pages to `take` once more: the
    objects repeat, which is harmless, because they are counted by id and the last one counts. Raises
    GraphError, and what `take` raises.
    """
    began_again = dict.fromkeys(RESTARTS, 0)
    while True:
        try:
            return _read(reading, request, take, urgency=urgency, halt=halt or reading.halt)
        except (PageTokenExpired, RepeatingNextLink) as error:
            began_again[type(error)] += 1
            if began_again[type(error)] > RESTARTS[type(error)]:
                error.give_up(f"after reading from the beginning {began_again[type(error)]} times")
                raise


def _read(
    reading: Reading, request: DatasetRequest, take: Callable[[Page], None], *, urgency: int, halt: Halt
) -> int | None:
    pages = reading.client.pages(request.path, headers=request.headers)
    counted: int | None = None
    while True:
        halt.check()
        # The page is taken while its lane is held: no more pages than lanes are in memory.
        with reading.lanes.lane(urgency):
            page = next(pages, None)
            if page is None:
                return counted
            if counted is None and page.count is not None:
                counted = page.count
                if counted > LONG_CHAIN * len(page.items):
                    urgency = FIRST
            take(page)
            del page
