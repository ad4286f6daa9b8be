"""The table of a list: its heads, its rows as cells, its pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString, mark_safe

from seatbeacon.inventory import query
from seatbeacon.inventory.filters import unknown
from seatbeacon.web.pages.inventory.cells import BY_TYPE
from seatbeacon.web.pages.inventory.drawing import hint_of
from seatbeacon.web.tables import numbers_near

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seatbeacon.inventory.listings import Column, Listing
    from seatbeacon.web.pages.inventory.address import Asked
    from seatbeacon.web.pages.inventory.hints import Presentation
    from seatbeacon.web.pages.inventory.opening import Opened
    from seatbeacon.web.pages.inventory.sight import Sight

MOST_ROWS = 10_000
"""Rows that numbered pages reach: to go further costs the more the further it is, unless one goes on from
where the page before ended."""

_DOWN_FIRST = {"number", "money", "date", "time"}
"""Types of which a reader wants the greatest first."""


@dataclass(frozen=True)
class Head:
    """A column's head. `direction` in the words of `aria-sort`; empty where it is not sorted by."""

    key: str
    label: str
    address: str
    direction: str
    style: str
    help: str


@dataclass(frozen=True)
class PageLink:
    """A page's number and address; without a number it stands for a gap."""

    number: int | None
    address: str
    current: bool


@dataclass(frozen=True)
class Table:
    """Rows of cells, drawn. `count` is of all pages, `rows` of this one; `first` the number of its first,
    0 where it is not known. Pages behind `MOST_ROWS` have no number: each is reached from the one before."""

    heads: list[Head]
    body: SafeString
    count: int
    rows: int
    first: int
    pages: list[PageLink]
    before: str
    after: str

    @property
    def last(self) -> int:
        """The number of the last row of this page."""
        return self.first + self.rows - 1


def column_named(listing: Listing, key: str) -> Column:
    """The column that `key` names. Raises InvalidQuery, which names those that exist."""
    column = listing.column(key)
    if column is None:
        raise unknown(f"column of {listing.name}", key, (each.key for each in listing.columns))
    return column


def shown_keys(listing: Listing, presentation: Presentation, asked: Asked) -> tuple[str, ...]:
    """The columns that an address shows, in order."""
    return asked.columns or standard_keys(listing, presentation)


def standard_keys(listing: Listing, presentation: Presentation) -> tuple[str, ...]:
    """The columns that are shown unless a reader chooses."""
    return presentation.columns or tuple(column.key for column in listing.columns if column.default_visible)


def sorting(listing: Listing, asked: Asked) -> tuple[str, ...]:
    """What a page is sorted by."""
    return asked.sort or listing.default_sort


def read_table(opened: Opened) -> Table:
    """Read and draw one page of rows. Raises InvalidQuery and BadVersion."""
    listing, presentation, asked = opened.listing, opened.presentation, opened.asked
    file, filters, search, as_of = opened.file, opened.filters, asked.search or None, opened.as_of
    keys = shown_keys(listing, presentation, asked)
    heads = _heads(listing, presentation, asked, keys)
    count = count_rows(opened)
    page = min(asked.page, last_page(count, asked.rows))
    offset = 0 if asked.after else (page - 1) * asked.rows
    hints = [hint_of(presentation, column) for column in _columns(listing, keys)]
    hints += [presentation.before] if presentation.before else []
    needed = [key for hint in hints for key in hint.needs]
    wanted = list(dict.fromkeys([*keys, *(key for key in needed if listing.column(key))]))
    result = query.run(
        file,
        listing,
        filters=filters,
        search=search,
        sort=sorting(listing, asked),
        columns=wanted,
        limit=asked.rows if count else 0,  # to find that there is nothing takes as long again
        offset=offset,
        after=asked.after or None,
        as_of=as_of,
    )
    rows = list(result.rows)
    body = draw_rows(listing, presentation, keys, wanted, rows, opened.sight)
    return Table(heads, body, count, len(rows), *_pages(asked, count, len(rows), result.next or ""))


def count_rows(opened: Opened) -> int:
    """How many rows the address finds. Raises InvalidQuery and BadVersion."""
    search = opened.asked.search or None
    return query.count(opened.file, opened.listing, filters=opened.filters, search=search, as_of=opened.as_of)


def _pages(asked: Asked, count: int, rows: int, following: str) -> tuple[int, list[PageLink], str, str]:
    """The number of the first row (0 where it is not known), numbered pages, the previous and the next."""
    last = min(last_page(count, asked.rows), MOST_ROWS // asked.rows)
    if asked.after:
        return 0, [], asked.but().address, asked.but(after=following).address if following else ""
    now = min(asked.page, last_page(count, asked.rows))
    first = (now - 1) * asked.rows + 1 if rows else 0
    if last_page(count, asked.rows) == 1:
        return first, [], "", ""
    links = [
        PageLink(number, asked.but(page=number).address if number else "", number == now)
        for number in numbers_near(now, last)
    ]
    before = asked.but(page=now - 1).address if now > 1 else ""
    more = asked.but(page=now + 1) if now < last else asked.but(after=following)
    return first, links, before, more.address if following else ""


def draw_rows(
    listing: Listing,
    presentation: Presentation,
    keys: Sequence[str],
    wanted: Sequence[str],
    rows: Iterable[Sequence[Any]],
    sight: Sight,
) -> SafeString:
    """`rows`, whose values stand in the order of `wanted`, as HTML: the columns `keys` of each."""
    drawers = []
    for place, column in enumerate(_columns(listing, keys)):
        hint = hint_of(presentation, column)
        tag = "th scope=row" if place == 0 else "td"
        style = _style(column, hint.style)
        opening = f'<{tag} class="{style}">' if style else f"<{tag}>"
        drawers.append(
            (column.key, hint.draw or BY_TYPE[column.type], opening, "</th>" if place == 0 else "</td>")
        )
    before = presentation.before.draw if presentation.before else None
    parts = []
    for values in rows:
        row = dict(zip(wanted, values, strict=True))
        parts.append("<tr>")
        for place, (key, draw, opening, closing) in enumerate(drawers):
            drawn = draw(row[key], row, sight)
            if before and place == 0:
                drawn = f'<div class="d-flex gap-2">{before(None, row, sight)}<div>{drawn}</div></div>'
            parts += (opening, drawn, closing)
        parts.append("</tr>\n")
    return mark_safe("".join(parts))  # noqa: S308 - every drawer escapes what it is given


def last_page(count: int, rows: int) -> int:
    """The number of the last page; 1 where there is nothing."""
    return max(1, -(-count // rows))


def _columns(listing: Listing, keys: Iterable[str]) -> list[Column]:
    return [column_named(listing, key) for key in keys]


def _heads(listing: Listing, presentation: Presentation, asked: Asked, keys: Sequence[str]) -> list[Head]:
    now = sorting(listing, asked)[0]
    heads = []
    for column in _columns(listing, keys):
        hint = hint_of(presentation, column)
        direction = {column.key: "ascending", f"-{column.key}": "descending"}.get(now, "")
        down_first = column.type in _DOWN_FIRST and not hint.soonest
        down = direction == "ascending" or (not direction and down_first)
        address = asked.but(sort=(f"-{column.key}" if down else column.key,)).address
        heads.append(
            Head(
                column.key,
                column.label,
                address,
                direction,
                _style(column, hint.style),
                hint.about or column.about,
            )
        )
    return heads


def _style(column: Column, more: str) -> str:
    return " ".join(filter(None, ("sb-number" if column.type in ("number", "money") else "", more)))
