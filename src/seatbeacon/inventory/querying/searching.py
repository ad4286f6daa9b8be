"""A search: each of its words stands in one of the columns that are searched, whatever its case.

What a word finds is looked up first, in the users and in the small tables beside them, so that rows are
chosen by numbers and not by looking into the text of each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seatbeacon.inventory.listings.past import at
from seatbeacon.inventory.querying.binding import among

if TYPE_CHECKING:
    from seatbeacon.inventory.listings import Listing
    from seatbeacon.inventory.listings.declaration import Find
    from seatbeacon.inventory.querying.binding import Binder


@dataclass(frozen=True)
class Part:
    """Words that are looked for together: in the users, where each has to stand, or else by `finds` beside
    them. `users` has a bit for each user's number, set where the words stand; None where nobody looked."""

    words: tuple[str, ...]
    finds: tuple[Find, ...] = ()
    users: bytes | None = None


@dataclass(frozen=True)
class Search:
    """The words of a search, and its parts where they were looked up: all of them must hold. `numbers` are
    the users found, where that is all it finds and they are few."""

    words: tuple[str, ...] = ()
    parts: tuple[Part, ...] | None = None
    numbers: tuple[int, ...] | None = None


def parse_search(text: str | None) -> Search:
    """The words of a search, nothing looked up."""
    return Search(tuple((text or "").split()))


def conditions(search: Search, listing: Listing, binder: Binder) -> list[str]:
    """The SQL of a search; never null."""
    past = binder.times.moment is not None
    if listing.text and not past:
        return [f"contains({listing.text}, {_mark(word, binder)})" for word in search.words]
    if search.numbers is not None:
        return [among(listing.person, search.numbers) if search.numbers else "FALSE"]
    if past or not listing.person:
        columns = [column for column in listing.columns if column.key in listing.search]
        expressions = [column.expression(past=past) for column in columns]
        return [_in_columns(word, expressions, listing, binder) for word in search.words]
    parts = [Part((word,), listing.finds) for word in search.words] if search.parts is None else search.parts
    return [_found(part, listing, binder) for part in parts]


def of_users(search: Search, binder: Binder) -> list[str]:
    """The conditions on `u` (users) of the words that find nothing beside the users."""
    return [_stands(part, "u.user_no", "u.", binder) for part in search.parts or () if not part.finds]


def without_users(search: Search) -> Search:
    """What is left of a search for users of whom `of_users` holds."""
    if search.parts is None:
        return search
    return replace(search, parts=tuple(part for part in search.parts if part.finds), numbers=None)


def _in_columns(word: str, expressions: list[str], listing: Listing, binder: Binder) -> str:
    """Whether a word stands in one of the columns. As of a moment, users are looked into first, not once for
    each of their rows."""
    mark = _mark(word, binder)
    of_users = [each for each in expressions if each.startswith("u.")]
    if not (listing.person and listing.beside_users and of_users):
        return _or(expressions, mark)
    users = f"{listing.person} IN (SELECT u.user_no FROM {at('users')} u WHERE {_or(of_users, mark)})"
    others = [each for each in expressions if each not in of_users]
    return f"({users} OR {_or(others, mark)})" if others else users


def _or(expressions: list[str], mark: str) -> str:
    return (
        "(" + " OR ".join(f"coalesce(contains(lower({each}), {mark}), FALSE)" for each in expressions) + ")"
    )


def _found(part: Part, listing: Listing, binder: Binder) -> str:
    if not part.finds:
        if part.users is not None:
            return _stands(part, listing.person, "", binder)
        if not listing.beside_users:
            return f"({_stands(part, 'u.user_no', 'u.', binder)})"
        return f"{listing.person} IN (SELECT user_no FROM users WHERE {_stands(part, 'user_no', '', binder)})"
    [word] = part.words
    mark = _mark(word, binder)
    places = [f"{find.expression} IN ({find.chosen.replace('{word}', mark)})" for find in part.finds]
    if part.users is not None:
        places.append(_stands(part, listing.person, "", binder))
    elif listing.beside_users:
        places.append(
            f"{listing.person} IN (SELECT user_no FROM users WHERE {_stands(part, '', '', binder)})"
        )
    else:
        places.append(_stands(part, "", "u.", binder))
    return "(" + " OR ".join(f"coalesce({each}, FALSE)" for each in places) + ")"


def _stands(part: Part, number: str, users: str, binder: Binder) -> str:
    """Whether the words stand in what is searched of a user: by the user's `number`, or else in the text;
    `users` is the table's alias with a dot."""
    if part.users is not None:
        return f"get_bit({binder.bind(part.users)}::BLOB::BIT, {number}) = 1"
    return " AND ".join(f"contains({users}search_text, {_mark(word, binder)})" for word in part.words)


def _mark(word: str, binder: Binder) -> str:
    return f"lower({binder.bind(word)}::VARCHAR)"
