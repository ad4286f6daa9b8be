"""Values as HTML. All of it escapes what it is given: names in a directory are written by anybody."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.html import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seatbeacon.web.pages.inventory.hints import Draw, Row
    from seatbeacon.web.pages.inventory.sight import Sight

LONG = 34
"""Characters from which a text is cut in its cell; the whole of it shows when it is pointed at or reached
by the keyboard."""

TAGS = 2
"""Tags shown of a list; the rest is counted, and shown when it is opened."""

NOTHING = '<span class="sb-nothing">—</span>'
"""No value: the tenant has none."""

UNKNOWN = '<span class="sb-nothing">unknown</span>'
"""No value: nobody told. Not the same as none, or never."""

NEVER = '<span class="sb-never">Never</span>'

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date) -> str:
    """A date in words, such as “1 Mar 2026”, whatever the language of the machine."""
    return f"{value.day}\u00a0{_MONTHS[value.month - 1]}\u00a0{value.year}"


def count(value: int) -> str:
    """A count with thin spaces between thousands, and a real minus."""
    return f"{value:,}".replace(",", "\u202f").replace("-", "−")


def text(value: Any, row: Row | None = None, sight: Sight | None = None) -> str:  # noqa: ARG001 - a Draw
    """A text in its own writing direction, cut where it is long."""
    if value is None or value == "":
        return NOTHING
    shown = escape(str(value))
    if len(str(value)) <= LONG:
        return f'<bdi dir="auto">{shown}</bdi>'
    return f'<bdi dir="auto" class="sb-clip" tabindex="0">{shown}</bdi>'


def number(value: Any, row: Row | None = None, sight: Sight | None = None) -> str:  # noqa: ARG001 - a Draw
    """A count."""
    return NOTHING if value is None else count(value) if isinstance(value, int) else escape(str(value))


def money(value: Any, row: Row | None = None, sight: Sight | None = None) -> str:  # noqa: ARG001 - a Draw
    """An amount of money, to the cent; its currency stands beside it."""
    return NOTHING if value is None else f"{value:,.2f}"


def day_cell(value: Any, row: Row | None = None, sight: Sight | None = None) -> str:  # noqa: ARG001 - a Draw
    """A date."""
    return NOTHING if value is None else f'<time datetime="{value.isoformat()}">{day(value)}</time>'


def moment(value: Any, row: Row | None = None, sight: Sight | None = None) -> str:  # noqa: ARG001 - a Draw
    """A time: in UTC from the server, turned into the reader's own zone by app.js."""
    if not isinstance(value, datetime):
        return NOTHING
    at = value.isoformat(timespec="seconds")
    return f'<time datetime="{at}+00:00" data-local>{day(value)}, {value:%H:%M} UTC</time>'


def yes_or_no(value: Any, row: Row | None = None, sight: Sight | None = None) -> str:  # noqa: ARG001 - a Draw
    """A boolean."""
    return NOTHING if value is None else "Yes" if value else "No"


def tags(values: Sequence[Any] | None, address: Callable[[str], str] | None = None) -> str:
    """A list: its first entries, and the rest behind a button."""
    if not values:
        return NOTHING
    drawn = [_tag(str(value), address(str(value)) if address else "") for value in values]
    shown, more = "".join(drawn[:TAGS]), drawn[TAGS:]
    if not more:
        return f'<span class="sb-tags">{shown}</span>'
    label = f"{len(more)} more"
    return (
        f'<span class="sb-tags">{shown}<details><summary>{label}</summary>'
        f'<span class="sb-tags">{"".join(more)}</span></details></span>'
    )


def _tag(value: str, address: str) -> str:
    name = f'<bdi dir="auto">{escape(value)}</bdi>'
    return (
        f'<a class="sb-tag" href="{escape(address)}">{name}</a>'
        if address
        else f'<span class="sb-tag">{name}</span>'
    )


def tag_cell(value: Any, row: Row | None = None, sight: Sight | None = None) -> str:  # noqa: ARG001 - a Draw
    """A list of texts."""
    return tags(value)


def link(address: str, inner: str, label: str = "") -> str:
    """`inner`, which is HTML, as a link where there is an address. `label` says where it leads."""
    if not address:
        return inner
    titled = f' title="{escape(label)}"' if label else ""
    return f'<a href="{escape(address)}"{titled}>{inner}</a>'


def linked_text(value: Any, address: str) -> str:
    """A text that leads somewhere; what is cut shows when the link is reached."""
    if value is None or value == "":
        return NOTHING
    if not address:
        return text(value)
    cut = ' class="sb-clip"' if len(str(value)) > LONG else ""
    return f'<a href="{escape(address)}"{cut}><bdi dir="auto">{escape(str(value))}</bdi></a>'


def badge(label: str, colour: str = "secondary") -> str:
    """A word in a colour; the word says the same without it."""
    return f'<span class="badge sb-badge sb-badge-{colour}">{escape(label)}</span>'


def badges(known: Mapping[Any, tuple[str, str]]) -> Draw:
    """Draws the values of `known` as badges, each a label and a colour (none: a plain word), and any other
    as a grey one."""

    def draw(value: Any, row: Row, sight: Sight) -> str:  # noqa: ARG001 - a Draw
        if value is None or value == "":
            return NOTHING
        label, colour = known.get(value, (str(value), "secondary"))
        return badge(label, colour) if colour else escape(label)

    return draw


def bytes_in_words(value: int) -> str:
    """An amount of storage, such as “1.4 GB” (of 1024³)."""
    size = float(value)
    for unit in ("B", "kB", "MB", "GB"):
        if abs(size) < 1024:
            return f"{size:.0f}\u00a0{unit}" if unit == "B" or abs(size) >= 100 else f"{size:.1f}\u00a0{unit}"
        size /= 1024
    return f"{size:.1f}\u00a0TB"


def storage(value: Any, row: Row | None = None, sight: Sight | None = None) -> str:  # noqa: ARG001 - a Draw
    """An amount of storage."""
    return UNKNOWN if value is None else bytes_in_words(value)


BY_TYPE: dict[str, Draw] = {
    "text": text,
    "texts": tag_cell,
    "number": number,
    "money": money,
    "date": day_cell,
    "time": moment,
    "boolean": yes_or_no,
}
"""How a value of each type is drawn unless a hint says otherwise."""
