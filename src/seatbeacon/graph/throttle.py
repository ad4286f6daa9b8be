"""When one request was told to wait, the others wait too: calling on keeps the usage counted."""

from __future__ import annotations

import threading
from urllib.parse import urlsplit


def quota_of(url: str) -> str:
    """Whose share of Graph a request uses: each usage report has its own, the directory has one for all.

    Microsoft Graph: throttling limits (reports: per report API; identity and access: one bucket).
    """
    path = urlsplit(url).path
    return path.partition("(")[0] if "/reports/" in path else "directory"


class Gate:
    """Until when each quota is closed, on the run's monotonic clock. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: dict[str, float] = {}

    def close(self, quota: str, now: float, seconds: float) -> tuple[float, float]:
        """Close `quota` for `seconds` from `now`. Returns until when, and by how much that is longer than
        before."""
        with self._lock:
            before = self._until.get(quota, now)
            until = max(before, now + seconds)
            self._until[quota] = until
            return until, until - max(before, now)

    def until(self, quota: str) -> float:
        """Until when `quota` is closed; 0.0 where it never was."""
        with self._lock:
            return self._until.get(quota, 0.0)
