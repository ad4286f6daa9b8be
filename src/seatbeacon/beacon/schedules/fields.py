"""The fields that schedules are made of, read from whatever a page, the command line or the API gives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seatbeacon.beacon.errors import InvalidSchedule

if TYPE_CHECKING:
    from collections.abc import Iterable

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""ISO numbers are one more than the place in here."""

NTHS = ("first", "second", "third", "fourth", "last")

MOST_TIMES = 24
LONGEST = 100
"""Characters of a schedule's name, and of a cron expression."""

_TIME = re.compile(r"(\d{1,2}):(\d{2})")


def check_name(text: str) -> str:
    """A schedule's name, trimmed. Raises InvalidSchedule."""
    name = " ".join(text.split())
    if not name:
        raise InvalidSchedule("name", "Give the schedule a name, such as “Every night”.")
    if len(name) > LONGEST:
        raise InvalidSchedule("name", f"The name is longer than {LONGEST} characters.")
    if not name.isprintable():
        raise InvalidSchedule("name", "The name holds a character that cannot be shown.")
    return name


def whole(field: str, value: object, low: int, high: int, what: str) -> int:
    """A whole number. Raises InvalidSchedule with `what` was wanted."""
    text = str(value).strip() if not isinstance(value, bool) else ""
    number = int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else -1
    if not low <= number <= high:
        raise InvalidSchedule(field, f"Give {what}, from {low} to {high}.")
    return number


def times_of(value: object) -> tuple[str, ...]:
    """Times of day as HH:MM, in order, from such a list or a text with commas. Raises InvalidSchedule."""
    found = set()
    for text in _parts(value):
        match = _TIME.fullmatch(text)
        if match is None or int(match[1]) > 23 or int(match[2]) > 59:
            message = f"“{text[:20]}” is no time of day. Give hours and minutes, such as 02:00 or 14:30."
            raise InvalidSchedule("times", message)
        found.add(f"{int(match[1]):02d}:{match[2]}")
    if not found:
        raise InvalidSchedule("times", "Give a time of day, such as 02:00; several with commas.")
    if len(found) > MOST_TIMES:
        raise InvalidSchedule("times", f"Give at most {MOST_TIMES} times; for more there is *hourly*.")
    return tuple(sorted(found))


def weekdays_of(value: object) -> tuple[int, ...]:
    """ISO weekdays, Monday 1, in order, from numbers or names and ranges as `Mon-Fri`. Raises
    InvalidSchedule."""
    found: set[int] = set()
    for text in _parts(value):
        first, dash, last = text.partition("-")
        start = weekday_of(first, field="weekdays")
        end = weekday_of(last, field="weekdays") if dash else start
        # A range may go over the end of the week, as Sat-Mon does.
        found.update((start - 1 + step) % 7 + 1 for step in range((end - start) % 7 + 1))
    if not found:
        raise InvalidSchedule("weekdays", "Choose at least one weekday.")
    return tuple(sorted(found))


def weekday_of(value: object, *, field: str = "weekday") -> int:
    """An ISO weekday from its number or English name, which may be cut to three letters."""
    text = str(value).strip().casefold()
    if text in {"1", "2", "3", "4", "5", "6", "7"}:
        return int(text)
    for number, name in enumerate(WEEKDAYS, start=1):
        if len(text) >= 3 and name.casefold().startswith(text):
            return number
    if not text:
        raise InvalidSchedule(field, "Choose a weekday.")
    raise InvalidSchedule(field, f"“{text[:20]}” is no weekday. Give one such as Monday or Mon.")


def nth_of(value: object) -> str:
    """`first` … `fourth`, or `last`. Raises InvalidSchedule."""
    text = str(value).strip().casefold()
    if text not in NTHS:
        raise InvalidSchedule("nth", f"Choose which weekday of the month: {', '.join(NTHS)}.")
    return text


def in_words(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th, 22nd …"""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _parts(value: object) -> list[str]:
    pieces = value if isinstance(value, list | tuple | set | frozenset) else re.split(r"[,;\s]+", str(value))
    return [text for piece in pieces if (text := str(piece).strip())]
