"""Whether this worker was asked to stop; imports ask at each page."""

from __future__ import annotations

import threading

from seatbeacon.beacon.runs.interruptions import HandedOver

stopping = threading.Event()
"""Set once the worker was asked to stop."""


def ask_to_stop() -> None:
    """Let what runs stop at its next page."""
    stopping.set()


def check_stopping() -> None:
    """Raise HandedOver where the worker was asked to stop."""
    if stopping.is_set():
        raise HandedOver("The worker was stopped.")
