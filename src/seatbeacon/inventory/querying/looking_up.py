"""Look up what the words of a search find, in the users and in the small tables beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seatbeacon.inventory.listings.users import PERSON_SEARCH
from seatbeacon.inventory.querying.binding import Binder
from seatbeacon.inventory.querying.reading import bits, fetch_kept
from seatbeacon.inventory.querying.searching import Part, Search, parse_search
from seatbeacon.inventory.querying.statement import Statement

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.inventory.listings import Listing
    from seatbeacon.inventory.listings.declaration import Find
    from seatbeacon.inventory.querying.binding import Times

_MOST = 4_000  # users up to which rows are chosen by their numbers


def look_up(version_file: Path, listing: Listing, text: str | None, times: Times) -> Search:
    """The search for `text` in a listing, with what it finds. Raises `BadVersion`."""
    search = parse_search(text)
    if not search.words or not listing.person:
        return search
    if times.moment is not None:
        return replace(search, numbers=_then(version_file, listing, search.words, times))
    beside = {
        word: tuple(find for find in listing.finds if _finds(version_file, find.chosen, word))
        for word in search.words
    }
    alone = tuple(word for word in search.words if not beside[word])
    parts = [_part(version_file, (word,), finds) for word, finds in beside.items() if finds]
    if alone:
        parts.append(_part(version_file, alone))
    only = parts[0] if len(parts) == 1 and not parts[0].finds else None
    numbers = _numbers(version_file, only.users) if only and only.users is not None else None
    return Search(search.words, tuple(parts), numbers)


def _then(
    version_file: Path, listing: Listing, words: tuple[str, ...], times: Times
) -> tuple[int, ...] | None:
    """The users in whose texts all words stood at a moment, where they are few and the words stood nowhere
    else."""
    if any(_finds(version_file, chosen, word) for word in words for chosen in listing.finds_then):
        return None
    binder = Binder(times)
    marks = [f"lower({binder.bind(word)}::VARCHAR)" for word in words]
    # The text of users as they are now is there already; it is of the columns that are looked into below.
    now = " AND ".join(f"contains(search_text, {mark})" for mark in marks)
    was = " AND ".join(
        f"contains(lower(concat_ws(chr(10), {', '.join(PERSON_SEARCH)})), {mark})" for mark in marks
    )
    found = fetch_kept(
        version_file,
        Statement(
            binder.settle(
                f"SELECT user_no FROM users WHERE valid_from <= {{moment}} AND {now} UNION ALL "
                "SELECT user_no FROM users_history WHERE valid_from <= {moment} AND {moment} < valid_to "
                f"AND {was} ORDER BY user_no LIMIT {_MOST + 1}"
            ),
            tuple(binder.values),
        ),
    )
    return tuple(number for (number,) in found) if len(found) <= _MOST else None


def _part(version_file: Path, words: tuple[str, ...], finds: tuple[Find, ...] = ()) -> Part:
    """Words with the users in whose texts they stand."""
    met = " AND ".join(f"contains(search_text, lower(${n}::VARCHAR))" for n in range(1, len(words) + 1))
    return Part(words, finds, bits(version_file, f"users WHERE {met}", words))


def _numbers(version_file: Path, users: bytes) -> tuple[int, ...] | None:
    """The numbers of the users who have a bit set, where they are few."""
    if int.from_bytes(users).bit_count() > _MOST:
        return None
    sql = "SELECT user_no FROM users WHERE get_bit($1::BLOB::BIT, user_no) = 1 ORDER BY user_no"
    return tuple(number for (number,) in fetch_kept(version_file, Statement(sql, (users,))))


def _finds(version_file: Path, chosen: str, word: str) -> bool:
    sql = f"SELECT EXISTS ({chosen.replace('{word}', 'lower($1::VARCHAR)')})"
    [(found,)] = fetch_kept(version_file, Statement(sql, (word,)))
    return bool(found)
