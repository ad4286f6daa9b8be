"""What an exporter writes: columns, and the statement that reads them, of rows or of their groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatbeacon.inventory.listings.declaration import Column
from seatbeacon.inventory.querying import grouping, order, statement
from seatbeacon.inventory.querying.statement import Asked, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seatbeacon.inventory.listings import Listing


@dataclass(frozen=True)
class Table:
    """`cell` is the SQL of a column's value; `read` the statement for such expressions, in order."""

    label: str
    columns: tuple[Column, ...]
    cell: Callable[[Column], str]
    read: Callable[[Sequence[str]], Statement]


def table_of_rows(asked: Asked) -> Table:
    """The rows that are asked for."""
    return Table(
        asked.listing.label,
        asked.columns,
        lambda column: column.expression(past=asked.past),
        lambda picked: statement.ordered(asked, picked),
    )


def table_of_groups(listing: Listing, by: str, groups: Statement, sort: Sequence[str] = ()) -> Table:
    """`groups`, the statement of a listing's rows counted by the column `by`: the value, how many rows, of
    how many users where a user may have several, and the sums."""
    column = order.column_of(listing, by)
    kind = "text" if column.type == "texts" else column.type
    summed = [order.column_of(listing, key) for key in grouping.summed(listing)]
    columns = [
        Column(column.key, column.label, kind, sql="value"),
        Column("count", "Rows", "number"),
        *([Column("users", "Distinct users", "number")] if listing.repeats and listing.person else []),
        *(Column(one.key, one.label, one.type) for one in summed),
    ]

    names = ", ".join(("value", "count", "users", *grouping.summed(listing)))

    def read(picked: Sequence[str]) -> Statement:
        inner = f"({groups.sql}) AS g({names})"
        sql = f"SELECT {', '.join(picked)} FROM {inner} ORDER BY {grouping.order_by(sort)}"  # noqa: S608 - made of declarations
        return Statement(sql, groups.values)

    return Table(f"{listing.label} by {column.label}", tuple(columns), Column.expression, read)
