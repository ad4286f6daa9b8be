"""A search: each of its words stands in one of the columns that are searched, whatever its case.

What a word finds is looked up first, in the users and in the small tables beside them, so that rows are
chosen by numbers and not by looking into the text of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatbeacon.inventory.querying.binding import among

if TYPE_CHECKING:
    from seatbeacon.inventory.listings import Listing
    from seatbeacon.inventory.listings.declaration import Find
    from seatbeacon.inventory.querying.binding import Binder


@dataclass(frozen=True)
class Search:
    """The words of a search; `beside` is what each of them finds beside the users, where that was looked up;
    `numbers` are the users found, where that is all it finds and they are few."""

    words: tuple[str, ...] = ()
    beside: tuple[tuple[Find, ...], ...] | None = None
    numbers: tuple[int, ...] | None = None


def parse_search(text: str | None) -> Search:
    """The words of a search, nothing looked up."""
    return Search(tuple((text or "").split()))


def conditions(search: Search, listing: Listing, binder: Binder) -> list[str]:
    """The SQL of a search; never null."""
    past = binder.times.moment is not None
    if past or not listing.person:
        columns = [column for column in listing.columns if column.key in listing.search]
        return [
            _in_columns(word, [each.expression(past=past) for each in columns], binder)
            for word in search.words
        ]
    if search.numbers is not None:
        return [among(listing.person, search.numbers) if search.numbers else "FALSE"]
    beside = search.beside or tuple(listing.finds for _ in search.words)
    met = [
        _found(word, finds, listing, binder)
        for word, finds in zip(search.words, beside, strict=True)
        if finds
    ]
    of_users = [word for word, finds in zip(search.words, beside, strict=True) if not finds]
    return [*met, *_in_users(of_users, listing, binder)]


def of_users(search: Search, binder: Binder) -> list[str]:
    """The conditions on `u` (users) of the words that find nothing beside the users."""
    if search.beside is None:
        return []
    words = [word for word, finds in zip(search.words, search.beside, strict=True) if not finds]
    return [f"contains(u.search_text, {_mark(word, binder)})" for word in words]


def without_users(search: Search) -> Search:
    """What is left of a search for users of whom `of_users` holds."""
    if search.beside is None:
        return search
    left = [(word, finds) for word, finds in zip(search.words, search.beside, strict=True) if finds]
    return Search(tuple(word for word, _ in left), tuple(finds for _, finds in left))


def _in_columns(word: str, expressions: list[str], binder: Binder) -> str:
    mark = _mark(word, binder)
    return (
        "(" + " OR ".join(f"coalesce(contains(lower({each}), {mark}), FALSE)" for each in expressions) + ")"
    )


def _found(word: str, finds: tuple[Find, ...], listing: Listing, binder: Binder) -> str:
    mark = _mark(word, binder)
    chosen = [f"{each.expression} IN ({each.chosen.replace('{word}', mark)})" for each in finds]
    places = [*_in_users([word], listing, binder), *chosen]
    return "(" + " OR ".join(f"coalesce({each}, FALSE)" for each in places) + ")"


def _in_users(words: list[str], listing: Listing, binder: Binder) -> list[str]:
    """One condition that all words stand in what is searched of the user."""
    if not words:
        return []
    text = "search_text" if listing.beside_users else "u.search_text"
    met = " AND ".join(f"contains({text}, {_mark(word, binder)})" for word in words)
    if listing.beside_users:
        return [f"{listing.person} IN (SELECT user_no FROM users WHERE {met})"]
    return [f"({met})"]


def _mark(word: str, binder: Binder) -> str:
    return f"lower({binder.bind(word)}::VARCHAR)"
