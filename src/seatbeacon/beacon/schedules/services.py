"""What people do with schedules: make, change, delete, pause, and hang connections on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from seatbeacon.beacon.audit import COMMAND_LINE, Actor, record
from seatbeacon.beacon.errors import InvalidSchedule, NoSuchSchedule
from seatbeacon.beacon.models import Connection, Schedule
from seatbeacon.beacon.schedules.clock import following, rule_of
from seatbeacon.beacon.schedules.fields import check_name, whole
from seatbeacon.beacon.schedules.kinds import plain
from seatbeacon.beacon.schedules.recurrence import check_pace
from seatbeacon.beacon.schedules.zones import check_zone, host_zone, zone_of

if TYPE_CHECKING:
    from seatbeacon.beacon.schedules.kinds import Rule

MOST_JITTER = 3600
"""Seconds."""

MOST_AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True)
class Given:
    """What somebody gives of a schedule; None leaves a field as it is, or at its default.

    `jitter_seconds` and `at_once` may be texts as typed.
    """

    name: str | None = None
    rule: Rule | None = None
    time_zone: str | None = None
    jitter_seconds: object = None
    at_once: object = None


def find_schedule(name: str) -> Schedule:
    """The schedule of that name, in whichever case. Raises NoSuchSchedule, naming those there are."""
    schedule = Schedule.objects.filter(name__iexact=" ".join(name.split())).first()
    if schedule is not None:
        return schedule
    names = list(Schedule.objects.order_by(Lower("name")).values_list("name", flat=True)[:10])
    there_are = f"There are: {', '.join(names)}" if names else "Add one with: seatbeacon schedule add"
    raise NoSuchSchedule(f"There is no schedule “{name}”. {there_are}")


def create_schedule(given: Given, *, actor: Actor = COMMAND_LINE) -> Schedule:
    """A new schedule, on which no connection is yet. Raises InvalidSchedule, which names the field."""
    if given.rule is None:
        raise InvalidSchedule("kind", "Choose how often it runs.")
    now = datetime.now(UTC)
    schedule = Schedule(name=check_name(given.name or ""), time_zone=host_zone(), created_at=now)
    _apply(schedule, given, now)
    with transaction.atomic():
        _save(schedule)
        record(actor, "schedule.added", schedule.name, **_told(schedule))
    return schedule


def edit_schedule(schedule: Schedule, given: Given, *, actor: Actor = COMMAND_LINE) -> None:
    """Change what is given; its connections stay on it. Raises InvalidSchedule, and changes nothing then."""
    now = datetime.now(UTC)
    with transaction.atomic():
        stored = Schedule.objects.select_for_update().get(pk=schedule.pk)
        before = {"name": stored.name, **_told(stored)}
        if given.name is not None:
            stored.name = check_name(given.name)
        _apply(stored, given, now)
        _save(stored)
        after = {"name": stored.name, **_told(stored)}
        changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
        record(actor, "schedule.edited", stored.name, changed=changed)
    schedule.refresh_from_db()


def delete_schedule(schedule: Schedule, *, actor: Actor = COMMAND_LINE) -> list[str]:
    """Delete a schedule. Its connections stay, without a schedule; their names are returned."""
    with transaction.atomic():
        name = schedule.name
        moved = list(schedule.connections.order_by(Lower("name")).values_list("name", flat=True))
        schedule.delete()
        record(actor, "schedule.deleted", name, not_scheduled_any_more=moved)
    return moved


def set_enabled(schedule: Schedule, *, enabled: bool, actor: Actor = COMMAND_LINE) -> None:
    """Pause or resume a schedule. Times that pass meanwhile are not made up for."""
    with transaction.atomic():
        schedule = Schedule.objects.select_for_update().get(pk=schedule.pk)
        now = datetime.now(UTC)
        Schedule.objects.filter(pk=schedule.pk).update(
            enabled=enabled, updated_at=now, next_run_at=following(schedule, now) if enabled else None
        )
        record(actor, f"schedule.{'resumed' if enabled else 'paused'}", schedule.name)


def assign(connection: Connection, schedule: Schedule | None, *, actor: Actor = COMMAND_LINE) -> None:
    """Hang a connection on a schedule, or on none: then it imports only when somebody says so."""
    with transaction.atomic():
        if schedule is not None:
            schedule = Schedule.objects.select_for_update().get(pk=schedule.pk)
            _forget_passed(schedule)
        Connection.objects.filter(pk=connection.pk).update(schedule=schedule, updated_at=datetime.now(UTC))
        if schedule is None:
            record(actor, "connection.unscheduled", connection.name)
        else:
            record(actor, "connection.scheduled", connection.name, schedule=schedule.name)
    connection.schedule = schedule


def _forget_passed(schedule: Schedule) -> None:
    """Times that passed while nothing was on the schedule are nothing that was missed."""
    now = datetime.now(UTC)
    passed = schedule.next_run_at is not None and schedule.next_run_at <= now
    if passed and not schedule.connections.exists():
        Schedule.objects.filter(pk=schedule.pk).update(next_run_at=following(schedule, now))


def _apply(schedule: Schedule, given: Given, now: datetime) -> None:
    timed = given.rule is not None or given.time_zone is not None
    if given.time_zone is not None:
        schedule.time_zone = check_zone(given.time_zone)
    if given.rule is not None:
        schedule.kind, schedule.rule = given.rule.kind, plain(given.rule)
    if given.jitter_seconds is not None:
        schedule.jitter_seconds = whole(
            "jitter_seconds", given.jitter_seconds, 0, MOST_JITTER, "seconds of jitter"
        )
    if given.at_once is not None:
        schedule.at_once = whole("at_once", given.at_once, 1, MOST_AT_ONCE, "how many run at once")
    if timed:
        check_pace(rule_of(schedule), zone_of(schedule.time_zone), now)
        schedule.next_run_at = following(schedule, now) if schedule.enabled else None
    schedule.updated_at = now


def _save(schedule: Schedule) -> None:
    """Raises InvalidSchedule where another one has the name."""
    taken = Schedule.objects.filter(name__iexact=schedule.name).exclude(pk=schedule.pk).first()
    try:
        if taken is None:
            with transaction.atomic():
                schedule.save()
            return
    except IntegrityError:
        taken = Schedule.objects.filter(name__iexact=schedule.name).exclude(pk=schedule.pk).first()
        if taken is None:
            raise
    raise InvalidSchedule("name", f"There is a schedule “{taken.name}” already. Choose another name.")


def _told(schedule: Schedule) -> dict[str, Any]:
    return {
        "runs": rule_of(schedule).summary(),
        "time_zone": schedule.time_zone,
        "jitter_seconds": schedule.jitter_seconds,
        "at_once": schedule.at_once,
    }
