"""How recommendations stand, as the list shows it: chips, ticks, and sums by state."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.html import escape

from seatbeacon.beacon.models import DecisionState
from seatbeacon.beacon.savings.listed import COUNTED
from seatbeacon.inventory import query
from seatbeacon.inventory.filters import Filter
from seatbeacon.web.pages.inventory.cells import badge, day
from seatbeacon.web.pages.inventory.drawing import by_role
from seatbeacon.web.pages.inventory.hints import Hint, Presentation

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.inventory.listings import Listing
    from seatbeacon.web.pages.inventory.hints import Row
    from seatbeacon.web.pages.inventory.sight import Sight

COLOURS = {
    "open": "secondary",
    "accepted": "blue",
    "in work": "yellow",
    "done": "green",
    "dismissed": "secondary",
    "exempted": "secondary",
}
LABELS = dict(DecisionState.choices)
_SAVING = Filter("category", "=", ("remove", "replace", "reclaim"))


@dataclass(frozen=True)
class Sums:
    """What those recommendations come to that count: neither dismissed nor exempted. A seat counts once."""

    recommendations: int
    seats: int
    monthly: Decimal
    yearly: Decimal
    by_state: dict[str, Decimal]


def sums_of(file: Path, listing: Listing) -> Sums:
    """The sums over all that was found. Raises `BadVersion`."""
    saving = query.group(file, listing, "state", filters=[COUNTED, _SAVING])
    return Sums(
        query.count(file, listing, filters=[COUNTED]),
        sum(int(one.sums["seats"] or 0) for one in saving),
        sum((Decimal(one.sums["monthly_saving"] or 0) for one in saving), Decimal(0)),
        sum((Decimal(one.sums["yearly_saving"] or 0) for one in saving), Decimal(0)),
        {str(one.value): Decimal(one.sums["yearly_saving"] or 0) for one in saving},
    )


def presentation(*, may_decide: bool) -> Presentation:
    """How the list is drawn; with a box to tick before each name for who may decide."""
    named = by_role("user", "user_id")
    assert named.draw is not None  # noqa: S101 - a role's hint draws
    drawn = named.draw

    def ticked(value: Any, row: Row, sight: Sight) -> str:
        words = escape(f"Choose {row['display_name'] or 'what is of no user'}, {row['product_name']}")
        return (
            f'<div class="d-flex gap-2"><input class="form-check-input" type="checkbox" form="decide" '
            f'name="key" value="{escape(row["key"])}" aria-label="{words}">'
            f"<span>{drawn(value, row, sight)}</span></div>"
        )

    name = Hint(ticked, ("user_id", "key", "product_name", "display_name")) if may_decide else named
    return Presentation(
        icon="wand",
        hints={"display_name": name, "state": Hint(_state, ("reason", "decided_by", "until"), "sb-wide")},
    )


def _state(value: Any, row: Row, sight: Sight) -> str:  # noqa: ARG001 - a Draw
    state = str(value)
    words = badge(LABELS.get(state, state), COLOURS.get(state, "secondary"))
    if row["until"] is not None:
        words += f" until {day(row['until'])}"
    if row["decided_by"]:
        words += (
            f'<div class="text-secondary sb-long">by <bdi dir="auto">{escape(row["decided_by"])}</bdi></div>'
        )
    if row["reason"]:
        words += f'<div class="sb-long"><bdi dir="auto">{escape(row["reason"])}</bdi></div>'
    return words
