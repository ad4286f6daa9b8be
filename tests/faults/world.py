"""Time that passes at once: what the client waits is what the simulated tenant sees go by."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING

from seatbeacon.beacon.connections import access
from seatbeacon.graph import adapter
from seatbeacon.graph.retry import Runtime
from seatbeacon.simulator import journal, misbehave

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

_LOOK = 0.001  # seconds of real time between two looks at a condition that nothing announces


class World:
    """A clock that is ahead of the real one by all that was slept, for the client and the tenant alike."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._lock = threading.Lock()
        self.slept = 0.0
        """Seconds slept so far."""
        self.before_waking: Callable[[], bool] = lambda: True
        """What must hold before a sleeper goes on: that a port which refuses is open again, for one."""

    def clock(self) -> float:
        """Monotonic seconds."""
        return time.monotonic() + self._ahead

    def time(self) -> float:
        """Unix seconds: what the tenant's journal measures with."""
        return time.time() + self._ahead

    def now(self, zone: tzinfo = UTC) -> datetime:
        """The same as an aware time."""
        return datetime.fromtimestamp(self.time(), zone)

    def sleep(self, seconds: float) -> None:
        """Let that many seconds go by, without waiting for them."""
        with self._lock:
            self._ahead += seconds
            self.slept += seconds
        wait_for(self.before_waking)

    def runtime(self, check_cancelled: Callable[[], None] | None) -> Runtime:
        """What `beacon.connections.access` opens a connection with."""
        return Runtime(
            clock=self.clock,
            sleep=self.sleep,
            now=self.now,
            chance=lambda: 0.5,
            check_cancelled=check_cancelled,
        )

    def rule(self, patch: pytest.MonkeyPatch) -> None:
        """Be the time of the client and of the simulated tenant."""
        patch.setattr(access, "runtime", self.runtime)
        # Reading all public CAs anew takes longer than what a run here does otherwise.
        patch.setattr(adapter, "_tls_context", lru_cache(adapter._tls_context))
        patch.setattr(journal, "time", self)
        patch.setattr(misbehave, "time", self)
        patch.setattr(misbehave, "datetime", self)


def wait_for(condition: Callable[[], bool]) -> None:
    """Return once `condition` holds. A test that waits for ever is ended by whoever runs it."""
    never = threading.Event()
    while not condition():
        never.wait(_LOOK)
