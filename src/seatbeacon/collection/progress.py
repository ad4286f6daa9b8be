"""How far a collection is, told while it runs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import msgspec

from seatbeacon.collection.package.manifest import Outcome  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import Callable


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """One dataset's state: `objects` and `pages` so far, `expected` objects where Graph said how many there
    are, `finished` once it has its outcome. Objects that came twice are counted twice until then."""

    dataset: str
    objects: int = 0
    expected: int | None = None
    pages: int = 0
    finished: Outcome | None = None


class Tally:
    """Counts objects and pages of one dataset, and tells whoever listens. Thread-safe; the listener is
    called from any thread, one call per page."""

    def __init__(self, dataset: str, listener: Callable[[Progress], None] | None) -> None:
        self._dataset = dataset
        self._listener = listener
        self._lock = threading.Lock()
        self._objects = 0
        self._pages = 0
        self._expected: int | None = None

    def add(self, objects: int, *, pages: int = 1) -> None:
        """Another page came with that many objects; negative numbers take back what is read again."""
        with self._lock:
            self._objects += objects
            self._pages += pages
        self._tell(None)

    def expect(self, objects: int | None) -> None:
        """Graph counts that many."""
        with self._lock:
            self._expected = objects

    def restart(self) -> None:
        """What came so far is read again."""
        with self._lock:
            self._objects = self._pages = 0

    def finish(self, outcome: Outcome, objects: int) -> None:
        """The dataset has its outcome, and that many objects or rows."""
        with self._lock:
            self._objects = objects
        self._tell(outcome)

    def _tell(self, outcome: Outcome | None) -> None:
        if self._listener is not None:
            with self._lock:
                state = Progress(
                    dataset=self._dataset,
                    objects=self._objects,
                    expected=self._expected,
                    pages=self._pages,
                    finished=outcome,
                )
            self._listener(state)
