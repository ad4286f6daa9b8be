"""Filters as people write them: `department=Sales`, `license_count>=2`, `mail~contoso`, `department=null`,
`department=Sales|Marketing`, `last_activity_date<90d`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from seatbeacon.inventory.errors import InvalidQuery

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Operator = Literal["=", "!=", ">=", "<=", ">", "<", "~"]
_OPERATORS: tuple[Operator, ...] = ("!=", ">=", "<=", "=", ">", "<", "~")
_EXAMPLES = (
    "Write it as department=Sales, department=Sales|Marketing, license_count>=2, mail~contoso, "
    "last_activity_date<90d or department=null."
)
_MANY = ("=", "!=", "~")
"""The operators that take several values."""

_VALUE = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^|]*?))\s*(\||\Z)')
"""One value and what ends it: in double quotes, or as it stands up to the next bar."""


@dataclass(frozen=True)
class Filter:
    """`value` None asks for rows without a value (=) or with one (!=); a tuple stands for *any of these*
    (= and ~) or *none of these* (!=)."""

    key: str
    operator: Operator
    value: str | tuple[str | None, ...] | None

    @property
    def values(self) -> tuple[str | None, ...]:
        """The value or values, as a tuple."""
        return self.value if isinstance(self.value, tuple) else (self.value,)

    def __str__(self) -> str:
        """The filter as `parse_filter` reads it."""
        return f"{self.key}{self.operator}{'|'.join(map(_written, self.values))}"


def parse_filter(text: str) -> Filter:
    """Read one filter.

    `~` means contains; `null` stands for no value; `|` separates several values. A value in double quotes is
    taken as it stands (`name="null"`, `name="a|b"`), a double quote within it is written twice. Raises
    `InvalidQuery`.
    """
    places = [(text.index(operator), operator) for operator in _OPERATORS if operator in text]
    if not places:
        raise InvalidQuery(f"{text!r} is no filter: it has no operator.", _EXAMPLES)
    place, operator = min(places, key=lambda found: (found[0], -len(found[1])))
    key = text[:place].strip()
    if not key:
        raise InvalidQuery(f"{text!r} is no filter: it names no column.", _EXAMPLES)
    values = tuple(_read(text[place + len(operator) :]))
    if len(values) > 1 and operator not in _MANY:
        raise InvalidQuery(f"{text!r} compares with several values.", "Several go with =, != and ~ only.")
    if None in values and operator not in ("=", "!="):
        raise InvalidQuery(f"{text!r} compares with null.", "null goes with = and != only.")
    return Filter(key, operator, values if len(values) > 1 else values[0])


def unknown(kind: str, name: str, known: Iterable[str]) -> InvalidQuery:
    """The error for a name that does not exist: the close ones first, then all."""
    names = list(known)
    close = get_close_matches(name, names, n=3, cutoff=0.6)
    guess = f"Did you mean {' or '.join(close)}? " if close else ""
    return InvalidQuery(f"There is no {kind} {name!r}.", f"{guess}There are: {', '.join(names)}.")


def _read(text: str) -> Iterator[str | None]:
    place, more = 0, "|"
    while more and (found := _VALUE.match(text, place)):
        quoted, plain, more = found.groups()
        place = found.end()
        if quoted is not None:
            yield quoted.replace('""', '"')
        else:
            yield None if plain.lower() == "null" else plain


def _written(value: str | None) -> str:
    if value is None:
        return "null"
    odd = value != value.strip() or any(mark in value for mark in '"|') or value.startswith("=")
    return '"' + value.replace('"', '""') + '"' if odd or value.lower() == "null" else value
