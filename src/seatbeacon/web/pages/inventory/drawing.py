"""Hints that are more than words: numbers that lead to their rows, bars, ages, renewals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.html import escape

from seatbeacon.web.pages.inventory.cells import (
    NEVER,
    NOTHING,
    UNKNOWN,
    badge,
    badges,
    count,
    day,
    day_cell,
    link,
    linked_text,
    storage,
    tags,
)
from seatbeacon.web.pages.inventory.hints import Hint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seatbeacon.inventory.listings import Column
    from seatbeacon.web.pages.inventory.hints import Presentation, Row
    from seatbeacon.web.pages.inventory.sight import Sight

SOON, URGENT = 30, 15
"""Days before a renewal from which it is yellow, and red."""

AGES = (
    (7, "fresh", "within 7 days"),
    (30, "recent", "within 30 days"),
    (90, "fading", "within 90 days"),
    (180, "old", "within 180 days"),
)
"""How long ago an activity was, in steps that get colder."""

GONE = ("gone", "more than 180 days ago")
LEGEND = (*((name, words) for _, name, words in AGES), GONE)
"""The steps of the heat map, and their words."""

Filters = Callable[["Row"], "Sequence[str] | None"]
"""The filters under which a number's rows are found; None where they cannot be."""


GROUPS = "groups"
"""The listing that a group's name leads to: groups have no page of their own."""


@cache
def by_role(role: str, target: str) -> Hint:
    """How a value is drawn by its column's role: names lead to the page of their thing."""
    if role == "bytes":
        return Hint(storage)

    def draw(value: Any, row: Row, sight: Sight) -> str:
        key = row.get(target)
        if role == "group":
            return linked_text(value, sight.list_of(GROUPS, (f"id={key}",)) if key else "")
        return linked_text(value, sight.page_of(role, key))

    return Hint(draw, (target,)) if target else Hint()


def hint_of(presentation: Presentation, column: Column) -> Hint:
    """How `column` is drawn: as its hint says, by its role, by its type."""
    hint = presentation.hints.get(column.key)
    if hint is not None and hint.draw is not None:
        return hint
    draws = (
        by_role(column.role, column.target) if column.role else presentation.by_type.get(column.type, Hint())
    )
    return Hint(draws.draw, draws.needs, hint.style if hint else draws.style, hint.about if hint else "")


def badged(known: Mapping[Any, tuple[str, str]]) -> Hint:
    """A badge per value: its label and its colour."""
    return Hint(badges(known))


def rows_of(
    listing: str, filters: Filters, *, needs: Sequence[str] = (), known: bool = True, about: str = ""
) -> Hint:
    """A number that leads to its rows in `listing`. `known` False: missing means that nobody told."""

    def draw(value: Any, row: Row, sight: Sight) -> str:
        if value is None:
            return NOTHING if known else UNKNOWN
        return link(_address(listing, filters, row, sight), count(value))

    return Hint(draw, tuple(needs), about=about)


def _address(listing: str, filters: Filters, row: Row, sight: Sight) -> str:
    found = filters(row)
    return sight.list_of(listing, found) if found is not None else ""


def activity(*, since: str = "", expected: str = "") -> Hint:
    """A day of last activity, told apart from never and from not known.

    `since` is the column of a day on or after which there was activity for certain, for apps of which no
    exact day is told; `expected` one that is empty or zero for who is not expected to be active at all.
    """

    def draw(value: Any, row: Row, sight: Sight) -> str:
        if value is not None:
            return day_cell(value)
        if since and row.get(since):
            return f'<span title="The report tells a period, not a day">since {day(row[since])}</span>'
        if sight.refresh is None:
            return UNKNOWN
        return NEVER if not expected or row.get(expected) else NOTHING

    return Hint(draw, tuple(key for key in (since, expected) if key))


def age_of(value: date, refresh: date) -> tuple[str, str]:
    """How old an activity is on the day of the report: a step's name, and the words for it."""
    for days, name, words in AGES:
        if value > refresh - timedelta(days=days):
            return name, words
    return GONE


def heat(value: Any, row: Row, sight: Sight) -> str:  # noqa: ARG001 - a Draw
    """A cell of the heat map: the day, on the colour of its age; the words say the age as well."""
    if value is None:
        return f'<span class="sb-heat sb-heat-never">{"Never" if sight.refresh else "unknown"}</span>'
    name, words = age_of(value, sight.refresh or sight.today)
    return (
        f'<time class="sb-heat sb-heat-{name}" datetime="{value.isoformat()}" title="{words}">'
        f"{day(value)}</time>"
    )


def renewal(value: Any, row: Row, sight: Sight) -> str:  # noqa: ARG001 - a Draw
    """A renewal: its day, and how soon where it is."""
    if value is None:
        return NOTHING
    left = (value - sight.today).days
    shown = day_cell(value)
    if left < 0:
        return f"{shown} {badge('passed', 'secondary')}"
    if left > SOON:
        return shown
    words = "today" if left == 0 else "tomorrow" if left == 1 else f"in {left} days"
    return f"{shown} {badge(words, 'red' if left <= URGENT else 'yellow')}"


def available(value: Any, row: Row, sight: Sight) -> str:  # noqa: ARG001 - a Draw
    """What is left of a product; more assigned than bought is told in a word."""
    if value is None:
        return NOTHING
    return count(value) if value >= 0 else badge(f"{count(-value)} over", "red")


def bar(parts: Sequence[tuple[str, int]], whole: int) -> str:
    """A stacked bar: `parts` are the name of a colour and an amount, out of `whole`. The numbers beside it
    say the same, so a screen reader passes it over."""
    if whole <= 0:
        return ""
    drawn, left = [], 0.0
    for name, amount in parts:
        width = min(100.0 - left, max(0.0, 100.0 * amount / whole))
        if width > 0:
            drawn.append(f'<rect class="sb-bar-{name}" x="{left:.1f}" width="{width:.1f}" height="4"/>')
        left += width
    inner = "".join(drawn)
    return (
        f'<svg class="sb-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">{inner}</svg>'
    )


def tagged(address: Callable[[str, Sight], str]) -> Hint:
    """A list whose entries lead somewhere."""

    def draw(value: Any, row: Row, sight: Sight) -> str:  # noqa: ARG001 - a Draw
        return tags(value, lambda one: address(one, sight))

    return Hint(draw)


def code(value: Any, row: Row | None = None, sight: Sight | None = None) -> str:  # noqa: ARG001 - a Draw
    """A name of Microsoft's, as machines spell it."""
    return NOTHING if not value else f'<span class="sb-code-text">{escape(str(value))}</span>'
