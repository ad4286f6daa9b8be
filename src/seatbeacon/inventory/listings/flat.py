"""Listings whose rows are prepared whole: every column in one table, so that no question joins anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seatbeacon.inventory.listings.declaration import Prepared

if TYPE_CHECKING:
    from seatbeacon.inventory.listings.declaration import Column, Listing


def flat(listing: Listing) -> Listing:
    """The listing, with a prepared table of all its columns. It has no `person`, and no marks in them."""
    name = f"flat_{listing.name.replace('-', '_')}"
    picked = ", ".join(f"{column.expression()} AS {column.key}" for column in listing.columns)
    searched = ", ".join(column.expression() for column in listing.columns if column.key in listing.search)
    source = listing.from_clause(picked).replace("{near}", "TRUE")
    made = f"SELECT {picked}, lower(concat_ws(chr(10), {searched})) AS search_text FROM {source}"
    table = replace(
        listing,
        source=f"{name} f",
        joins=(),
        columns=tuple(map(_of_table, listing.columns)),
        text="f.search_text",
    )
    return replace(listing, prepared=Prepared(table, ((name, made),)))


def _of_table(column: Column) -> Column:
    return replace(column, sql=f"f.{column.key}", find="")
