"""Whether this worker was asked to stop; imports ask at each page."""

from __future__ import annotations

import threading

from seatbeacon.graph.errors import Cancelled

_asked = threading.Event()


def ask_to_stop() -> None:
    """Let what runs stop at its next page."""
    _asked.set()


def check_stopping() -> None:
    """Raise Cancelled where the worker was asked to stop."""
    if _asked.is_set():
        raise Cancelled("The worker was stopped.")
