"""How much is done at once: lanes for requests, and threads for the chains that share them."""

from __future__ import annotations

import contextlib
import contextvars
import heapq
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FIRST, LONG, USUAL, FILLING = range(4)
"""Urgency of a request. Planning comes first, because everything waits for it; long chains before short ones,
because the longest decides when we are done; the many small requests fill what is left."""


class Halted(Exception):  # noqa: N818 - a signal between our own threads, never shown
    """Something else ended the run: stop here."""


class Halt:
    """Whether to stop, for a group of threads. A group inside another stops when the outer one does."""

    def __init__(self, outer: Halt | None = None, check_cancelled: Callable[[], None] | None = None) -> None:
        self._set = threading.Event()
        self._outer = outer
        self._check_cancelled = check_cancelled

    def set(self) -> None:
        """Stop this group and those inside it."""
        self._set.set()

    def check(self) -> None:
        """Go on, or raise `Halted`; or whatever `check_cancelled` raises where somebody asked us to stop."""
        if self._check_cancelled is not None:
            self._check_cancelled()
        if self._set.is_set():
            raise Halted
        if self._outer is not None:
            self._outer.check()


class Lanes:
    """At most `count` requests at a time; the most urgent waiter goes next, the longest waiting among
    equals."""

    def __init__(self, count: int) -> None:
        if count < 1:
            raise ValueError(f"at least one connection is needed, not {count}")
        self.count = count
        self._free = count
        self._lock = threading.Lock()
        self._waiting: list[tuple[int, int, threading.Event]] = []
        self._number = 0

    @contextlib.contextmanager
    def lane(self, urgency: int = USUAL) -> Iterator[None]:
        """Hold one lane, for one request."""
        self._take(urgency)
        try:
            yield
        finally:
            self._give()

    def _take(self, urgency: int) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = threading.Event()
            self._number += 1
            heapq.heappush(self._waiting, (urgency, self._number, turn))
        turn.wait()

    def _give(self) -> None:
        with self._lock:
            if self._waiting:
                heapq.heappop(self._waiting)[2].set()
            else:
                self._free += 1


def run_all(jobs: Iterable[Callable[[], None]], *, workers: int, halt: Halt, name: str) -> None:
    """Run `jobs`, `workers` at a time, each in a thread. Returns when all have ended.

    The first error halts the rest and is raised once no thread is left; `Halted` where only the outer group
    was halted. `jobs` may be a generator: it is advanced by one thread at a time, and not beyond what is run.
    """
    queue = iter(jobs)
    taking = threading.Lock()
    errors: list[BaseException] = []

    def work() -> None:
        try:
            while True:
                halt.check()
                with taking:
                    job = next(queue, None)
                if job is None:
                    return
                job()
        except BaseException as error:  # noqa: BLE001 - raised again by the waiting thread
            with taking:
                errors.append(error)
            halt.set()

    started: list[threading.Thread] = []
    try:
        for number in range(workers):
            # What is logged in there is told apart by the caller's context: it names the run.
            context = contextvars.copy_context()
            thread = threading.Thread(target=context.run, args=(work,), name=f"{name}-{number}", daemon=True)
            thread.start()
            started.append(thread)
        for thread in started:
            thread.join()
    except BaseException:
        halt.set()  # an interrupt: the others come to rest at their next page, and write nothing afterwards
        for thread in started:
            thread.join()
        raise
    if errors:
        raise next((error for error in errors if not isinstance(error, Halted)), errors[0])
