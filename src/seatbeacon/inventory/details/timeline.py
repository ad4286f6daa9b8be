"""What happened to a user, from the rows of its history: no I/O."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from seatbeacon.inventory.changes.between import ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Kind = Literal["first seen", "joined", "left", "came back", "changed", "gained", "lost", "state"]

ORDER: tuple[Kind, ...] = ("first seen", "joined", "came back", "changed", "state", "lost", "gained", "left")
"""The order of what one import told."""


@dataclass(frozen=True)
class Period:
    """A user's attributes as they were from an import to another (naive UTC; `ends` None: still)."""

    values: dict[str, Any]
    begins: datetime
    ends: datetime | None


@dataclass(frozen=True)
class Event:
    """One thing that an import told (its time, aware UTC). `subject` is the attribute's or product's name,
    `key` the product's id; `before` and `after` the values of a change."""

    at: datetime
    kind: Kind
    subject: str = ""
    key: str = ""
    before: Any = None
    after: Any = None


def timeline(
    periods: Sequence[Period],
    ways: Iterable[tuple[Any, ...]],
    names: Mapping[str, tuple[str, str]],
    groups: Mapping[str, str],
    first_import: datetime,
) -> tuple[Event, ...]:
    """The events, the newest first. `periods` and `ways` (rows of block `person.ways`) are oldest first.

    A product that comes by a second way, or loses one of two, is neither gained nor lost. What the first
    import found was there before: it is told as *first seen*, and its products as no event.
    """
    events = [*_of_attributes(periods, first_import), *_of_products(ways, names, groups, first_import)]
    return tuple(sorted(events, key=lambda one: (one.at, ORDER.index(one.kind)), reverse=True))


def _of_attributes(periods: Sequence[Period], first_import: datetime) -> Iterable[Event]:
    before: Period | None = None
    for period in periods:
        if before is None:
            kind: Kind = "joined" if period.begins > first_import else "first seen"
            yield Event(_aware(period.begins), kind)
        elif before.ends is not None and before.ends < period.begins:
            yield Event(_aware(before.ends), "left")
            yield Event(_aware(period.begins), "came back")
        if before is not None:
            for key, label in ATTRIBUTES.items():
                old, new = before.values[key], period.values[key]
                if old != new:
                    yield Event(_aware(period.begins), "changed", label, key, old, new)
        before = period
    if before is not None and before.ends is not None:
        yield Event(_aware(before.ends), "left")


def _of_products(
    ways: Iterable[tuple[Any, ...]],
    names: Mapping[str, tuple[str, str]],
    groups: Mapping[str, str],
    first_import: datetime,
) -> Iterable[Event]:
    held: dict[str, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    states: dict[tuple[str, str, str | None], tuple[datetime | None, str | None, str | None]] = {}
    for sku, source, group, state, error, _off, _at, counted, begins, ends in ways:
        if counted:
            held[sku].append((begins, ends))
        place = (sku, source, group)
        before = states.get(place)
        if before is not None and before[0] == begins and before[1:] != (state, error):
            by = f" ({groups.get(group, group)})" if group else ""
            change = (_state(*before[1:]), _state(state, error))
            yield Event(_aware(begins), "state", f"{names[sku][0]}{by}", sku, *change)
        states[place] = (ends, state, error)
    for sku, spans in held.items():
        for begins, ends in _joined(spans):
            if begins > first_import:
                yield Event(_aware(begins), "gained", names[sku][0], sku)
            if ends is not None:
                yield Event(_aware(ends), "lost", names[sku][0], sku)


def _joined(spans: list[tuple[datetime, datetime | None]]) -> list[tuple[datetime, datetime | None]]:
    """Spans that touch or overlap, as one each."""
    whole: list[tuple[datetime, datetime | None]] = []
    for begins, ends in sorted(spans, key=lambda span: span[0]):
        if whole and (whole[-1][1] is None or whole[-1][1] >= begins):
            last = whole[-1]
            longer = None if last[1] is None or ends is None else max(last[1], ends)
            whole[-1] = (last[0], longer)
        else:
            whole.append((begins, ends))
    return whole


def _state(state: str | None, error: str | None) -> str:
    return f"{state or 'unknown'}: {error}" if error else state or "unknown"


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
