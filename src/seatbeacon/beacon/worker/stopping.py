"""Whether this worker was asked to stop; imports ask at each page."""

from __future__ import annotations

import threading

from seatbeacon.graph.errors import Cancelled

stopping = threading.Event()
"""Set once the worker was asked to stop."""


def ask_to_stop() -> None:
    """Let what runs stop at its next page."""
    stopping.set()


def check_stopping() -> None:
    """Raise Cancelled where the worker was asked to stop."""
    if stopping.is_set():
        raise Cancelled("The worker was stopped.")
