"""The parameters of listings, spelled once: what a request asks for, and of which version."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

from ninja import Schema
from pydantic import Field

from seatbeacon.api.problems import Refused
from seatbeacon.beacon.imports.days import want_day
from seatbeacon.beacon.imports.versions import choose_version
from seatbeacon.beacon.listings import readable
from seatbeacon.beacon.savings.evaluate import up_to_date
from seatbeacon.beacon.settings import load_settings
from seatbeacon.inventory.query import Filter, moment_of, parse_filter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from django.http import HttpRequest

    from seatbeacon.inventory.listings import Listing

MOST_ROWS = 1000
"""Rows of a page, at most; an export takes all."""

LONGEST = 2000
MOST_FILTERS = 50


class Chosen(Schema):
    """Which rows, of which tenant, as of when."""

    tenant: str | None = Field(
        None, max_length=300, description="The tenant's id or name, where there are several."
    )
    filter: list[str] = Field(
        default_factory=list,
        max_length=MOST_FILTERS,
        description="Such as department=Sales, license_count>=2, mail~contoso, department=null; also != > < "
        "and <=. Repeatable: rows must fit all.",
    )
    search: str | None = Field(None, max_length=LONGEST, description="Only rows that hold all these words.")
    as_of: str | None = Field(
        None,
        max_length=40,
        description="As it was at the end of a day (2026-03-01), or at a time (2026-03-01T08:00Z).",
    )


class Ordered(Chosen):
    """Which of their columns, and in which order."""

    sort: list[str] = Field(
        default_factory=list,
        max_length=MOST_FILTERS,
        description="Columns, -column downwards; separated by commas, or repeated.",
    )
    fields: list[str] = Field(
        default_factory=list,
        max_length=200,
        description="Columns of the answer, separated by commas, or repeated. All by default.",
    )

    def columns(self, listing: Listing) -> list[str]:
        """The columns that are asked for, in their order."""
        return split(self.fields) or [column.key for column in listing.columns]


class Exported(Ordered):
    """All rows, as a file."""

    format: Literal["csv", "xlsx", "parquet"] = Field(
        "csv", description="CSV as the pages export it, an Excel book, or Parquet."
    )
    by: str = Field(
        "",
        max_length=100,
        description="A column: rows are counted by its values, as in groups. Sort is by value, count or "
        "users then, and fields have no say.",
    )


class Rows(Ordered):
    """A page of rows."""

    limit: int = Field(100, ge=1, le=MOST_ROWS, description="Rows of a page, at most.")
    after: str | None = Field(
        None, max_length=8000, description="The next of the page before, asked for in the same way."
    )
    count: bool = Field(default=False, description="Count the rows of all pages as well.")


class Groups(Chosen):
    """Rows counted by the values of a column."""

    by: str = Field(max_length=100, description="The column.")
    sort: list[str] = Field(
        default_factory=list, max_length=10, description="value, count or users; - before it for downwards."
    )
    limit: int = Field(100, ge=1, le=MOST_ROWS, description="Groups, at most.")


@dataclass(frozen=True)
class Question:
    """A request's question, read: of whose listing, in which file, and which rows of it, of which `day`."""

    tenant: str
    listing: Listing
    file: Path
    filters: list[Filter]
    search: str | None
    as_of: datetime | None
    day: datetime

    @property
    def options(self) -> dict[str, Any]:
        """As the query functions take them."""
        return {"filters": self.filters, "search": self.search, "as_of": self.as_of}


def read(request: HttpRequest, given: Chosen, listing: str) -> Question:
    """What is asked for of `listing`.

    Raises InvalidQuery; BeaconError where there is no such tenant, or a worker judges just now;
    OptimizationError where rules cannot be used; and Refused for a parameter that does not exist: a filter
    that was misspelled must not answer with every row.
    """
    unknown = sorted(set(request.GET) - set(type(given).model_fields))
    if unknown:
        names = ", ".join(type(given).model_fields)
        message = f"There is no parameter {unknown[0][:100]!r}."
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, message, f"There are: {names}.")
    filters = [parse_filter(text) for text in given.filter]
    as_of = moment_of(given.as_of) if given.as_of else None
    version = choose_version(given.tenant)
    settings = load_settings()
    if as_of is not None:
        want_day(settings, version, as_of)
    found = readable(settings, version, listing, as_of=as_of, at_once=True)
    if found.outcome is not None:
        up_to_date(found.outcome)
    day = as_of or version.published_at or version.created_at
    return Question(version.tenant_id, found.listing, found.file, filters, given.search, as_of, day)


def split(texts: Iterable[str]) -> list[str]:
    """Names separated by commas or repeated."""
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]
