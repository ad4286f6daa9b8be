"""The form that makes a filter: its fields follow the type of the column that was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seatbeacon.web.pages.inventory.chips import ALL_OPERATORS, EMPTY, operators
from seatbeacon.web.pages.inventory.suggestions import suggestions

if TYPE_CHECKING:
    from seatbeacon.inventory.filters import Filter
    from seatbeacon.web.pages.inventory.opening import Opened

_HELP = {
    "text": "Several with a bar between: Sales|Marketing.",
    "texts": "Several with a bar between: SPE_E3|SPE_E5.",
    "number": "A whole number.",
    "money": "An amount such as 12.50.",
    "bytes": "A number of bytes, or such as 2gb.",
    "date": "A day such as 2026-07-31, or 90d: so long before the day of the report.",
    "time": "A day such as 2026-07-31, or 90d: so long ago.",
}


def filter_fields(opened: Opened, key: str, filter_: Filter | None) -> dict[str, Any]:
    """What the form shows for the column `key` (none chosen: every operator, and a text), filled with
    `filter_` where one is edited."""
    column = opened.listing.column(key)
    operator = value = ""
    if filter_ is not None:
        operator = f"{filter_.operator}null" if filter_.value is None else filter_.operator
        value = "" if filter_.value is None else str(filter_).removeprefix(f"{filter_.key}{filter_.operator}")
    return {
        "columns": sorted(
            ((one.key, one.label) for one in opened.listing.columns), key=lambda one: one[1].casefold()
        ),
        "key": key,
        "operators": operators(column) if column else ALL_OPERATORS,
        "operator": operator,
        "value": value,
        "boolean": bool(column and column.type == "boolean"),
        "without": operator in dict(EMPTY),
        "numeric": bool(column and column.type == "number" and column.role != "bytes"),
        "help": _HELP.get(column.role or column.type, _HELP.get(column.type, "")) if column else "",
        "suggestions": suggestions(opened, column, "") if column else [],
    }
