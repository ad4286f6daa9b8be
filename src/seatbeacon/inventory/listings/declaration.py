"""What a listing is declared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal["text", "texts", "number", "date", "time", "boolean"]
"""text: str; texts: a list of str; number: int; date: date; time: naive UTC datetime; boolean: bool."""


@dataclass(frozen=True)
class Column:
    """One column: `key` names it everywhere, `label` is for people, `sql` is its expression over the source.

    `default_visible`: shown unless a reader chooses columns. A value may always be None.
    """

    key: str
    label: str
    type: Type = "text"
    sql: str = ""
    default_visible: bool = True

    @property
    def expression(self) -> str:
        """The SQL expression: the column of the same name unless declared otherwise."""
        return self.sql or self.key


@dataclass(frozen=True)
class Listing:
    """One listing. `source` is what stands after FROM; `keys` make a row unique and every order total.

    `search` are the keys that a search looks into; every column can be filtered and sorted by.
    """

    name: str
    label: str
    source: str
    columns: tuple[Column, ...]
    search: tuple[str, ...]
    default_sort: tuple[str, ...]
    keys: tuple[str, ...]

    def column(self, key: str) -> Column | None:
        """The column that `key` names, or None."""
        return next((column for column in self.columns if column.key == key), None)
