"""What the API's schemas have in common, and schemas made from the declarations of listings."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ninja import Schema
from pydantic import ConfigDict, Field, create_model

if TYPE_CHECKING:
    from seatbeacon.inventory.listings import Column, Listing

PYTHON: dict[str, Any] = {
    "text": str,
    "texts": list[str],
    "number": int,
    "money": Decimal,
    "date": date,
    "time": datetime,
    "boolean": bool,
}
"""The type of a column's values. Any may be null: what is not known is never told as zero or no."""


NEXT = "Where the next page begins: give it as after. Null at the end."


class Shape(Schema):
    """A schema in which an unknown member is a mistake."""

    model_config = ConfigDict(extra="forbid")


def page_shape(listing: Listing) -> type[Schema]:
    """A page of `listing`; a row holds the columns that were asked for."""
    row = create_model(f"{_camel(listing)}Row", __base__=Schema, **_fields(listing))
    return create_model(
        f"{_camel(listing)}Page",
        __base__=Schema,
        tenant=(str, Field(description="The tenant's id.")),
        items=(list[row], Field(description=f"{listing.label}, in the order asked for.")),  # type: ignore[valid-type] # made above
        next=(
            str | None,
            Field(description=NEXT),
        ),
        count=(int | None, Field(None, description="How many rows there are on all pages, where asked for.")),
    )


def groups_shape(listing: Listing) -> type[Schema]:
    """The rows of `listing` counted by the values of a column."""
    sums = {
        column.key: (PYTHON[column.type] | None, Field(None, title=column.label, description=_about(column)))
        for column in listing.columns
        if column.summed
    }
    fields: dict[str, Any] = {
        "value": (Any, Field(description="The value that the rows share; null for those without one.")),
        "count": (int, Field(description="How many rows.")),
        "users": (int | None, Field(description="Of how many distinct users; null where they are of none.")),
        "sums": (
            create_model(f"{_camel(listing)}Sums", __base__=Schema, **sums),  # type: ignore[call-overload]
            Field(description="Sums of numbers over the rows."),
        ),
    }
    one = create_model(f"{_camel(listing)}Group", __base__=Schema, **fields)
    return create_model(
        f"{_camel(listing)}Groups",
        __base__=Schema,
        tenant=(str, Field(description="The tenant's id.")),
        items=(list[one], Field(description="The largest groups first, unless sorted otherwise.")),  # type: ignore[valid-type] # made above
    )


def _fields(listing: Listing) -> dict[str, Any]:
    return {
        column.key: (PYTHON[column.type] | None, Field(None, title=column.label, description=_about(column)))
        for column in listing.columns
    }


def _about(column: Column) -> str:
    return column.about or f"{column.label}."


def _camel(listing: Listing) -> str:
    return "".join(part.capitalize() for part in listing.name.replace("_", "-").split("-"))
