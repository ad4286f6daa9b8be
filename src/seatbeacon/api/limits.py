"""How often a token or an address may ask: a bucket each that fills again steadily.

Buckets live in the process that serves: several web nodes count each for itself.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from seatbeacon.beacon.settings import load_settings

MOST_BUCKETS = 20_000
"""How many are remembered: whoever asks from ever new addresses does not fill the memory."""


@dataclass
class Limit:
    """`burst` requests at once, and `per_minute` from then on, for each key by itself."""

    per_minute: float
    burst: int
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take(self, key: str, now: float | None = None) -> int:
        """Take one request of `key`: 0 where it may pass, else the seconds until one may."""
        with self._lock:
            left, at = self._now(key, now)
            passes = left >= 1
            self._keep(key, left - 1 if passes else left, at)
            return 0 if passes else self._wait(left)

    def look(self, key: str, now: float | None = None) -> int:
        """As `take`, but take nothing."""
        with self._lock:
            left, _ = self._now(key, now)
            return 0 if left >= 1 else self._wait(left)

    def forget(self) -> None:
        """Fill every bucket."""
        with self._lock:
            self._left.clear()

    def _now(self, key: str, now: float | None) -> tuple[float, float]:
        at = time.monotonic() if now is None else now
        left, since = self._left.get(key, (float(self.burst), at))
        return min(self.burst, left + (at - since) * self.per_minute / 60), at

    def _keep(self, key: str, left: float, at: float) -> None:
        self._left[key] = (left, at)
        self._left.move_to_end(key)
        if len(self._left) > MOST_BUCKETS:
            self._left.popitem(last=False)

    def _wait(self, left: float) -> int:
        return max(1, math.ceil((1 - left) * 60 / self.per_minute))


_RATE = load_settings().api_rate
PER_TOKEN = Limit(per_minute=_RATE, burst=max(1, _RATE // 3))
PER_ADDRESS = Limit(per_minute=2 * _RATE, burst=max(1, 2 * _RATE // 3))
FAILURES = Limit(per_minute=4, burst=20)
"""Requests without a right token, per address."""
