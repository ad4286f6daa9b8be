"""How seats are used: active, inactive, never active, unassigned; a bar, and the numbers with their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Part:
    """A part of a bar: `style` names its colour; `left` and `width` are its place, of 100."""

    label: str
    style: str
    count: int
    address: str
    left: float
    width: float


@dataclass(frozen=True)
class Use:
    """The parts of all seats. `known` False: nobody told who is active, so the assigned are one part."""

    parts: tuple[Part, ...]
    whole: int
    known: bool


def use_bar(
    *,
    purchased: int,
    assigned: int,
    active: int | None,
    inactive: int | None,
    never: int | None,
    address: Callable[[str], str],
) -> Use:
    """The bar of `purchased` seats, or of `assigned` where those are more. `address` gives the rows of
    *active*, *inactive*, *never active*, or of all holders for an empty word."""
    whole = max(purchased, assigned)
    known = active is not None
    counted = (
        [
            ("Active", "active", active or 0, address("active")),
            ("Inactive", "inactive", inactive or 0, address("inactive")),
            ("Never active", "never", never or 0, address("never active")),
        ]
        if known
        else [("Assigned", "assigned", assigned, address(""))]
    )
    counted.append(("Unassigned", "rest", max(0, purchased - assigned), ""))
    parts, left = [], 0.0
    for label, style, count, rows in counted:
        width = 100 * count / whole if whole else 0.0
        parts.append(Part(label, style, count, rows, round(left, 3), round(width, 3)))
        left += width
    return Use(tuple(parts), whole, known)
