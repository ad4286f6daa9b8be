"""What a run's requests came to."""

from __future__ import annotations

import threading

import msgspec


class RequestRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One request that was sent, for a log: nothing in it is secret.

    `request` as in errors; `status` is None where no answer came, `error` the error's class name; `seconds`
    from sending to the end of the body; `wire_bytes` as transferred.
    """

    request: str
    status: int | None = None
    seconds: float = 0.0
    wire_bytes: int = 0
    request_id: str | None = None
    error: str | None = None


class Statistics:
    """Counts, safe to add to from many threads. What is added to a part is added to the whole it belongs to.

    `requests`: sent to Graph and to download hosts, retries included. `retries`: attempts after the first.
    `throttled_seconds`: time for which 429 answers closed a share of Graph, overlaps counted once.
    """

    def __init__(self, whole: Statistics | None = None) -> None:
        self._lock = threading.Lock()
        self._whole = whole
        self.requests = 0
        self.retries = 0
        self.throttled_seconds = 0.0
        self.wire_bytes = 0

    def add(
        self, *, requests: int = 0, retries: int = 0, throttled_seconds: float = 0.0, wire_bytes: int = 0
    ) -> None:
        """Add to each count."""
        with self._lock:
            self.requests += requests
            self.retries += retries
            self.throttled_seconds += throttled_seconds
            self.wire_bytes += wire_bytes
        if self._whole is not None:
            self._whole.add(
                requests=requests,
                retries=retries,
                throttled_seconds=throttled_seconds,
                wire_bytes=wire_bytes,
            )
