"""Read a page: of its users alone, where they can be told; else find its rows first, and fill them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seatbeacon.inventory.querying import statement
from seatbeacon.inventory.querying.reading import fetch, fetch_kept, highest_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from seatbeacon.inventory.querying.statement import Asked

Rows = list[tuple[Any, ...]]

_FIRST = 4  # users looked at first for each row of the page, where one may have none
_SPARSE = 4  # users for each row, from which a list is one of few of them
_MORE = 16  # times as many, where those were too few
_FAR = 12_000  # rows up to which some thousand users may have them: the last of numbered pages
_MOST = 6_000  # users up to which looking at them alone is the faster way


def read(version_file: Path, asked: Asked, limit: int) -> tuple[Rows, Rows]:
    """The rows of a page; and, of one row more than `limit` where there is one, the values that they are
    ordered by.

    Where the order begins with the users, the first of them are taken, and only their rows are looked at:
    joining and ordering the rows of all costs a hundred times as much.
    """
    few = asked.search.numbers
    if few:
        return _near(version_file, asked, few, limit)
    terms = statement.led_by_users(asked)
    most = (asked.offset + limit + 1) * (1 if asked.listing.repeats else _FIRST)
    if most <= (_FAR if asked.listing.repeats else _MOST):
        # Users may have several rows each: fewer do; more are needed where not each has one that is wanted.
        most = min(most if statement.of_users_alone(asked) else most * _MORE, _MOST)
    if terms and not asked.past and _of_few(version_file, asked):
        terms = ()
    while terms and few is None and most <= _MOST:
        lead = statement.lead(asked, terms, most)
        # The first of all users are where most lists begin, whatever they are asked for.
        users = (fetch if lead.narrowed else fetch_kept)(version_file, lead)
        whole = len(users) <= most  # there are no users but these
        numbers = [row[0] for row in users] if whole else _complete(users)
        if not numbers:
            break
        rows, places = _near(version_file, asked, numbers, limit)
        if whole or len(places) > limit:
            return rows, places
        if not places:
            break  # few have any, if anybody does
        most *= _MORE
    bounding = statement.bounding(asked)
    [(bound,)] = (bounding and fetch(version_file, bounding)) or [(None,)]
    found = fetch(version_file, statement.pick(asked, bound))
    return _filled(version_file, asked, found[:limit]), [row[1:] for row in found]


def _of_few(version_file: Path, asked: Asked) -> bool:
    """Whether a list has rows of few of the users: then the rows are the better beginning."""
    if asked.listing.repeats or not asked.listing.beside_users:
        return False
    every = statement.Statement(f"SELECT count(*) FROM {asked.listing.source}", ())
    [(rows,)] = fetch_kept(version_file, every)
    return int(rows) * _SPARSE < highest_number(version_file)


def _near(version_file: Path, asked: Asked, numbers: Sequence[int], limit: int) -> tuple[Rows, Rows]:
    """The page among the rows of few users, who are known by their numbers."""
    found, width = fetch(version_file, statement.rows(asked, numbers)), len(asked.columns)
    return [row[:width] for row in found[:limit]], [row[width:] for row in found]


def _complete(users: Sequence[tuple[Any, ...]]) -> list[int]:
    """The users before those who share the last one's place in the order: others may share it."""
    last = users[-1][1:]
    return [user[0] for user in users if user[1:] != last]


def _filled(version_file: Path, asked: Asked, found: Sequence[tuple[Any, ...]]) -> Rows:
    """The columns of the rows that were found, in their order."""
    if not found:
        return []
    ties = len(asked.listing.ties)
    places = [term.column.key for term in asked.terms]
    keys = [1 + places.index(tie.key) for tie in asked.listing.ties]
    known: dict[tuple[Any, ...], Rows] = {}
    for row in fetch(version_file, statement.fill(asked, sorted({row[0] for row in found}))):
        known.setdefault(row[:ties], []).append(row[ties:])
    return [known[tuple(row[key] for key in keys)].pop() for row in found]
