"""How a report's columns are read: found by header name, each cast to what the package's schemas declare."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from seatbeacon.collection.package.schemas import SCHEMAS
from seatbeacon.inventory.errors import BadPackageData

_MOST_BEYOND = 8  # cells that a row may have beyond its header before the file counts as unreadable
NAME_COLUMNS = ("User Principal Name", "Owner Principal Name")


def snake(header: str) -> str:
    """`Storage Used (Byte)` to `storage_used_byte`: how a report's column is called in our tables."""
    return re.sub(r"[^a-z0-9]+", "_", header.lower()).strip("_")


def normal(header: str) -> str:
    """A header as Microsoft means it: runs of white space count as one (`Used  Chrome OS`)."""
    return " ".join(header.split())


@dataclass(frozen=True)
class Columns:
    """Where each declared column stands in one file.

    `places` leads from header name to position, `missing` lists declared columns that the file lacks,
    `width` is the number of columns in the file. `strict` columns are read as what they are, which is
    quicker, and an error where a cell is not; else as text, and such a cell is none.
    """

    places: dict[str, int]
    types: dict[str, str]
    missing: tuple[str, ...]
    width: int
    strict: bool = True

    def names(self, *, lenient: bool = False) -> str:
        """The columns of the file for read_csv, by position; `lenient` leaves room for rows that are
        longer."""
        width = self.width + (_MOST_BEYOND if lenient else 0)
        kinds = {place: self.types[name] for name, place in self.places.items()} if self.strict else {}
        named = (f"'c{place}': '{kinds.get(place, 'VARCHAR')}'" for place in range(width))
        return "{" + ", ".join(named) + "}"

    @property
    def named(self) -> bool:
        """Whether any column names the user."""
        return any(name in self.places for name in NAME_COLUMNS)

    def principal(self, *, lenient: bool = False) -> str:
        """The expression that names the user. A row longer than the header names nobody: its cells are
        shifted."""
        cell = next(f"r.c{self.places[name]}" for name in NAME_COLUMNS if name in self.places)
        if not lenient:
            return cell
        beyond = ", ".join(f"r.c{self.width + more}" for more in range(_MOST_BEYOND))
        return f"CASE WHEN coalesce({beyond}) IS NULL THEN {cell} END"

    def cast(self, header: str) -> str:
        """The expression that reads column `header` with its type; NULL where the file lacks it."""
        kind = self.types[header]
        if header not in self.places:
            return f"NULL::{kind}"
        cell = f"r.c{self.places[header]}"
        if self.strict:
            return cell
        if kind == "BOOLEAN":
            return f"CASE WHEN {self.flag(header)} THEN TRUE WHEN {cell} IS NOT NULL THEN FALSE END"
        return f"TRY_CAST({cell} AS {kind})" if kind != "VARCHAR" else cell

    def flag(self, header: str) -> str:
        """Whether column `header` says yes; NULL counts as no."""
        if header not in self.places:
            return "FALSE"
        cell = f"r.c{self.places[header]}"
        return cell if self.strict else f"coalesce(TRY_CAST({cell} AS BOOLEAN), FALSE)"

    def uncastable(self, headers: list[str]) -> str:
        """How many of `headers` hold something in a row that is not of their type."""
        asked = [
            header for header in headers if header in self.places and self.types[header] in ("DATE", "BIGINT")
        ]
        if self.strict:
            # None, or the file would not be read; but only of columns that are asked for.
            terms = [f"(r.c{self.places[header]} IS NULL)::INTEGER" for header in asked]
            return f"least(0, {' + '.join(terms) or '0'})"
        terms = [
            f"(r.c{self.places[header]} IS NOT NULL AND {self.cast(header)} IS NULL)::INTEGER"
            for header in asked
        ]
        return " + ".join(terms) or "0"


def columns_of(dataset: str, path: str) -> Columns:
    """Read the header of a report. Raises `BadPackageData` where the file is no CSV in UTF-8."""
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadPackageData(
            f"{Path(path).name} is no CSV file: {error}.", "Collect again.", file=path, line=1
        ) from error
    types = SCHEMAS[dataset].columns
    wanted = {name.lower(): name for name in types}
    places: dict[str, int] = {}
    for place, text in enumerate(header):
        name = wanted.get(normal(text).lower())
        if name is not None:
            places.setdefault(name, place)
    missing = tuple(name for name in types if name not in places)
    return Columns(places, types, missing, len(header))
