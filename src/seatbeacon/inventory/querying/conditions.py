"""The SQL of a filter."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, cast

from seatbeacon.inventory.errors import InvalidQuery
from seatbeacon.inventory.listings.declaration import SQL_TYPES

if TYPE_CHECKING:
    from seatbeacon.inventory.filters import Filter
    from seatbeacon.inventory.listings import Column
    from seatbeacon.inventory.querying.binding import Binder

_RELATIVE = re.compile(r"([+-]?)(\d{1,5})([dwmy])")
_UNITS = {"d": "{}", "w": "({} * 7)", "m": "to_months({})", "y": "to_years({})"}
_BYTES = re.compile(r"(\d{1,9})([kmgt])b", re.IGNORECASE)
_WANTED = {
    "number": "a whole number such as 2",
    "money": "an amount such as 12.50",
    "date": "a date such as 2026-07-31, or 90d for 90 days back",
    "time": "a date such as 2026-07-31, a time such as 2026-07-31T08:00, or 90d for 90 days back",
    "boolean": "true or false",
}
_AMOUNTS = Decimal(10) ** 14  # what a column of money holds
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def condition(filter_: Filter, column: Column, binder: Binder) -> str:
    """The SQL of one filter; never null. Raises `InvalidQuery` for a value not of the column's type."""
    expression = column.finding(past=binder.times.moment is not None)
    if filter_.operator == "!=":
        return f"NOT ({_any(filter_, '=', column, expression, binder)})"
    return _any(filter_, filter_.operator, column, expression, binder)


def _any(filter_: Filter, operator: str, column: Column, expression: str, binder: Binder) -> str:
    terms = [_one(value, operator, column, expression, binder) for value in filter_.values]
    return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"


def _one(value: str | None, operator: str, column: Column, expression: str, binder: Binder) -> str:
    """Whether the column compares with one value; false where it has none."""
    if value is None:
        return _empty(column, expression)
    if operator == "~":
        text = f"array_to_string({expression}, ' ')" if column.type == "texts" else f"{expression}::VARCHAR"
        return f"coalesce(contains(lower({text}), lower({binder.bind(value)}::VARCHAR)), FALSE)"
    if column.type == "texts":
        if operator != "=":
            raise InvalidQuery(f"{column.key} is a list: {operator} does not go with it.", "Use =, != or ~.")
        mark = f"lower({binder.bind(value)}::VARCHAR)"
        return f"coalesce(list_contains(list_transform({expression}, lambda one: lower(one)), {mark}), FALSE)"
    if column.type == "text":
        return f"coalesce(lower({expression}) {operator} lower({binder.bind(value)}::VARCHAR), FALSE)"
    relative = _RELATIVE.fullmatch(value) if column.type in ("date", "time") else None
    if relative:
        mark = _back(relative, column, binder)
        expression = f"({expression})::DATE"
    else:
        mark = f"{binder.bind(_typed(value, column))}::{SQL_TYPES[column.type]}"
        if column.type == "time" and len(value) == len("2026-07-31"):
            expression = f"({expression})::DATE"  # a day means the whole day
    return f"coalesce({expression} {operator} {mark}, FALSE)"


def _empty(column: Column, expression: str) -> str:
    match column.type:
        case "texts":
            return f"coalesce(len({expression}), 0) = 0"
        case "text":
            return f"coalesce({expression}, '') = ''"
        case _:
            return f"({expression}) IS NULL"


def _back(relative: re.Match[str], column: Column, binder: Binder) -> str:
    """The day that `90d` means: so far before the day that the column is told as of; `+30d`: after."""
    sign, number, unit = relative.groups()
    length = _UNITS[unit].format(f"{binder.bind(int(number))}::INTEGER")
    start = column.relative_to or "{today}"
    return f"({start} {'+' if sign == '+' else '-'} {length})::DATE"


def _typed(text: str, column: Column) -> object:
    try:
        match column.type:
            case "number":
                size = _BYTES.fullmatch(text)
                return int(size[1]) << 10 * (1 + "kmgt".index(size[2].lower())) if size else _integer(text)
            case "money":
                return _amount(text)
            case "date":
                return date.fromisoformat(text)
            case "time":
                moment = datetime.fromisoformat(text)
                return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
            case _:
                return _FLAGS[text.lower()]
    except (ValueError, KeyError, OverflowError, DecimalException) as error:
        raise InvalidQuery(
            f"{column.key} cannot be compared with {text!r}.", f"Give {_WANTED[cast('str', column.type)]}."
        ) from error


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if not abs(amount) < _AMOUNTS:  # false for what is no number, too
        raise ValueError(text)
    return amount


def _integer(text: str) -> int:
    number = int(text)
    if not -(1 << 63) <= number < 1 << 63:
        raise ValueError(text)
    return number
