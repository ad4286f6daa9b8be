"""Assemble the statements that read a listing."""

from __future__ import annotations

import hashlib
import itertools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seatbeacon.inventory.errors import InvalidQuery
from seatbeacon.inventory.filters import unknown
from seatbeacon.inventory.listings import LISTINGS, Column, Listing
from seatbeacon.inventory.listings.declaration import SQL_TYPES
from seatbeacon.inventory.listings.past import at
from seatbeacon.inventory.querying import conditions, cursors, order, searching
from seatbeacon.inventory.querying.binding import Binder, Times, among
from seatbeacon.inventory.querying.searching import Search

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from seatbeacon.inventory.filters import Filter
    from seatbeacon.inventory.listings.declaration import Few
    from seatbeacon.inventory.querying.cursors import Term

NOTHING = Search()
_NUMBER = Column("user_no", "Number", "number", sql="u.user_no")
_BY_ID = (
    "SELECT user_no FROM users WHERE lower(id) = lower($1::VARCHAR) AND user_no IN "
    "(SELECT user_no FROM people_by_id WHERE key = hash(lower($1::VARCHAR)))"
)
_ALIAS = re.compile(r"\b([a-z_]+)\.")


@dataclass(frozen=True)
class Statement:
    """SQL and the values it binds, in order."""

    sql: str
    values: tuple[object, ...]

    @property
    def narrowed(self) -> bool:
        """Whether it has a condition."""
        return " WHERE " in self.sql

    @property
    def digest(self) -> str:
        """What stands for it where its answer was prepared."""
        return hashlib.blake2s(repr((self.sql, self.values)).encode(), digest_size=16).hexdigest()


def listing_named(name: str | Listing) -> Listing:
    """The listing `name`. Raises `InvalidQuery`, which names those that exist."""
    if isinstance(name, Listing):
        return name
    if name not in LISTINGS:
        raise unknown("listing", name, LISTINGS)
    return LISTINGS[name]


def checked(listing: Listing, times: Times) -> Listing:
    """The listing, where it can be told as of the moment asked for. Raises `InvalidQuery`."""
    if times.moment is not None and not listing.as_of:
        dated = ", ".join(each.name for each in LISTINGS.values() if each.as_of)
        raise InvalidQuery(
            f"The listing {listing.name} is known as of the last import only.",
            f"With a date there are: {dated}.",
        )
    return listing


def asked_for(listing: Listing, filters: Sequence[Filter], keys: Iterable[str], times: Times) -> Listing:
    """The listing that answers a question with these filters and other columns."""
    if times.moment:
        return listing
    if times.prepared and listing.prepared is not None:
        listing = listing.prepared.listing
    return listing.asked_for((*(each.key for each in filters), *keys))


def question(listing: Listing, terms: Sequence[Term], times: Times) -> str:
    """What a cursor belongs to: the listing, its order and its moment."""
    keys = ",".join(("-" if term.descending else "") + term.column.key for term in terms)
    moment = times.moment or times.then
    return f"{listing.name};{keys};{moment.isoformat() if moment else ''}"


@dataclass(frozen=True)
class Asked:
    """A question for rows, checked: which listing, columns and order; what `filters`, `search`, `limit`,
    `offset` and the cursor `after` leave of it."""

    listing: Listing
    filters: Sequence[Filter]
    search: Search
    terms: tuple[Term, ...]
    columns: tuple[Column, ...]
    limit: int | None
    offset: int
    start: list[object] | None
    times: Times

    @property
    def key(self) -> Hashable:
        """All that the answer depends on beside the version."""
        told = (self.listing, tuple(self.filters), self.search, self.terms, self.columns)
        return (*told, self.limit, self.offset, repr(self.start), self.times.moment, self.times.today)

    @property
    def past(self) -> bool:
        """Whether it is asked of a moment that has gone by."""
        return self.times.moment is not None

    @property
    def question(self) -> str:
        """What a cursor belongs to: the listing, its order and its moment."""
        return question(self.listing, self.terms, self.times)


def asked(
    listing: Listing,
    *,
    filters: Sequence[Filter] = (),
    search: Search = NOTHING,
    sort: Sequence[str] = (),
    columns: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
    after: str | None = None,
    times: Times,
) -> Asked:
    """Check a question. Raises `InvalidQuery`."""
    checked(listing, times)
    if (limit is not None and limit < 0) or offset < 0:
        raise InvalidQuery("A limit or an offset is below zero.", "Give a number from 0 on.")
    keys = [text.removeprefix("-") for text in sort]
    if limit is None:  # every row is read, with all its columns
        keys += columns or [column.key for column in listing.columns if column.default_visible]
    listing = asked_for(listing, filters, keys, times)
    shown = tuple(order.column_of(listing, key) for key in columns) or tuple(
        c for c in listing.columns if c.default_visible
    )
    terms = order.terms(listing, sort)
    start = None if after is None else cursors.decode(after, question(listing, terms, times), terms)
    where(listing, filters, search, Binder(times))
    return Asked(listing, filters, search, terms, shown, limit, offset, start, times)


def rows(asked: Asked, numbers: Sequence[int] = ()) -> Statement:
    """The statement for all that is asked; of the users with these `numbers` only, where there are any. With
    a limit: one row more, and the order's values behind each."""
    picked = [f"{column.expression(past=asked.past)} AS {column.key}" for column in asked.columns]
    sorts = _sorted_by(asked.terms, past=asked.past) if asked.limit is not None else []
    return ordered(asked, picked + sorts, numbers)


def pick(asked: Asked, bound: object = None) -> Statement:
    """The statement that finds the rows of a page: the user's number, then the order's values. One row
    more than the limit. `bound`, where there is one, is what `bounding` has found."""
    picked = [f"{asked.listing.person} AS person", *_sorted_by(asked.terms, past=asked.past)]
    return ordered(asked, picked, bound=bound)


def bounding(asked: Asked) -> Statement | None:
    """The statement for the value by which the last row of a page is ordered first. None where it would not
    help: it does where the users are joined only for what orders the rows that have the same value."""
    listing, first = asked.listing, asked.terms[0].column
    if asked.past or asked.start is not None or asked.limit is None or not listing.beside_users:
        return None
    binder = Binder(asked.times)
    met = where(listing, asked.filters, asked.search, binder)
    by = order.order_by(asked.terms[:1], past=False)
    source = listing.from_clause(" ".join((by, *met)), whole=True)
    rest = listing.from_clause(order.order_by(asked.terms[1:], past=False), whole=True)
    if source != listing.source or rest == listing.source or first.find:
        return None
    place = f"LIMIT 1 OFFSET {binder.bind(asked.limit + asked.offset)}"
    sql = f"SELECT {first.sql} FROM {source}{clause(met)} ORDER BY {by} {place}"
    return Statement(binder.settle(sql), tuple(binder.values))


def led_by_users(asked: Asked) -> tuple[Term, ...]:
    """The terms, from the first on, that the users alone tell, where a listing has rows beside theirs."""
    listing = asked.listing
    if not listing.person or not (listing.beside_users or listing.repeats):
        return ()
    if asked.past and asked.search.words:  # looked for in the rows
        return ()
    terms = (
        replace(term, column=_NUMBER) if term.column.sql == listing.person else term for term in asked.terms
    )
    return tuple(itertools.takewhile(lambda term: names_only(term.column, "u", "k", past=asked.past), terms))


def of_users_alone(asked: Asked) -> bool:
    """Whether each filter is answered by the users alone."""
    columns = [order.column_of(asked.listing, each.key) for each in asked.filters]
    return all(names_only(column, "u", "k", past=asked.past) for column in columns)


def lead(asked: Asked, terms: Sequence[Term], most: int) -> Statement:
    """The statement for the first `most` users, and one more, by the `terms` that such a question begins
    with: their numbers and what they are ordered by. Filters and words are heeded that the users alone
    answer."""
    binder, past = Binder(asked.times), asked.past
    met = [
        _met(each, replace(asked.listing, person="u.user_no"), binder)
        for each in asked.filters
        if names_only(order.column_of(asked.listing, each.key), "u", "k", past=past)
    ]
    met += searching.of_users(asked.search, binder)
    if asked.start is not None:
        met.append(order.after(terms, asked.start[: len(terms)], binder, equal="TRUE"))
    by = order.order_by(terms, past=past)
    text = " ".join((by, *met))
    kinds = _kinds(asked.listing, text, past=past)
    users = at("users") if past else "users"
    picked = ", ".join(["u.user_no", *_sorted_by(terms, past=past)])
    sql = f"SELECT {picked} FROM {users} u {kinds}{clause(met)} ORDER BY {by} LIMIT {binder.bind(most + 1)}"
    return Statement(binder.settle(sql), tuple(binder.values))


def names_only(column: Column, *aliases: str, past: bool = False) -> bool:
    """Whether a column's expression names some of these tables and no other."""
    named = set(_ALIAS.findall(column.finding(past=past)))
    return bool(named) and named <= set(aliases)


def fill(asked: Asked, numbers: Sequence[int]) -> Statement:
    """The statement that reads the columns of the rows that the users with these numbers have: first the
    values of the listing's ties, which tell the rows apart."""
    listing, past = asked.listing, asked.past
    binder = Binder(asked.times, near=numbers)
    columns = (*listing.ties, *asked.columns)
    picked = ", ".join(f"{column.expression(past=past)} AS c{n}" for n, column in enumerate(columns))
    source = listing.from_clause(picked, past=past)
    sql = f"SELECT {picked} FROM {source} WHERE {among(listing.person, numbers)}"
    return Statement(binder.settle(sql), tuple(binder.values))


def _sorted_by(terms: Sequence[Term], *, past: bool) -> list[str]:
    return [f"{term.column.finding(past=past)} AS sort_{n}" for n, term in enumerate(terms)]


def ordered(
    asked: Asked, picked: Sequence[str], numbers: Sequence[int] = (), bound: object = None
) -> Statement:
    """The statement for `picked` (expressions and their names) of the rows that are asked for, in order; of
    the users with these `numbers` only, where there are any; up to the rows whose first place in the order is
    `bound`, where there is one."""
    binder = Binder(asked.times, near=numbers)
    search = searching.without_users(asked.search) if numbers else asked.search
    met = where(asked.listing, asked.filters, search, binder)
    if asked.start is not None:
        met.append(order.after(asked.terms, asked.start, binder))
    if numbers:
        met.append(among(asked.listing.person, numbers))
    if bound is not None:
        first = asked.terms[0]
        mark = f"{binder.bind(bound)}::{SQL_TYPES[first.column.type]}"
        met.append(f"{first.column.sql} {'>=' if first.descending else '<='} {mark}")
    by = order.order_by(asked.terms, past=asked.past)
    source = asked.listing.from_clause(" ".join((*picked, *met, by)), past=asked.past, whole=not numbers)
    sql = f"SELECT {', '.join(picked)} FROM {source}{clause(met)} ORDER BY {by}"
    if asked.limit is not None:
        sql += f" LIMIT {binder.bind(asked.limit + 1)}"
    if asked.offset:
        sql += f" OFFSET {binder.bind(asked.offset)}"
    return Statement(binder.settle(sql), tuple(binder.values))


def count(listing: Listing, *, filters: Sequence[Filter], search: Search, times: Times) -> Statement:
    """The statement that counts a listing's rows. Raises `InvalidQuery`."""
    listing = asked_for(checked(listing, times), filters, (), times)
    if tallied := _tallied(listing, filters, search, times):
        return tallied
    binder = Binder(times, near=search.numbers or ())
    met = where(listing, filters, search, binder)
    source = listing.from_clause(" ".join(met), past=times.moment is not None, whole=True)
    sql = binder.settle(f"SELECT count(*) FROM {source}{clause(met)}")
    return Statement(sql, tuple(binder.values))


def _tallied(listing: Listing, filters: Sequence[Filter], search: Search, times: Times) -> Statement | None:
    """The same from the number of rows of each user, where it is asked of users alone and was prepared."""
    if not (listing.tally and times.prepared and times.users):
        return None
    columns = [(each, order.column_of(listing, each.key)) for each in filters]
    if not all(names_only(column, "u", "k") for _, column in columns):
        return None
    if any(part.finds or part.users is None for part in search.parts or ()):
        return None
    binder = Binder(times)
    met = searching.conditions(replace(search, numbers=None), replace(listing, person="t.user_no"), binder)
    if columns:
        look = Binder(times)
        told = [conditions.condition(each, column, look) for each, column in columns]
        met.append(_bit(_found(listing, told, look), "t.user_no", binder))
    sql = f"SELECT coalesce(sum(t.{listing.tally}), 0)::BIGINT FROM user_rows t{clause(met)}"
    return Statement(sql, tuple(binder.values))


def where(listing: Listing, filters: Sequence[Filter], search: Search, binder: Binder) -> list[str]:
    """The conditions of filters and search. Raises `InvalidQuery`."""
    met = [_met(each, listing, binder) for each in filters]
    return met + searching.conditions(search, listing, binder)


def _met(filter_: Filter, listing: Listing, binder: Binder) -> str:
    """The condition of a filter: where that is quicker, of what it finds, which is looked up first."""
    column = order.column_of(listing, filter_.key)
    met = conditions.condition(filter_, column, look := Binder(binder.times))
    if (numbers := _numbers(filter_, column, listing, binder.times)) is not None:
        return among(listing.person, numbers) if numbers else "FALSE"
    for few in listing.few:
        if binder.times.keys and few.tells(column.finding()):
            asked = look.settle(f"SELECT {few.key} FROM {few.rows} WHERE {met}")
            return _one_of(few, binder.times.keys(asked, tuple(look.values)), binder)
    if binder.times.users is None or binder.near or not _looked_up(listing, column, filter_.operator):
        return conditions.condition(filter_, column, binder)
    return _bit(_found(listing, [met], look), listing.person, binder)


def _numbers(filter_: Filter, column: Column, listing: Listing, times: Times) -> list[int] | None:
    """The users whose ids a filter asks for, where it does, and that was prepared."""
    ids = [value for value in filter_.values if value is not None]
    if not (listing.person and times.prepared and times.keys) or len(ids) < len(filter_.values):
        return None
    if column.finding() != "u.id" or filter_.operator != "=":
        return None
    return sorted({int(number) for one in ids for number in times.keys(_BY_ID, (one,))})


def _found(listing: Listing, met: Sequence[str], binder: Binder) -> bytes:
    """A bit for each user of whom conditions hold that name users and their kinds of account."""
    kinds = _kinds(listing, " ".join(met))
    users = binder.settle(f"(SELECT u.user_no FROM users u {kinds}{clause(met)})")
    assert binder.times.users is not None  # noqa: S101 - for mypy
    return binder.times.users(users, tuple(binder.values))


def _kinds(listing: Listing, text: str, *, past: bool = False) -> str:
    """The join of the kinds of account, where conditions name it."""
    return "".join(
        join.text(past=past) for join in listing.joins if join.alias == "k" and join.named_in(text)
    )


def _bit(users: bytes, number: str, binder: Binder) -> str:
    return f"get_bit({binder.bind(users)}::BLOB::BIT, {number}) = 1"


def _looked_up(listing: Listing, column: Column, operator: str) -> bool:
    """Whether the users whom a filter finds are looked up first: where they, or another table beside theirs,
    would be joined to each of as many rows for it; and where a text is looked into, which takes longest, so
    that the count and the page do so together."""
    if not listing.person or not names_only(column, "u", "k"):
        return False
    if operator == "~":
        return True
    if listing.beside_users and not listing.repeats:
        return True  # so that users need not be joined to find rows
    return (listing.beside_users or listing.repeats) and not names_only(column, "u")


def _one_of(few: Few, found: Sequence[str | int], binder: Binder) -> str:
    """The condition that a small table meets: its key is one of those found."""
    if not found:
        return "FALSE"
    if all(isinstance(key, int) for key in found):
        return among(few.key, [int(key) for key in found])
    return f"{few.key} IN ({', '.join(map(binder.bind, found))})"


def clause(met: Sequence[str]) -> str:
    """WHERE and the conditions, or nothing."""
    return f" WHERE {' AND '.join(met)}" if met else ""
