"""Filters in words, and the words and operators that go with a column's type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from seatbeacon.inventory.errors import InvalidQuery
from seatbeacon.inventory.filters import Filter, parse_filter
from seatbeacon.web.pages.inventory.cells import day

if TYPE_CHECKING:
    from seatbeacon.inventory.listings import Column, Listing
    from seatbeacon.web.pages.inventory.address import Asked

_TEXT = (("=", "is"), ("!=", "is not"), ("~", "contains"))
_LIST = (("=", "has"), ("!=", "has not"), ("~", "contains"))
_NUMBER = (
    ("=", "is"),
    ("!=", "is not"),
    (">=", "is at least"),
    ("<=", "is at most"),
    (">", "is more than"),
    ("<", "is less than"),
)
_DAY = (
    ("=", "is"),
    ("!=", "is not"),
    (">=", "is on or after"),
    ("<=", "is on or before"),
    (">", "is after"),
    ("<", "is before"),
)
_BOOLEAN = (("=", "is"),)
EMPTY = (("=null", "has no value"), ("!=null", "has a value"))
"""What every column can be asked, without a value."""

OPERATORS = {
    "text": _TEXT,
    "texts": _LIST,
    "number": _NUMBER,
    "money": _NUMBER,
    "date": _DAY,
    "time": _DAY,
    "boolean": _BOOLEAN,
}
ALL_OPERATORS = (
    ("=", "is"),
    ("!=", "is not"),
    ("~", "contains"),
    (">=", "is at least, or on or after"),
    ("<=", "is at most, or on or before"),
    (">", "is more than, or after"),
    ("<", "is less than, or before"),
    *EMPTY,
)
"""For a form without scripts, which knows no column yet."""

_PLAIN = {
    "=": "is",
    "!=": "is not",
    ">": "is after",
    ">=": "is on or after",
    "<": "is before",
    "<=": "is on or before",
    "~": "contains",
}
_RELATIVE = re.compile(r"([+-]?)(\d{1,5})([dwmy])")
_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}


@dataclass(frozen=True)
class Chip:
    """One filter as it is shown. `fault` says what is wrong with it, in words."""

    words: str
    subject: str
    value: str
    remove: str
    edit: str
    fault: str = ""


def operators(column: Column) -> tuple[tuple[str, str], ...]:
    """What a column can be asked, each with its words."""
    return (*OPERATORS[column.type], *EMPTY)


def chips(listing: Listing, asked: Asked) -> list[Chip]:
    """The filters of an address, in words, each with the addresses that edit and remove it."""
    shown = []
    for place, text in enumerate(asked.filters):
        rest = asked.but(filters=asked.filters[:place] + asked.filters[place + 1 :])
        edit = f"?{asked.query}&edit={place}"
        try:
            filter_ = parse_filter(text)
            subject, value = in_words(listing, filter_)
            fault = "" if listing.column(filter_.key) else f"There is no column {filter_.key!r}."
        except InvalidQuery as error:
            subject, value, fault = text, "", str(error)
        words = f"{subject} {value}".strip()
        shown.append(Chip(words, subject, value, rest.address, edit, fault))
    return shown


def in_words(listing: Listing, filter_: Filter) -> tuple[str, str]:
    """A filter as people say it, such as (“Department is”, “Sales or Marketing”)."""
    column = listing.column(filter_.key)
    label = column.label if column else filter_.key
    type_ = column.type if column else "text"
    if filter_.value is None:
        return label, "has no value" if filter_.operator == "=" else "has a value"
    relative = _RELATIVE.fullmatch(filter_.values[0] or "") if type_ in {"date", "time"} else None
    if relative and len(filter_.values) == 1:
        return label, _relative(filter_.operator, *relative.groups())
    verb = dict(OPERATORS[type_]).get(filter_.operator, dict(ALL_OPERATORS)[filter_.operator])
    joint = " nor " if filter_.operator == "!=" else " or "
    return f"{label} {verb}", joint.join(_value(type_, value) for value in filter_.values)


def _relative(operator: str, sign: str, number: str, unit: str) -> str:
    length = f"{number} {_UNITS[unit]}{'' if number == '1' else 's'}"
    if sign == "+":
        return {"<": f"before {length} from now", "<=": f"within the next {length}"}.get(
            operator, f"{_PLAIN[operator]} {length} from now"
        )
    if number == "0":
        return f"{_PLAIN[operator]} today"
    return {">": f"within the last {length}", "<=": f"{length} ago or earlier"}.get(
        operator, f"{_PLAIN[operator]} {length} ago"
    )


def _value(type_: str, value: str | None) -> str:
    if value is None:
        return "no value"
    if type_ == "boolean":
        return {"true": "Yes", "yes": "Yes", "1": "Yes", "false": "No", "no": "No", "0": "No"}.get(
            value.lower(), value
        )
    if type_ in {"date", "time"}:
        try:
            return day(date.fromisoformat(value))
        except ValueError:
            return value
    return value


def written(key: str, operator: str, value: str) -> str:
    """A filter as an address carries it, from the fields of a form. Empty where the form was left empty."""
    if operator in dict(EMPTY):
        return f"{key}{operator}" if key else ""
    value = value.strip()
    if not key or not value or operator not in dict(ALL_OPERATORS):
        return ""
    return f"{key}{operator}{value}"


def equal_to(column: Column, value: object) -> str:
    """The filter that finds the rows with `value` in a column, as an address carries it."""
    if value is None:
        return f"{column.key}=null"
    text = (
        str(value).lower()
        if isinstance(value, bool)
        else value.isoformat()
        if isinstance(value, date)
        else str(value)
    )
    return str(Filter(column.key, "=", text))
