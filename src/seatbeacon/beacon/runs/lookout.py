"""Which processes have fallen silent.

No clock on a wall is asked: each process counts its own beats up in the database, and whoever looks measures
by its own steady clock for how long a count stands still. So neither a clock that is set, on any machine, nor
a database that was away makes anybody look dead: time counts only between looks that succeeded, and a long
pause of the one who looks counts as a short one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BEATS_PER_LEASE = 6
"""So many beats, and so many looks, fall into the time after which a silent process is given up."""


@dataclass
class _Heard:
    beats: int
    silent: float = 0.0


class Lookout:
    """Watches counts of beats. A process that stands still for `lease` seconds is silent."""

    def __init__(self, lease: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._lease = lease
        self._longest_step = 2 * lease / BEATS_PER_LEASE
        self._clock = clock
        self._looked_at: float | None = None
        self._heard: dict[str, _Heard] = {}

    def look(self, beats: Mapping[str, int]) -> list[str]:
        """Take in the counts as they are now; answers who has been silent for the length of a lease."""
        now = self._clock()
        step = 0.0 if self._looked_at is None else min(now - self._looked_at, self._longest_step)
        self._looked_at = now
        heard = {}
        for who, count in beats.items():
            before = self._heard.get(who)
            still = before is not None and before.beats == count
            heard[who] = _Heard(count, before.silent + step if still and before is not None else 0.0)
        self._heard = heard
        return [who for who, one in heard.items() if one.silent >= self._lease]
