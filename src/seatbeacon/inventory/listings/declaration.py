"""What a listing is declared with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Type = Literal["text", "texts", "number", "money", "date", "time", "boolean"]
"""text: str; texts: a list of str; number: int; money: Decimal; date: date; time: naive UTC datetime;
boolean: bool."""
_ALIAS = re.compile(r"\b([a-z_]+)\.")
Role = Literal["", "user", "license", "application", "group", "bytes", "person"]
"""What a value is to a face: the name of a thing that has a page (its id stands in the column `target`), a
number of bytes, or the name of a person who is no link."""

SQL_TYPES: dict[Type, str] = {
    "text": "VARCHAR",
    "texts": "VARCHAR[]",
    "number": "BIGINT",
    "money": "DECIMAL(18, 4)",
    "date": "DATE",
    "time": "TIMESTAMP",
    "boolean": "BOOLEAN",
}
"""What a column's type is called in SQL."""

UNKNOWN = "unknown"
"""`as_of` of a column whose past nobody kept: it is null then."""


@dataclass(frozen=True)
class Column:
    """One column: `key` names it everywhere, `label` is for people, `sql` is its expression over the source.

    `default_visible`: shown unless a reader chooses columns. `groupable`: few values, so that grouping by it
    tells something. `summed`: a number whose sum over rows means something. `as_of`: its expression over the
    source as of a moment, where that is another. `relative_to`: an SQL date that `90d` in a filter counts
    back from; today where it is empty. `find` stands for the expression in conditions and orders, where
    another is cheaper there. `few`: it has a handful of values, whatever the tenant. A value may always be
    None.
    """

    key: str
    label: str
    type: Type = "text"
    sql: str = ""
    default_visible: bool = True
    groupable: bool = False
    summed: bool = False
    role: Role = ""
    target: str = ""
    as_of: str = ""
    relative_to: str = ""
    find: str = ""
    few: bool = False
    about: str = ""

    def finding(self, *, past: bool = False) -> str:
        """The SQL expression in conditions and orders."""
        return self.find if self.find and not past else self.expression(past=past)

    def expression(self, *, past: bool = False) -> str:
        """The SQL expression: the column of the same name unless declared otherwise; `past`: as of a
        moment."""
        if past and self.as_of == UNKNOWN:
            return f"NULL::{SQL_TYPES[self.type]}"
        return (self.as_of if past else "") or self.sql or self.key


@dataclass(frozen=True)
class Join:
    """A table beside the listing's own, joined only where an expression names its `alias`.

    It never adds or removes a row. `sql` may name joins that are declared before it; `as_of` is what stands
    for it as of a moment, `whole` where all rows are looked at, if that is another.
    """

    alias: str
    sql: str
    as_of: str = ""
    whole: str = ""

    def text(self, *, past: bool = False, whole: bool = False) -> str:
        """The SQL of the join."""
        return (self.as_of if past else "") or (self.whole if whole else "") or self.sql

    @cached_property
    def _named(self) -> re.Pattern[str]:
        return re.compile(rf"\b{self.alias}\.")

    def named_in(self, text: str) -> bool:
        """Whether an expression names this join."""
        return self._named.search(text) is not None


@dataclass(frozen=True)
class Find:
    """What a search finds beside the users: rows whose `expression` is one of those that `chosen` selects by
    `{word}` (in lower case), from a small table."""

    expression: str
    chosen: str


@dataclass(frozen=True)
class Few:
    """A join of a small table, told from `key` (an SQL expression over the source) alone: `rows` stands after
    FROM, with each key there may be, under the aliases that the key and the join have. A filter by what such
    a table tells is answered by the keys, which are looked up first, and not by joining it to each row."""

    alias: str
    key: str
    rows: str

    def tells(self, expression: str) -> bool:
        """Whether an expression names this join, and beside it nothing but the key."""
        return set(_ALIAS.findall(expression.replace(self.key, ""))) == {self.alias}


@dataclass(frozen=True)
class Prepared:
    """The same listing over tables that are put together after an import: `tables` are the name of each and
    the SELECT that makes it. What it answers is the same, row for row."""

    listing: Listing
    tables: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Listing:
    """One listing. `source` is what stands after FROM; `keys` make a row unique and every order total.

    `as_of` is the source as of a moment; without it, only the last import is known. In sources, joins and
    expressions `{moment}` stands for that moment, `{refresh}` for the day that activity is told as of.
    `search` are the keys that a search looks into; every column can be filtered and sorted by.

    Of a listing with a `person`, a search looks into `users.search_text`, and by `finds` into what is beside
    the users; as of a moment, it looks into the columns, or into those of the users alone where none of
    `finds_then` (SELECTs by `{word}`, of what ever was beside them) has a row.

    `person` is the user number (an SQL expression) of a listing whose rows are of users; `repeats` says that
    a user may have several rows. Then `ties` order rows in place of the keys, because numbers compare faster
    than ids, and in joins `{near}` stands for the condition that a table's user_no is one of a page's: a page
    is found first, and its columns are filled in for its users alone.

    `instead` is the same listing over another source, which is the quicker one where a filter, an order or a
    group names one of its `instead_for` columns. `prepared` is the same listing over tables that stand beside
    a version, where it has them. `few` are joins of small tables, which a filter looks into first. `tally` is
    the column of the prepared table `user_rows` that tells how many rows each user has. `text` is what a
    search looks into in place of the columns: what they have, in lower case, a line each.
    """

    name: str
    label: str
    source: str
    columns: tuple[Column, ...]
    search: tuple[str, ...]
    default_sort: tuple[str, ...]
    keys: tuple[str, ...]
    joins: tuple[Join, ...] = ()
    as_of: str = ""
    person: str = ""
    repeats: bool = False
    ties: tuple[Column, ...] = ()
    finds: tuple[Find, ...] = ()
    finds_then: tuple[str, ...] = ()
    about: str = ""
    instead: Listing | None = None
    instead_for: frozenset[str] = frozenset()
    prepared: Prepared | None = None
    few: tuple[Few, ...] = ()
    tally: str = ""
    text: str = ""

    def asked_for(self, keys: Iterable[str]) -> Listing:
        """The listing that answers a question about these columns: this one, or the one instead of it."""
        return self.instead if self.instead and not self.instead_for.isdisjoint(keys) else self

    @property
    def beside_users(self) -> bool:
        """Whether the rows are those of a table that stands beside the users, one or several a user."""
        return any(join.alias == "u" for join in self.joins)

    def column(self, key: str) -> Column | None:
        """The column that `key` names, or None."""
        return self._by_key.get(key)

    @cached_property
    def _by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    def from_clause(self, expressions: str, *, past: bool = False, whole: bool = False) -> str:
        """What stands after FROM for a statement whose expressions are `expressions`; `whole`: that looks at
        all rows, not at those of few users."""
        needed: list[str] = []
        text = expressions
        for join in reversed(self.joins):  # a join may need one that is declared before it
            if join.named_in(text):
                needed.insert(0, join.text(past=past, whole=whole))
                text += needed[0]
        return " ".join((self.as_of if past else self.source, *needed))
