"""Which time of a schedule comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.beacon.models import Occurrence, Trigger
from seatbeacon.beacon.schedules.kinds import read_rule
from seatbeacon.beacon.schedules.recurrence import next_runs, occurrences
from seatbeacon.beacon.schedules.zones import zone_of

if TYPE_CHECKING:
    from datetime import datetime

    from seatbeacon.beacon.models import Schedule
    from seatbeacon.beacon.schedules.kinds import Rule


def rule_of(schedule: Schedule) -> Rule:
    """The rule that is stored with a schedule."""
    return read_rule(schedule.kind, schedule.rule)


def coming(schedule: Schedule, after: datetime, count: int = 5) -> list[datetime]:
    """The next times of a schedule, whether it is paused or not."""
    return next_runs(rule_of(schedule), zone_of(schedule.time_zone), after, count)


def following(schedule: Schedule, now: datetime) -> datetime | None:
    """The first time later than `now` that was not taken before, or None where there is no more.

    A time later than now was taken where the clock was set back since.
    """
    of_schedule = Occurrence.objects.filter(schedule_id=schedule.pk, trigger=Trigger.SCHEDULE, due_at__gt=now)
    taken = set(of_schedule.values_list("due_at", flat=True))
    times = occurrences(rule_of(schedule), zone_of(schedule.time_zone), now)
    return next((at for at in times if at not in taken), None)


def missed_until(schedule: Schedule, now: datetime, *, most: int = 10_000) -> int:
    """How many times passed after `next_run_at`, which is past itself; counted up to `most`."""
    if schedule.next_run_at is None:
        return 0
    times = occurrences(rule_of(schedule), zone_of(schedule.time_zone), schedule.next_run_at)
    count = 0
    for at in times:
        if at > now or count == most:
            break
        count += 1
    return count
