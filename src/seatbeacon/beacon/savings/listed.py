"""Recommendations with how they stand: what the rules find, and what people decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Sum

from seatbeacon.beacon.models import Decision, DecisionState
from seatbeacon.beacon.savings.decisions import Finding
from seatbeacon.inventory import query
from seatbeacon.inventory.filters import Filter
from seatbeacon.optimization import decided_file, with_decided

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from seatbeacon.inventory.listings import Listing
    from seatbeacon.optimization import Outcome, Stand

ACCEPTED = Filter("state", "=", (DecisionState.ACCEPTED.value, DecisionState.IN_WORK.value))
"""Of `recommendations_with_states`: what somebody is to act on."""

COUNTED = Filter("state", "!=", (DecisionState.DISMISSED.value, DecisionState.EXEMPTED.value))
"""What the totals hold."""

_FINDING = (
    "key", "display_name", "user_principal_name", "product_name", "rule_title", "seats", "monthly_saving",
    "yearly_saving", "currency",
)  # fmt: skip


def recommendations_with_states(outcome: Outcome) -> tuple[Path, Listing]:
    """The file and the listing to ask with `query` and `exports` for an outcome's recommendations, with the
    states as they are now. Raises `NoSpace` and `Unwritable`."""
    assert outcome.file is not None  # noqa: S101 - judged, not asked what if
    stamp = Decision.objects.filter(tenant_id=outcome.tenant_id).aggregate(
        count=Count("pk"), changes=Sum("revision"), last=Max("decided_at")
    )
    last = f"{stamp['last']:%Y%m%d%H%M%S%f}" if stamp["last"] else "never"
    name = f"{stamp['count']}-{stamp['changes'] or 0}-{last}"
    return outcome.file, with_decided(
        decided_file(outcome.file.parent, name, lambda: _stands(outcome.tenant_id))
    )


def findings(
    outcome: Outcome,
    *,
    keys: Sequence[str] = (),
    filters: Sequence[Filter] = (),
    search: str | None = None,
    limit: int | None = None,
) -> list[Finding]:
    """Recommendations to decide on: those with these keys, or those of filters and search. Raises
    `InvalidQuery` and `BadVersion`."""
    file, listing = recommendations_with_states(outcome)
    asked = [*filters, Filter("key", "=", tuple(keys))] if keys else filters
    rows = query.run(file, listing, filters=asked, search=search, columns=_FINDING, limit=limit).rows
    return [_finding(row) for row in rows]


def _finding(row: tuple[Any, ...]) -> Finding:
    key, name, principal, product, rule, seats, monthly, yearly, currency = row
    return Finding(
        key=key,
        user_name=name or principal or "",
        product_name=product or "",
        rule_title=rule or "",
        seats=seats or 0,
        monthly_saving=monthly,
        yearly_saving=yearly,
        currency=currency or "",
    )


def _stands(tenant_id: str) -> Iterator[Stand]:
    decisions = Decision.objects.filter(tenant_id=tenant_id).values_list(
        "key", "state", "reason", "decided_by", "decided_at", "until"
    )
    for key, state, reason, by, at, until in decisions.iterator(chunk_size=5_000):
        user, sku, rule = key.split("/", 2)
        day = until.isoformat() if until else None
        yield user, sku, rule, state, reason, by, at.replace(tzinfo=None).isoformat(), day
