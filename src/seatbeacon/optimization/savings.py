"""Sums over a results file, and which recommendations still stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal  # noqa: TC003 - part of what is answered
from typing import TYPE_CHECKING

from seatbeacon.inventory import engine
from seatbeacon.inventory.errors import InvalidQuery
from seatbeacon.optimization.facts import as_json, statements
from seatbeacon.optimization.listing import RECOMMENDATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from seatbeacon.inventory.listings import Listing

SAVING = ("remove", "replace", "reclaim")
"""The categories of rules whose recommendations save something."""
_CALLED = {"manager_id": "any_value(manager_name)", "rule": "any_value(rule_title)"}
Key = tuple[str, str, str]
"""User id (empty for what is of no user), sku id, rule: what a decision hangs on, within a tenant."""


@dataclass(frozen=True)
class Cut:
    """What those recommendations save that share a value; `unpriced` of them have no price to say how much.
    `name` is what people call the value where that is something else: a manager's name, a rule's title."""

    value: str | None
    name: str | None
    recommendations: int
    seats: int
    monthly_saving: Decimal
    yearly_saving: Decimal
    unpriced: int


def savings_by(results: Path, column: str, listing: Listing = RECOMMENDATIONS) -> list[Cut]:
    """Savings by a groupable column of the listing (rule, category, product_name, department, country,
    company_name, manager_id …), the largest first. The cuts add up to the totals, whatever the column. A
    `listing` with decisions (`decided.with_decided`) leaves out what was dismissed or exempted.

    Raises `InvalidQuery` for another column, and `BadVersion`.
    """
    allowed = [each.key for each in listing.columns if each.type == "text" and not each.sql]
    if column not in allowed:
        raise InvalidQuery(f"Savings are not told by {column!r}.", f"There are: {', '.join(allowed)}.")
    called, source = _CALLED.get(column, "NULL"), listing.from_clause("d.told_state")
    with engine.reading(results) as connection:
        sql = statements(connection, "savings")
        return [Cut(*row) for row in sql.rows("by", {"column": column, "called": called, "source": source})]


def present(results: Path, keys: Iterable[Key]) -> set[Key]:
    """Which of these recommendations a results file holds: the others are done, or were never there."""
    asked = list(keys)
    if not asked:
        return set()
    with engine.reading(results) as connection:
        rows = statements(connection, "savings").rows("present", keys=as_json(asked))
    return {(user or "", sku, rule) for user, sku, rule in rows}
