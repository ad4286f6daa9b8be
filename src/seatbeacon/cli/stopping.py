"""Ctrl-C while something long goes on: the first asks it to stop at the next page, the second insists."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import FrameType


class Stop:
    """Whether somebody asked to stop."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def ask(self) -> None:
        """Ask to stop."""
        self._asked.set()

    def check(self) -> None:
        """Raise `graph.errors.Cancelled` where somebody asked to stop."""
        if self._asked.is_set():
            from seatbeacon.graph.errors import Cancelled  # noqa: PLC0415 - only where it is raised

            raise Cancelled("It was stopped.")


@contextlib.contextmanager
def stoppable() -> Generator[Stop]:
    """Turn Ctrl-C, and the signal that ends a service, into a wish to stop."""
    stop = Stop()

    def on_signal(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.ask()
        # From here on the signals do what they always do, in case the wish is not heard.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        click.echo("Stopping at the next page … (Ctrl-C again stops at once)", err=True)

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
