"""Recommendations with how they stand: what the rules find, and what people decided."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Sum

from seatbeacon.beacon.models import Decision, DecisionState
from seatbeacon.beacon.savings.decisions import Finding
from seatbeacon.beacon.savings.places import results_folder
from seatbeacon.inventory import query
from seatbeacon.inventory.filters import Filter
from seatbeacon.optimization import SAVING, decided_file, with_decided, with_decisions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.inventory.listings import Listing
    from seatbeacon.optimization import Outcome, Stand

ACCEPTED = Filter("state", "=", (DecisionState.ACCEPTED.value, DecisionState.IN_WORK.value))
"""Of `recommendations_with_states`: what somebody is to act on."""

COUNTED = Filter("state", "!=", (DecisionState.DISMISSED.value, DecisionState.EXEMPTED.value))
"""What the totals hold."""

STANDS = Filter(
    "state", "=", (DecisionState.OPEN.value, DecisionState.ACCEPTED.value, DecisionState.IN_WORK.value)
)
"""What is still to be done."""

SAVES = Filter("category", "=", SAVING)
"""What saves something; the rest is to be looked at."""

NOTHING_DECIDED = "0-0-never"
"""The stamp of a tenant of whose recommendations nobody decided anything."""

_FINDING = (
    "key", "display_name", "user_principal_name", "product_name", "rule_title", "seats", "monthly_saving",
    "yearly_saving", "currency", "realisable_on",
)  # fmt: skip


def recommendations_with_states(outcome: Outcome) -> tuple[Path, Listing]:
    """The file and the listing to ask with `query` and `exports` for an outcome's recommendations, with the
    states as they are now. Raises `NoSpace` and `Unwritable`."""
    assert outcome.file is not None  # noqa: S101 - judged, not asked what if
    return outcome.file, with_decided(_decided(outcome.file.parent, outcome.tenant_id))


def stamps(*tenant_ids: str) -> dict[str, str]:
    """For each of these tenants, or of all, that has decisions: a word that differs where they do."""
    found = Decision.objects.filter(tenant_id__in=tenant_ids) if tenant_ids else Decision.objects.all()
    rows = found.order_by().values_list("tenant_id")
    return {
        tenant: f"{count}-{changes}-{last:%Y%m%d%H%M%S%f}"
        for tenant, count, changes, last in rows.annotate(Count("pk"), Sum("revision"), Max("decided_at"))
    }


def stamp_of(tenant_id: str) -> str:
    """The stamp of one tenant."""
    return stamps(tenant_id).get(tenant_id, NOTHING_DECIDED)


def decisions_listing(settings: Settings, tenant_id: str) -> Listing:
    """The listing of what was decided in a tenant, as of now, over any DuckDB file. Raises `NoSpace` and
    `Unwritable`."""
    file = _decided(results_folder(settings, tenant_id), tenant_id)
    return with_decisions(file, datetime.now(UTC).date())


def _decided(folder: Path, tenant_id: str) -> Path:
    return decided_file(folder, stamp_of(tenant_id), lambda: _stands(tenant_id))


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
    key, name, principal, product, rule, seats, monthly, yearly, currency, realisable = row
    return Finding(
        key=key,
        user_name=name or principal or "",
        product_name=product or "",
        rule_title=rule or "",
        seats=seats or 0,
        monthly_saving=monthly,
        yearly_saving=yearly,
        currency=currency or "",
        realisable_on=realisable,
    )


def _stands(tenant_id: str) -> Iterator[Stand]:
    decisions = Decision.objects.filter(tenant_id=tenant_id).values_list(
        "key", "state", "reason", "decided_by", "decided_at", "until", "user_name", "product_name",
        "rule_title", "seats", "monthly_saving", "yearly_saving", "currency", "realisable_on", "confirmed_at",
        "import_no",
    )  # fmt: skip
    for key, *rest in decisions.iterator(chunk_size=5_000):
        yield *key.split("/", 2), *map(_text, rest)


def _text(value: object) -> str | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat()
    return None if value is None else str(value)
