"""The kinds of schedules: the fields of each, as cron expressions, and in words.

Cron expressions are those of Debian's cron, which cronsim evaluates; weekdays count from Monday 1.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

from cronsim import CronSim, CronSimError
from cronsim.explain import explain

from seatbeacon.beacon.errors import InvalidSchedule
from seatbeacon.beacon.models import ScheduleKind
from seatbeacon.beacon.schedules.fields import (
    LONGEST,
    NTHS,
    WEEKDAYS,
    in_words,
    nth_of,
    ordinal,
    times_of,
    weekday_of,
    weekdays_of,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST_MINUTES = 5
"""Minutes between two imports of a connection, at least: reading a tenant takes its time."""


EVERY = (1, 2, 3, 4, 5, 6, 7)
"""All weekdays."""


@dataclass(frozen=True)
class EveryMinutes:
    """Every `every` minutes, 5 to 59: counted in time that passes, so that the gap is the same all year."""

    kind: ClassVar[ScheduleKind] = ScheduleKind.MINUTES
    every: int

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> EveryMinutes:
        return cls(whole("every", given.get("every", ""), LEAST_MINUTES, 59, "a whole number of minutes"))

    def expressions(self) -> tuple[str, ...]:
        """None: 45 minutes, say, divide no hour, and cron cannot say them."""
        return ()

    def summary(self) -> str:
        return f"Every {self.every} minutes"


@dataclass(frozen=True)
class Hourly:
    """Every hour at `minute`, 0 to 59."""

    kind: ClassVar[ScheduleKind] = ScheduleKind.HOURLY
    minute: int

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Hourly:
        return cls(whole("minute", given.get("minute", ""), 0, 59, "the minute of the hour"))

    def expressions(self) -> tuple[str, ...]:
        return (f"{self.minute} * * * *",)

    def summary(self) -> str:
        return f"Every hour at {self.minute} minutes past" if self.minute else "Every hour, on the hour"


@dataclass(frozen=True)
class Daily:
    """At `times` (HH:MM) on `weekdays` (1 to 7), all of them or fewer."""

    kind: ClassVar[ScheduleKind] = ScheduleKind.DAILY
    times: tuple[str, ...]
    weekdays: tuple[int, ...] = EVERY

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Daily:
        weekdays = given.get("weekdays")
        return cls(times_of(given.get("times", "")), weekdays_of(weekdays) if weekdays is not None else EVERY)

    def expressions(self) -> tuple[str, ...]:
        days = "*" if self.weekdays == EVERY else ",".join(map(str, self.weekdays))
        return tuple(f"{time} * * {days}" for time in _crons(self.times))

    def summary(self) -> str:
        at = f"at {in_words(self.times)}"
        if self.weekdays == EVERY:
            return f"Every day {at}"
        if self.weekdays == (1, 2, 3, 4, 5):
            return f"Monday to Friday {at}"
        return f"Every {in_words(WEEKDAYS[day - 1] for day in self.weekdays)} {at}"


@dataclass(frozen=True)
class Weekly:
    """Every `weekday` (1 to 7) at `times`."""

    kind: ClassVar[ScheduleKind] = ScheduleKind.WEEKLY
    weekday: int
    times: tuple[str, ...]

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Weekly:
        return cls(weekday_of(given.get("weekday", "")), times_of(given.get("times", "")))

    def expressions(self) -> tuple[str, ...]:
        return tuple(f"{time} * * {self.weekday}" for time in _crons(self.times))

    def summary(self) -> str:
        return f"Every {WEEKDAYS[self.weekday - 1]} at {in_words(self.times)}"


@dataclass(frozen=True)
class Monthly:
    """At `times` on a day of each month: its number, `last`, or `nth` (first … last) with `weekday`.

    A month without that number is left out, as cron does.
    """

    kind: ClassVar[ScheduleKind] = ScheduleKind.MONTHLY
    times: tuple[str, ...]
    day: int | str | None = None
    nth: str | None = None
    weekday: int | None = None

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Monthly:
        day = given.get("day")
        if day is None or day == "" or str(day).strip().casefold() == "weekday":
            if not given.get("nth"):
                message = (
                    "Give a day of the month from 1 to 31, *last*, or a weekday such as the first Monday."
                )
                raise InvalidSchedule("day", message)
            nth, weekday = nth_of(given["nth"]), weekday_of(given.get("weekday", ""))
            return cls(times_of(given.get("times", "")), nth=nth, weekday=weekday)
        if str(day).strip().casefold() == "last":
            return cls(times_of(given.get("times", "")), day="last")
        number = whole("day", day, 1, 31, "a day of the month")
        return cls(times_of(given.get("times", "")), day=number)

    def expressions(self) -> tuple[str, ...]:
        if self.nth is not None:
            place = "L" if self.nth == "last" else f"#{NTHS.index(self.nth) + 1}"
            rest = f"* * {self.weekday}{place}"
        else:
            rest = "L * *" if self.day == "last" else f"{self.day} * *"
        return tuple(f"{time} {rest}" for time in _crons(self.times))

    def summary(self) -> str:
        at = f"at {in_words(self.times)}"
        if self.nth is not None:
            return f"On the {self.nth} {WEEKDAYS[(self.weekday or 1) - 1]} of each month {at}"
        if self.day == "last":
            return f"On the last day of each month {at}"
        day = ordinal(int(self.day or 1))
        left_out = f"; months without a {day} are left out" if int(self.day or 1) > 28 else ""
        return f"On the {day} of each month {at}{left_out}"


@dataclass(frozen=True)
class Cron:
    """Whenever `expression` says: minute, hour, day of month, month, day of week."""

    kind: ClassVar[ScheduleKind] = ScheduleKind.CRON
    expression: str

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Cron:
        expression = " ".join(str(given.get("expression", "")).upper().split())
        if not expression:
            raise InvalidSchedule("expression", "Give a cron expression, such as 30 2 * * 1-5.")
        fields = len(expression.split())
        if fields != 5:
            message = (
                f"A cron expression has five fields, this one {fields}: minute, hour, day of month, month "
                "and day of week, such as 30 2 * * 1-5."
            )
            raise InvalidSchedule("expression", message)
        if len(expression) > LONGEST:
            raise InvalidSchedule("expression", f"The expression is longer than {LONGEST} characters.")
        try:
            CronSim(expression, datetime(2026, 1, 1, tzinfo=UTC))
        except (CronSimError, ValueError) as error:
            told = str(error).removeprefix("Bad ") or "the expression"
            message = f"“{expression}” is no cron expression: its {told} cannot be read."
            raise InvalidSchedule("expression", message) from error
        return cls(expression)

    def expressions(self) -> tuple[str, ...]:
        return (self.expression,)

    def summary(self) -> str:
        try:
            words = explain(self.expression)
        except (ValueError, IndexError, AttributeError):
            return f"Cron expression {self.expression}"
        # cronsim says “31th”.
        return re.sub(r"\b(\d+)th\b", lambda found: ordinal(int(found[1])), words)


Rule = EveryMinutes | Hourly | Daily | Weekly | Monthly | Cron

_KINDS: dict[str, type[Rule]] = {
    one.kind.value: one for one in (EveryMinutes, Hourly, Daily, Weekly, Monthly, Cron)
}


def read_rule(kind: str, given: Mapping[str, Any]) -> Rule:
    """The rule of `kind` with the fields that are `given`, as texts or as `plain` gave them.

    Raises InvalidSchedule, naming the field and what a right value looks like.
    """
    found = _KINDS.get(kind)
    if found is None:
        raise InvalidSchedule("kind", f"Choose a kind: {', '.join(_KINDS)}.")
    return found.read(given)


def plain(rule: Rule) -> dict[str, Any]:
    """The rule's fields as they are stored; `read_rule` reads them back."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(rule).items()
        if value is not None
    }


def _crons(times: tuple[str, ...]) -> list[str]:
    """Minute and hours of cron expressions that say `times`, one for each minute among them."""
    pairs = sorted((int(time[3:]), int(time[:2])) for time in times)
    return [
        f"{minute} {','.join(str(hour) for _, hour in group)}"
        for minute, group in groupby(pairs, key=lambda pair: pair[0])
    ]
