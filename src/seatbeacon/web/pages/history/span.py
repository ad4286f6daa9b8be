"""From when to when a history is told: two days, read from the address, and the usual choices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from seatbeacon.inventory.changes.spans import end_of, usual_starts
from seatbeacon.inventory.errors import InvalidQuery

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from seatbeacon.inventory.changes.between import Import


@dataclass(frozen=True)
class Span:
    """What changed after the end of the day `since` until the end of the day `until`, or by one import.

    `begins` and `ends` are the moments (aware UTC); `number` is the import's, where it is of one.
    """

    since: date
    until: date
    begins: datetime
    ends: datetime
    number: int | None = None

    @property
    def asked(self) -> tuple[tuple[str, str], ...]:
        """What an address asks for it with."""
        if self.number is not None:
            return (("import", str(self.number)),)
        return (("since", self.since.isoformat()), ("until", self.until.isoformat()))


@dataclass(frozen=True)
class Choice:
    """A usual span, and whether it is the one that is shown."""

    label: str
    since: date
    until: date
    current: bool


def read_span(parameters: Mapping[str, str], imports: Sequence[Import]) -> Span:
    """The span of an address; without one, what the last import changed. Raises InvalidQuery.

    `imports` are newest first, and at least one.
    """
    if parameters.get("import"):
        return _of_import(parameters["import"], imports)
    newest = imports[0].at
    until = _day(parameters.get("until", ""), "until") or newest.date()
    since = _day(parameters.get("since", ""), "from")
    if since is None:
        before = next((one.at for one in imports if one.at.date() < until), None)
        since = before.date() if before else until - timedelta(days=1)
    if since > until:
        raise InvalidQuery("The first day is after the last.", "Choose an earlier first day.")
    return Span(since, until, end_of(since), end_of(until))


def _of_import(text: str, imports: Sequence[Import]) -> Span:
    """What one import brought: all that changed after the import before it."""
    place = next((at for at, one in enumerate(imports) if str(one.number) == text), None)
    if place is None:
        raise InvalidQuery(f"This inventory knows of no import {text[:40]!r}.", "Choose two days.")
    one, before = imports[place], imports[place + 1] if place + 1 < len(imports) else None
    begins = before.at if before else one.at - timedelta(days=1)
    return Span(begins.date(), one.at.date(), begins, one.at, one.number)


def choices(span: Span, imports: Sequence[Import]) -> list[Choice]:
    """The usual spans that end with the newest import's day."""
    last = imports[0].at.date()
    return [
        Choice(label, since, last, span.number is None and (since, last) == (span.since, span.until))
        for label, since in usual_starts(imports)
    ]


def _day(text: str, what: str) -> date | None:
    text = text.strip()
    if not text:
        return None
    try:
        return datetime.strptime(text[:10], "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise InvalidQuery(f"{text[:40]!r} is no day ({what}).", "Write it as 2026-03-01.") from None
