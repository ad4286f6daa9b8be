"""Filters as people write them: `department=Sales`, `license_count>=2`, `mail~contoso`, `department=null`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal, cast

from seatbeacon.inventory.errors import InvalidQuery

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seatbeacon.inventory.listings.declaration import Column

Operator = Literal["=", "!=", ">=", "<=", ">", "<", "~"]
_OPERATORS: tuple[Operator, ...] = ("!=", ">=", "<=", "=", ">", "<", "~")
_EXAMPLES = "Write it as department=Sales, license_count>=2, mail~contoso or department=null."


@dataclass(frozen=True)
class Filter:
    """`value` None asks for rows without a value (=) or with one (!=)."""

    key: str
    operator: Operator
    value: str | None


def parse_filter(text: str) -> Filter:
    """Read one filter. `~` means contains; `null` stands for no value. Raises `InvalidQuery`."""
    places = [(text.index(operator), operator) for operator in _OPERATORS if operator in text]
    if not places:
        raise InvalidQuery(f"{text!r} is no filter: it has no operator.", _EXAMPLES)
    place, operator = min(places, key=lambda found: (found[0], -len(found[1])))
    key, value = text[:place].strip(), text[place + len(operator) :].strip()
    if not key:
        raise InvalidQuery(f"{text!r} is no filter: it names no column.", _EXAMPLES)
    if value.lower() == "null":
        if operator not in ("=", "!="):
            raise InvalidQuery(f"{text!r} compares with null.", "null goes with = and != only.")
        return Filter(key, operator, None)
    return Filter(key, operator, value)


def unknown(kind: str, name: str, known: Iterable[str]) -> InvalidQuery:
    """The error for a name that does not exist: the close ones first, then all."""
    names = list(known)
    close = get_close_matches(name, names, n=3, cutoff=0.6)
    guess = f"Did you mean {' or '.join(close)}? " if close else ""
    return InvalidQuery(f"There is no {kind} {name!r}.", f"{guess}There are: {', '.join(names)}.")


def condition(filter_: Filter, column: Column) -> tuple[str, list[object]]:
    """The SQL of one filter and the values that it binds, in order. Raises `InvalidQuery` for a value not
    of its type."""
    expression = column.expression
    if filter_.value is None:
        if column.type == "texts":
            found = f"coalesce(len({expression}), 0) = 0"
            return (found if filter_.operator == "=" else f"NOT ({found})"), []
        return f"{expression} IS {'NOT ' if filter_.operator == '!=' else ''}NULL", []
    if filter_.operator == "~":
        text = f"array_to_string({expression}, ' ')" if column.type == "texts" else f"{expression}::VARCHAR"
        return f"contains(lower({text}), lower(?::VARCHAR))", [filter_.value]
    if column.type == "texts":
        if filter_.operator not in ("=", "!="):
            raise InvalidQuery(
                f"{column.key} is a list: {filter_.operator} does not go with it.", "Use =, != or ~."
            )
        found = f"len(list_filter({expression}, lambda one: lower(one) = lower(?::VARCHAR))) > 0"
        return (found if filter_.operator == "=" else f"coalesce(NOT ({found}), TRUE)"), [filter_.value]
    value = _value(filter_.value, column)
    if column.type == "text":
        expression, mark = f"lower({expression})", "lower(?::VARCHAR)"
    else:
        mark = {"number": "?::BIGINT", "date": "?::DATE", "time": "?::TIMESTAMP", "boolean": "?::BOOLEAN"}[
            column.type
        ]
    if column.type == "time" and len(filter_.value) == len("2026-07-31"):
        expression = f"({expression})::DATE"  # a day means the whole day
    if filter_.operator == "!=":
        return f"{expression} IS DISTINCT FROM {mark}", [value]
    return f"{expression} {filter_.operator} {mark}", [value]


def _value(text: str, column: Column) -> object:
    try:
        match column.type:
            case "number":
                return int(text)
            case "date":
                return date.fromisoformat(text)
            case "time":
                moment = datetime.fromisoformat(text)
                return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
            case "boolean":
                return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[
                    text.lower()
                ]
            case _:
                return text
    except (ValueError, KeyError) as error:
        wanted = {
            "number": "a whole number such as 2",
            "date": "a date such as 2026-07-31",
            "time": "a date such as 2026-07-31, or a time such as 2026-07-31T08:00",
            "boolean": "true or false",
        }[cast("str", column.type)]
        raise InvalidQuery(f"{column.key} cannot be compared with {text!r}.", f"Give {wanted}.") from error
