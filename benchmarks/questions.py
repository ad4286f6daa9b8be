"""What a reader may ask of a list: every order, filters by every column, searches, groups, later pages, a
day that has gone by; each as the query string of its address.

Values to filter by are asked of the inventory itself, so that each filter finds something.
"""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from seatbeacon.inventory import query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from seatbeacon.inventory.listings import Column, Listing

_SEARCHES = ("number77", "sales", "number123456", "nobody-has-this", "title 9 engineering")
MONTHS_AGO = "2026-03-01"
_PAGE = 50
_LATER = (2, 20, 200)  # the last of the numbered pages of fifty; what is behind it goes on by a cursor


def now(file: Path, listing: Listing) -> Iterator[str]:
    """Of the last import."""
    return _every(file, listing)


def then(file: Path, listing: Listing) -> Iterator[str]:
    """The same as of a day five months ago, of the lists that tell of one."""
    return _every(file, listing, as_of=MONTHS_AGO) if listing.as_of else iter(())


def _every(file: Path, listing: Listing, **day: str) -> Iterator[str]:
    asked = partial(_asked, **day)
    usual: tuple[str, ...] = ("",)
    visible = [column.key for column in listing.columns if column.default_visible]
    other = f"-{visible[-1]}"
    yield asked()
    for column in listing.columns:
        yield from (asked(sort=f"{sign}{column.key}") for sign in ("", "-"))
    for words in _SEARCHES:
        yield from (asked(q=words, sort=sort) for sort in (*usual, other))
    filters = {column.key: list(_filters(file, listing, column)) for column in listing.columns}
    for texts in filters.values():
        for text in texts:
            yield asked(f=text)
        if texts:
            yield asked(f=texts[0], sort=other)
    yield from _combined(listing, filters, other, asked)
    for column in listing.columns:
        if column.groupable:
            yield asked(group=column.key)
    yield from (asked(page=str(page)) for page in _LATER)
    moment = query.moment_of(day["as_of"]) if day else None
    for sort in ((), (visible[0],), (other,)):
        page = query.run(
            file, listing, sort=sort, limit=_PAGE, offset=_LATER[-1] * _PAGE - _PAGE, as_of=moment
        )
        list(page.rows)
        if page.next:
            yield asked(sort=",".join(sort) or ",".join(listing.default_sort), after=page.next)


def _filters(file: Path, listing: Listing, column: Column) -> Iterator[str]:
    """Some filters by a column, of the kinds that go with its type."""
    match column.type:
        case "date" | "time":
            yield from (f"{column.key}<=90d", f"{column.key}>=30d", f"{column.key}=null")
        case "boolean":
            yield from (f"{column.key}=no", f"{column.key}=yes")
        case "number" | "money":
            yield from (f"{column.key}>=2", f"{column.key}=null")
        case _:
            few = column.groupable or column.few
            values = _values(file, listing, column.key) if few else []
            yield from (f"{column.key}={text}" for text in values[:1])
            yield from (f"{column.key}!={text}" for text in values[1:2])
            if len(values) > 2:
                yield f"{column.key}={values[1]}|{values[2]}"
            yield f"{column.key}~{'77' if not few else 'a'}"
            yield f"{column.key}=null"


def _values(file: Path, listing: Listing, key: str) -> list[str]:
    """The commonest values of a column, as a filter writes them."""
    found = query.values(file, listing, key, limit=3)
    return [f'"{each.value}"' if "|" in str(each.value) else str(each.value) for each in found if each.value]


def _combined(
    listing: Listing, filters: dict[str, list[str]], other: str, asked: Callable[..., str]
) -> Iterator[str]:
    """Chips of several kinds at once; a search and a group within them."""
    firsts = [texts[0] for texts in filters.values() if texts]
    some = [text for text in firsts if text.split("=")[0].split("~")[0] in _OFTEN] or firsts
    for one, another in itertools.pairwise(some):
        yield asked(f=[one, another])
        yield asked(f=[one, another], sort=other)
    yield asked(f=some[:3])
    yield asked(f=some[0], q=_SEARCHES[1])
    group = next((column.key for column in listing.columns if column.groupable), "")
    if group:
        yield asked(f=some[-1], group=group)
        yield asked(q=_SEARCHES[1], group=group)


_OFTEN = {
    "department", "country", "account_kind", "account_enabled", "activity", "licenses", "sku_part_number",
    "source", "sources", "application", "platform", "product", "recipient_type",
}  # fmt: skip
"""The columns that people filter by together."""


def _asked(**parts: str | list[str]) -> str:
    return urlencode({key: value for key, value in parts.items() if value}, doseq=True)
