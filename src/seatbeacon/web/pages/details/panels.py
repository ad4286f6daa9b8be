"""A few rows of a listing on the page of something else, drawn as on the listing's own page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatbeacon.inventory import query
from seatbeacon.inventory.filters import parse_filter
from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.web.pages.inventory.drawing import hint_of
from seatbeacon.web.pages.inventory.presentation import presentation_of
from seatbeacon.web.pages.inventory.table import draw_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString

    from seatbeacon.web.pages.details.frame import Frame

ROWS = 10


@dataclass(frozen=True)
class Panel:
    """`heads` are label and style; `count` is of all rows, which are at `address`."""

    id: str
    title: str
    heads: list[tuple[str, str]]
    body: SafeString
    count: int
    shown: int
    address: str
    empty: str

    @property
    def more(self) -> bool:
        """Whether there are rows that are not shown."""
        return self.count > self.shown


def read_panel(
    frame: Frame,
    title: str,
    listing: str,
    filters: Sequence[str],
    columns: Sequence[str],
    *,
    sort: Sequence[str] = (),
    limit: int = ROWS,
    empty: str = "",
) -> Panel:
    """The first rows of `listing` under `filters`, written as in an address. Raises InvalidQuery."""
    found, presentation = LISTINGS[listing], presentation_of(listing)
    read = [parse_filter(text) for text in filters]
    shown = [column for key in columns if (column := found.column(key)) is not None]
    hints = [hint_of(presentation, column) for column in shown]
    needed = [key for hint in hints for key in hint.needs if found.column(key)]
    keys = [column.key for column in shown]
    wanted = list(dict.fromkeys([*keys, *needed]))
    file = frame.chosen.file
    result = query.run(file, found, filters=read, sort=sort, columns=wanted, limit=limit, as_of=frame.as_of)
    rows = list(result.rows)
    total = len(rows) if len(rows) < limit else query.count(file, found, filters=read, as_of=frame.as_of)
    return Panel(
        id=f"panel-{listing}",
        title=title,
        heads=[
            (column.label, "sb-number" if column.type == "number" else hint.style)
            for column, hint in zip(shown, hints, strict=True)
        ],
        body=draw_rows(found, presentation, keys, wanted, rows, frame.sight),
        count=total,
        shown=len(rows),
        address=frame.sight.list_of(listing, filters),
        empty=empty,
    )
