"""Values as people read them, and how wide they stand in a terminal."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime

from seatbeacon.inventory.neutral import neutral


def shown(value: object) -> str:
    """A value for a table's cell; what is not known stands as a dash."""
    if isinstance(value, str):
        return neutral(value) or "-"
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(item) for item in value) or "-"
    return _shown_scalar(value)


def _shown_scalar(value: object) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value.astimezone(UTC) if value.tzinfo else value:%Y-%m-%d %H:%M:%S}"
        case date():
            return value.isoformat()
        case float():
            return f"{value:g}"
        case _:
            return neutral(str(value))


def is_number(value: object) -> bool:
    """Whether a value stands to the right of its column."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def width(text: str) -> int:
    """Columns that `text` takes in a terminal: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
