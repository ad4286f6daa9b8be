"""What could be saved in a tenant, kept beside its evaluation, so that many tenants are told at once."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seatbeacon.optimization import Cut, Outcome


def sums_of(outcome: Outcome, cuts: Sequence[Cut], decisions: str) -> dict[str, Any]:
    """The fields of a `Reckoning` that sum up `cuts`, which are of an outcome with the decisions of a
    stamp."""
    return {
        "decisions": decisions,
        "recommendations": sum(cut.recommendations for cut in cuts),
        "seats": sum(cut.seats for cut in cuts),
        "monthly": sum((cut.monthly_saving for cut in cuts), Decimal(0)),
        "yearly": sum((cut.yearly_saving for cut in cuts), Decimal(0)),
        "unpriced": sum(cut.unpriced for cut in cuts),
        "currency": outcome.currency,
    }
