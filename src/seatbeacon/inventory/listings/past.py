"""How a table with history stood at a moment: SQL that listings use as their source as of a date."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seatbeacon.inventory.listings.declaration import UNKNOWN

if TYPE_CHECKING:
    from seatbeacon.inventory.listings.declaration import Column, Listing

_OF_USERS = ("users", "assignments", "usage")


def at(table: str) -> str:
    """The rows of `table` that were current at `{moment}`, as a subquery; `valid_to` is null in those that
    still are."""
    near = " AND {near}" if table in _OF_USERS else ""
    return (
        f"(SELECT *, NULL::TIMESTAMP AS valid_to FROM {table} WHERE valid_from <= {{moment}}{near} "
        f"UNION ALL BY NAME SELECT * FROM {table}_history "
        f"WHERE valid_from <= {{moment}} AND {{moment}} < valid_to{near})"
    )


USAGE = (
    "(SELECT user_no, slot, CASE WHEN last_activity_date <= {moment}::DATE THEN last_activity_date END "
    "AS last_activity_date, CASE WHEN active_since <= {moment}::DATE THEN active_since "
    "ELSE date_trunc('month', active_since)::DATE END AS active_since, "
    "least(report_refresh_date, {moment}::DATE) AS report_refresh_date "
    f"FROM {at('usage')})"
)
"""Usage as of a moment. History has a row per month: what later activity of the same month replaced is not
known; `active_since` is then the first of that month."""

DAY = (
    "(SELECT max(date) FROM daily_counts WHERE date <= "
    "(SELECT arg_max(package_started_at, import_no) FROM imports WHERE imported_at <= {moment})::DATE)"
)
"""The day whose counts were the last ones at a moment."""


def over_a_day(listing: Listing) -> Listing:
    """The listing over the tables of a file that was made of a day (`preparing/day.py`): as of now, but that
    what nobody kept is null. A small one is a table of its own there, put together from history."""
    if listing.prepared is None:
        columns = tuple(replace(column, sql=f"f.{column.key}", find="") for column in listing.columns)
        return replace(listing, source=f"{_table(listing)} f", joins=(), columns=columns)
    return _of_tables(listing)


def table_of_a_day(listing: Listing) -> tuple[str, str] | None:
    """Of a small listing the name of its table in a day's file, and the SELECT that makes it of a version."""
    if listing.prepared is not None:
        return None
    picked = ", ".join(f"{column.expression(past=True)} AS {column.key}" for column in listing.columns)
    return _table(listing), f"SELECT {picked} FROM {listing.from_clause(picked, past=True)}"


def _table(listing: Listing) -> str:
    return f"day_{listing.name.replace('-', '_')}"


def _of_tables(listing: Listing) -> Listing:
    return replace(
        listing,
        columns=tuple(map(_kept, listing.columns)),
        instead=_of_tables(listing.instead) if listing.instead else None,
        prepared=replace(listing.prepared, listing=_of_tables(listing.prepared.listing))
        if listing.prepared
        else None,
    )


def _kept(column: Column) -> Column:
    return replace(column, sql=column.expression(past=True), find="") if column.as_of == UNKNOWN else column
