"""What was asked of the simulator, and what callers did that they must not."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seatbeacon.simulator.reply import Request

_HEADERS_OF_INTEREST = (
    "accept-encoding",
    "consistencylevel",
    "user-agent",
    "prefer",
    "client-request-id",
    "range",
    "if-none-match",
    "via",
)
_EARLY_TOLERANCE = 0.05
"""Seconds by which a caller's clock may differ from ours."""
_KEPT = 200_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One request: when it came (Unix seconds), what it asked, and what it got. Tokens are never kept."""

    time: float
    role: str
    method: str
    target: str
    """Path with query, as it came."""
    status: int
    """0 where the connection was broken instead of answered."""
    headers: dict[str, str]
    bytes: int
    fault: str | None = None
    authorized: bool = False
    """Whether it carried a bearer token."""


class Journal:
    """All requests and violations of one simulator; safe for many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.entries: list[Entry] = []
        self.violations: list[str] = []
        self.requests = 0
        self._not_before: dict[str, float] = {}

    def arrived(self, request: Request) -> None:
        """Check a request against the rules that hold for every caller."""
        token = request.headers.get("authorization", "").lower().startswith("bearer")
        if token and request.role != "graph":
            self.violation(
                "token sent to the wrong host", request, f"a bearer token came to the {request.role} host"
            )
        if request.role == "graph" and request.method != "GET":
            self.violation("a write", request, f"{request.method} is no reading")
        with self._lock:
            due = self._not_before.pop(f"{request.role} {request.target}", None)
        if due is not None and time.time() < due - _EARLY_TOLERANCE:
            self.violation(
                "request before Retry-After ended", request, f"{due - time.time():.2f} s too early"
            )

    def answered(self, request: Request, status: int, size: int, fault: str | None) -> None:
        """Keep a request that has its answer."""
        kept = {name: request.headers[name] for name in _HEADERS_OF_INTEREST if name in request.headers}
        authorized = "authorization" in request.headers
        entry = Entry(
            time.time(), request.role, request.method, request.target, status, kept, size, fault, authorized
        )
        with self._lock:
            self.requests += 1
            if len(self.entries) < _KEPT:
                self.entries.append(entry)

    def wait_until(self, request: Request, due: float) -> None:
        """Remember that this request may not come again before `due` (Unix seconds)."""
        with self._lock:
            self._not_before[f"{request.role} {request.target}"] = due

    def violation(self, kind: str, request: Request, detail: str) -> None:
        """Note what a caller must not do."""
        target = request.target if request.role == "graph" else request.path
        with self._lock:
            self.violations.append(f"{kind}: {request.method} {request.role} {target}: {detail}")

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self.entries.clear()
            self.violations.clear()
            self.requests = 0
            self._not_before.clear()

    def counts(self) -> dict[str, int]:
        """Requests by role and status, e.g. `graph 200`."""
        with self._lock:
            return dict(Counter(f"{entry.role} {entry.status}" for entry in self.entries))
