"""When to try again and how long to wait: no I/O, and no clock but the one handed in."""

from __future__ import annotations

import math
import random
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

import msgspec

from .errors import GraphError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_SLICE = 0.5  # seconds between two looks at whether somebody asked us to stop


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait from a `Retry-After` header: whole or decimal seconds, or an HTTP date seen from `now`.

    Never negative; None where there is no header or nobody can read it. RFC 9110 §10.2.3; decimals are
    Microsoft's (Microsoft Graph: throttling, `Retry-After: 2.128`). `now` is aware.
    """
    text = (value or "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        pass
    else:
        return max(seconds, 0.0) if math.isfinite(seconds) else None
    try:
        when = parsedate_to_datetime(text)
        if when.tzinfo is None:
            when = when.replace(tzinfo=UTC)
        return max((when - now).total_seconds(), 0.0)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


class RetryPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """How patient we are. All in seconds: `give_up_after` for one request with all its waiting, `base` for
    the first pause and `cap` for the longest, doubled in between; with `jitter` a pause is anything up to
    that."""

    give_up_after: float = 600.0
    base: float = 1.0
    cap: float = 60.0
    jitter: bool = True

    def delay(self, attempt: int, retry_after: float | None, chance: float) -> float:
        """Seconds to wait after attempt number `attempt` (from 1). `chance` is a random number in [0, 1).

        What the other side asked for is waited in full. Where it keeps asking for no wait at all we still
        wait a little, so that a broken throttle is not hammered.
        """
        if retry_after is not None:
            return max(retry_after, min(0.1 * 2 ** (attempt - 1), 1.0) if attempt > 1 else 0.0)
        most = min(self.base * 2.0 ** min(attempt - 1, 32), self.cap)
        return most * chance if self.jitter else most


class Runtime(msgspec.Struct, frozen=True, kw_only=True):
    """The world as the retry loop sees it: monotonic `clock` and `sleep` in seconds, `now` aware UTC,
    `chance` a random number in [0, 1), and `check_cancelled`, which raises to stop."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    # Spreads our own requests; nothing is kept safe by it.
    chance: Callable[[], float] = random.random
    check_cancelled: Callable[[], None] | None = None

    def check(self) -> None:
        """Raise if somebody asked us to stop."""
        if self.check_cancelled is not None:
            self.check_cancelled()

    def wait(self, seconds: float) -> None:
        """Sleep, looking up twice a second where somebody may ask us to stop."""
        if self.check_cancelled is None:
            if seconds > 0:
                self.sleep(seconds)
            return
        while seconds > 0:
            self.check_cancelled()
            self.sleep(min(seconds, _SLICE))
            seconds -= _SLICE
        self.check_cancelled()


def persist(
    attempt: Callable[[], T],
    *,
    policy: RetryPolicy,
    runtime: Runtime,
    on_wait: Callable[[GraphError, float], None] | None = None,
) -> T:
    """Call `attempt` until it returns, raises what no retry can help, or the policy's time is used up.

    `on_wait` is told each error that is retried, with the seconds about to be waited. The error of the last
    attempt is raised, with why we gave up. Time slept counts even where the clock stands still.
    """
    started, slept, number = runtime.clock(), 0.0, 0
    while True:
        runtime.check()
        number += 1
        try:
            return attempt()
        except GraphError as error:
            if not error.retryable:
                raise
            wait = policy.delay(number, error.retry_after, runtime.chance())
            elapsed = max(runtime.clock() - started, slept)
            reason = _why_stop(error, number, elapsed, wait, policy)
            if reason:
                error.give_up(reason)
                raise
            if on_wait is not None:
                on_wait(error, wait)
        runtime.wait(wait)
        slept += wait


def _why_stop(error: GraphError, number: int, elapsed: float, wait: float, policy: RetryPolicy) -> str | None:
    times = "1 attempt" if number == 1 else f"{number} attempts"
    if wait > policy.give_up_after:
        most = f"{policy.give_up_after:.0f} s at most"
        return f"after {times}, because it asks to wait {wait:.0f} s and we wait {most}"
    if elapsed + wait > policy.give_up_after:
        return f"after {times} in {elapsed:.0f} s"
    if error.most_attempts is not None and number >= error.most_attempts:
        return f"after {times}"
    return None
