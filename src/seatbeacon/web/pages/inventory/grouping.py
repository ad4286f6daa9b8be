"""Rows counted by a column: each group leads to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

from seatbeacon.inventory import query
from seatbeacon.inventory.querying.grouping import MOST
from seatbeacon.web.pages.inventory.cells import BY_TYPE, bytes_in_words, count, link, money
from seatbeacon.web.pages.inventory.chips import equal_to
from seatbeacon.web.pages.inventory.drawing import bar, hint_of
from seatbeacon.web.pages.inventory.table import column_named

if TYPE_CHECKING:
    from decimal import Decimal

    from seatbeacon.inventory.listings import Column, Listing
    from seatbeacon.inventory.query import Group
    from seatbeacon.web.pages.inventory.address import Asked
    from seatbeacon.web.pages.inventory.opening import Opened


@dataclass(frozen=True)
class Groups:
    """The table of groups, drawn. `users` says whether distinct users stand beside the rows."""

    label: str
    body: SafeString
    groups: int
    most: bool
    users: bool
    sums: list[str]


def groupable(listing: Listing, asked: Asked) -> list[tuple[str, str, bool]]:
    """Key, label and whether it is chosen, of the columns to group by; one that an address names is there
    in any case."""
    return [
        (column.key, column.label, column.key == asked.group)
        for column in listing.columns
        if column.groupable or column.key == asked.group
    ]


def read_groups(opened: Opened) -> Groups:
    """Count the rows by the column that the address names. Raises InvalidQuery and BadVersion."""
    listing, asked = opened.listing, opened.asked
    column = column_named(listing, asked.group)
    found = query.group(
        opened.file,
        listing,
        asked.group,
        filters=opened.filters,
        search=asked.search or None,
        limit=MOST + 1,
        as_of=opened.as_of,
    )
    shown = found[:MOST]
    sums = [one for one in listing.columns if one.summed]
    users = listing.repeats and any(group.users is not None for group in shown)
    most = max((group.count for group in shown), default=0)
    body = "".join(_row(opened, column, group, sums, most, users=users) for group in shown)
    return Groups(
        column.label,
        mark_safe(body),  # noqa: S308 - every drawer escapes what it is given
        len(shown),
        len(found) > MOST,
        users,
        [one.label for one in sums],
    )


def _row(opened: Opened, column: Column, group: Group, sums: list[Column], most: int, *, users: bool) -> str:
    asked = opened.asked
    filter_ = equal_to(column, group.value)
    rows = asked.but(filters=tuple(dict.fromkeys((*asked.filters, filter_))), group="").address
    shown = _named(opened, column, group)
    cells = [f'<th scope="row">{shown}</th>', f'<td class="sb-number">{link(rows, count(group.count))}</td>']
    if users:
        cells.append(f'<td class="sb-number">{count(group.users or 0)}</td>')
    cells.append(f'<td class="sb-bar-cell">{bar([("assigned", group.count)], most)}</td>')
    for one in sums:
        value = group.sums.get(one.key)
        text = "" if value is None else _sum(one, value)
        cells.append(f'<td class="sb-number">{text}</td>')
    return f"<tr>{''.join(cells)}</tr>\n"


def _sum(column: Column, value: int | Decimal) -> str:
    if column.type == "money":
        return money(value)
    return bytes_in_words(int(value)) if column.role == "bytes" else count(int(value))


def _named(opened: Opened, column: Column, group: Group) -> str:
    if group.value is None:
        return '<span class="sb-nothing">No value</span>'
    hint = hint_of(opened.presentation, column)
    # A name leads nowhere here: its id is not part of a group.
    draw = hint.draw if hint.draw and not hint.needs and column.type != "texts" else None
    kind = "text" if column.type == "texts" else column.type
    return (draw or BY_TYPE[kind])(group.value, {}, opened.sight)
