"""What an evaluation of the rules answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime  # noqa: TC003 - outcomes are read back by their annotations
from decimal import Decimal  # noqa: TC003 - as above
from pathlib import Path  # noqa: TC003 - as above
from typing import Literal

Told = Literal["evaluated", "in part", "cannot tell", "off"]


@dataclass(frozen=True)
class RuleStatus:
    """Whether a rule could be judged: *in part* where some products or services could not; *cannot tell*
    where nothing could. `reasons` are sentences that say why, with what to do."""

    rule: str
    told: Told
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleTotal:
    """What one rule found: recommendations, seats, and what they save (None where no price is known).

    `unpriced` counts the recommendations that would save something, and have no price to say how much.
    """

    rule: str
    recommendations: int
    seats: int
    monthly_saving: Decimal | None
    yearly_saving: Decimal | None
    unpriced: int


@dataclass(frozen=True)
class Totals:
    """The sum over all rules; a seat counts once, so that the parts add up by any cut."""

    recommendations: int
    seats: int
    monthly_saving: Decimal
    yearly_saving: Decimal
    by_rule: tuple[RuleTotal, ...]


@dataclass(frozen=True)
class Outcome:
    """An evaluation. `file` is the results file, which `query.run(file, RECOMMENDATIONS, …)` lists; None for
    a what-if. `unpriced_products` are sku ids that are paid for, held or bought, and have no price;
    `unrated_currencies` those of prices without a rate. `behind`: it is of an earlier version, or of what was
    set before, and told until the newer one is there."""

    file: Path | None
    tenant_id: str
    imported_at: datetime
    judged_on: date
    currency: str
    statuses: tuple[RuleStatus, ...]
    totals: Totals
    unpriced_products: tuple[str, ...]
    unrated_currencies: tuple[str, ...]
    behind: bool = False
