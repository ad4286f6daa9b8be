"""Charts as data: what `charts.js` draws, and the table of the same numbers beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from seatbeacon.web.templatetags.seatbeacon import money, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

NAMES = {
    "purchased": "Purchased",
    "assigned": "Assigned",
    "active_90": "Active in 90 days",
    "active_30": "Active in 30 days",
    "inactive_90": "Inactive for 90 days",
    "never_active": "Never active",
    "entitled": "Entitled",
    "members": "Members",
    "guests": "Guests",
    "disabled": "Disabled",
    "licensed": "With licenses",
    "waste": "Could be saved a month",
    "realised": "Saved a month",
}


_NOTHING = '<span class="sb-nothing">—</span>'


@dataclass(frozen=True)
class Chart:
    """Lines over days. `data` goes to the script as JSON; `rows` are the same numbers, the newest day first.

    `link` is an address that a click on a day leads to, with `DAY` in place of it; empty: to none. `unit` is
    the currency of amounts; empty for counts.
    """

    id: str
    title: str
    data: dict[str, Any]
    heads: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    link: str = ""
    unit: str = ""

    @property
    def body(self) -> SafeString:
        """The rows of the table as HTML. A year has so many that a template takes ten times as long."""
        draw = money if self.unit else number
        before, _, after = str(escape(self.link)).partition("DAY")
        parts = []
        for day, *values in self.rows:
            shown = day.isoformat()
            head = f'<a href="{before}{shown}{after}">{shown}</a>' if self.link else shown
            parts.append(f'<tr><th scope="row" class="text-nowrap">{head}</th>')
            for value in values:
                told = _NOTHING if value is None else escape(draw(value))
                parts.append(f'<td class="sb-number text-nowrap">{told}</td>')
            parts.append("</tr>")
        return mark_safe("".join(parts))  # noqa: S308 - days of our own, and what is escaped above

    @property
    def drawn(self) -> bool:
        """Whether there is more than one day to draw a line between."""
        return len(self.rows) > 1


def trend_chart(
    id: str,  # noqa: A002 - the attribute's name
    title: str,
    series: Mapping[str, Sequence[tuple[date, int | Decimal]]],
    names: Sequence[str],
    link: str = "",
    unit: str = "",
) -> Chart:
    """The chart of those of `names` that `series` has, in this order."""
    shown = [name for name in names if series.get(name)]
    days = sorted({day for name in shown for day, _ in series[name]}, reverse=True)
    values = {name: dict(series[name]) for name in shown}
    return Chart(
        id,
        title,
        {
            "series": [
                {
                    "name": NAMES.get(name, name),
                    "points": [[day.isoformat(), _plain(value)] for day, value in series[name]],
                }
                for name in shown
            ],
            "link": link,
            "unit": unit,
        },
        tuple(NAMES.get(name, name) for name in shown),
        tuple((day, *(values[name].get(day) for name in shown)) for day in days),
        link,
        unit,
    )


def _plain(value: int | Decimal) -> int | float:
    """A number as JSON takes it; an amount to the cent."""
    return value if isinstance(value, int) else round(float(value), 2)
