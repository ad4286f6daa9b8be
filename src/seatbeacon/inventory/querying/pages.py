"""Find the rows of a page first, and then fill in its columns for its users alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seatbeacon.inventory.querying import statement
from seatbeacon.inventory.querying.reading import fetch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from seatbeacon.inventory.querying.statement import Asked

Rows = list[tuple[Any, ...]]

_FIRST = 4  # users looked at first, for each row of the page
_MOST = 4_000  # users up to which looking at them alone is the faster way


def find(version_file: Path, asked: Asked, limit: int) -> Rows:
    """The user's number and the order's values of each row of a page, and of one more.

    Where the order begins with the users, the first of them are taken, and only their rows are looked at:
    joining and ordering the rows of all costs a hundred times as much.
    """
    most = (asked.offset + limit + 1) * _FIRST
    few = asked.search.numbers is not None
    while not few and statement.led_by_users(asked) and most <= _MOST:
        users = fetch(version_file, statement.lead(asked, most))
        whole = len(users) <= most  # there are no users but these
        numbers = [row[0] for row in users] if whole else _complete(users)
        if not numbers:
            break
        found = fetch(version_file, statement.pick(asked, numbers))
        if whole or len(found) > limit:
            return found
        most *= 16
    return fetch(version_file, statement.pick(asked))


def _complete(users: Sequence[tuple[Any, ...]]) -> list[int]:
    """The users before those who share the last one's place in the order: others may share it."""
    last = users[-1][1]
    return [number for number, value in users if value != last]


def filled(version_file: Path, asked: Asked, found: Sequence[tuple[Any, ...]]) -> Rows:
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
