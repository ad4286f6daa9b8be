"""Look up what the words of a search find, in the users and in the small tables beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seatbeacon.inventory.querying.reading import fetch_kept
from seatbeacon.inventory.querying.searching import Search, parse_search
from seatbeacon.inventory.querying.statement import Statement

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.inventory.listings import Listing
    from seatbeacon.inventory.querying.binding import Times

_MOST = 4_000  # users up to which rows are chosen by their numbers


def look_up(version_file: Path, listing: Listing, text: str | None, times: Times) -> Search:
    """The search for `text` in a listing, with what it finds. Raises `BadVersion`."""
    search = parse_search(text)
    if not search.words or not listing.person or times.moment is not None:
        return search
    beside = tuple(
        tuple(find for find in listing.finds if _finds(version_file, find.chosen, word))
        for word in search.words
    )
    search = replace(search, beside=beside)
    if any(beside) or not (listing.beside_users or listing.repeats):
        return search
    met = " AND ".join(
        f"contains(search_text, lower(${n}::VARCHAR))" for n in range(1, len(search.words) + 1)
    )
    sql = f"SELECT user_no FROM users WHERE {met} LIMIT {_MOST + 1}"
    numbers = tuple(sorted(number for (number,) in fetch_kept(version_file, Statement(sql, search.words))))
    return search if len(numbers) > _MOST else replace(search, numbers=numbers)


def _finds(version_file: Path, chosen: str, word: str) -> bool:
    sql = f"SELECT EXISTS ({chosen.replace('{word}', 'lower($1::VARCHAR)')})"
    [(found,)] = fetch_kept(version_file, Statement(sql, (word,)))
    return bool(found)
