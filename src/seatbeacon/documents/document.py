"""What a report says, whatever it is written as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["text", "number", "money", "date"]


@dataclass(frozen=True)
class Column:
    """`key` names it for programs, `label` for people. `weight` is its share of a printed line; columns of 0
    are for files alone, where there is room."""

    key: str
    label: str
    kind: Kind = "text"
    weight: int = 2


@dataclass(frozen=True)
class Table:
    """Rows of one kind. A cell is text, a number, a Decimal, a date or None, as its column's kind says.

    `sums` is a last row that is set apart. `note` stands above it. `printed` is how many rows are printed at
    most: the files have all. `count` is how many there are, where not all are given.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[object]]
    sums: tuple[object, ...] | None = None
    note: str = ""
    printed: int = 2_000
    count: int = 0


@dataclass(frozen=True)
class Document:
    """A report. `facts` are pairs of words and value that stand on top, `notes` what must be known with it
    (a price that is missing); `foot` stands on every page."""

    title: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    tables: tuple[Table, ...]
    foot: str = ""
