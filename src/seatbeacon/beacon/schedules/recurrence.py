"""When a rule comes due. cronsim says it for local times, zoneinfo knows the zones.

What daylight saving does, as Debian's cron does it:

- A time of day that the clock skips comes due at the next minute that exists; one that it shows twice comes
  due once, the first time.
- *Every few minutes*, *hourly*, and cron expressions whose minute or hour begins with `*` name no time of
  day: they keep their pace through both nights, and so come due in the repeated hour too.
"""

from __future__ import annotations

import heapq
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from cronsim import CronSim

from seatbeacon.beacon.errors import InvalidSchedule
from seatbeacon.beacon.schedules.kinds import LEAST_MINUTES, EveryMinutes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from seatbeacon.beacon.schedules.kinds import Rule

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST = timedelta(minutes=LEAST_MINUTES)
_LOOKED_AT = timedelta(days=2)
"""Whatever comes due too often does so within two days of its first time: minutes and hours repeat daily."""


def occurrences(rule: Rule, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """The times later than `after` at which `rule` comes due, in UTC, each later than the one before."""
    if isinstance(rule, EveryMinutes):
        yield from _every(timedelta(minutes=rule.every), after)
        return
    before = after
    # Two times that the clock skips may come due in the same minute.
    for at in heapq.merge(*(_times(one, zone, after) for one in rule.expressions())):
        if at > before:
            before = at
            yield at


def next_runs(rule: Rule, zone: ZoneInfo, after: datetime, count: int = 5) -> list[datetime]:
    """The next times, as `occurrences`; fewer where there are no more."""
    return list(islice(occurrences(rule, zone, after), count))


def check_pace(rule: Rule, zone: ZoneInfo, now: datetime) -> None:
    """Raise InvalidSchedule where `rule` never comes due, or more often than every five minutes."""
    times = occurrences(rule, zone, now)
    first = before = next(times, None)
    if first is None or before is None:
        raise InvalidSchedule("expression", "It would never run: no date fits. Change day or month.")
    for at in times:
        if at - before < _LEAST:
            field = "expression" if rule.kind == "cron" else "times"
            message = f"It would run more often than every {LEAST_MINUTES} minutes, which is too often."
            raise InvalidSchedule(field, message)
        if at - first > _LOOKED_AT:
            return
        before = at


def _every(gap: timedelta, after: datetime) -> Iterator[datetime]:
    at = _EPOCH + (after - _EPOCH) // gap * gap
    while True:
        at += gap
        yield at


def _times(expression: str, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    for local in CronSim(expression, after.astimezone(zone)):
        at = local.astimezone(UTC)
        # In the repeated hour cronsim tells of its first pass, which may have been before.
        if at > after:
            yield at
