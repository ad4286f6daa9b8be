"""What could be saved, cut by a column of the recommendations, or by tenant over all of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from seatbeacon.beacon.errors import BeaconError
from seatbeacon.beacon.models import InventoryVersion
from seatbeacon.beacon.savings.evaluate import recommendations_of
from seatbeacon.beacon.savings.listed import recommendations_with_states
from seatbeacon.documents import Column, Document, Table
from seatbeacon.inventory.errors import InventoryError
from seatbeacon.optimization import OptimizationError, savings_by

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.optimization import Cut

KINDS = {
    "rule": "Rule",
    "product_name": "Product",
    "department": "Department",
    "country": "Country",
    "company_name": "Company",
    "manager_id": "Manager",
    "tenant": "Tenant",
}
"""What savings are cut by, in words."""


@dataclass(frozen=True)
class Line:
    """What is saved under one value, or in one tenant. `value` None: what has none."""

    value: str | None
    name: str
    recommendations: int
    seats: int
    monthly_saving: Decimal
    yearly_saving: Decimal
    unpriced: int


@dataclass(frozen=True)
class SavingsCut:
    """The lines of a cut, the largest first; `silent` are sentences on tenants that could not be judged."""

    by: str
    currency: str
    lines: tuple[Line, ...]
    silent: tuple[str, ...] = ()

    @property
    def total(self) -> Line:
        """All lines added up."""
        return _summed(None, "Total", self.lines)


def savings_cut(settings: Settings, version: InventoryVersion, by: str) -> SavingsCut:
    """Cut what could be saved in a version by one of `KINDS`; `tenant` is over all published ones.

    Raises `OptimizationError` and `InventoryError`s; for `tenant` they are told in `silent`.
    """
    if by == "tenant":
        return _by_tenant(settings)
    outcome = recommendations_of(settings, version)
    file, listing = recommendations_with_states(outcome)
    lines = [
        Line(
            cut.value, cut.name or cut.value or f"No {KINDS[by].lower()}", cut.recommendations, cut.seats,
            cut.monthly_saving, cut.yearly_saving, cut.unpriced,
        )
        for cut in savings_by(file, by, listing)
    ]  # fmt: skip
    return SavingsCut(by, outcome.currency, tuple(lines))


def _by_tenant(settings: Settings) -> SavingsCut:
    lines, silent, currency = [], [], ""
    for version in InventoryVersion.objects.filter(current=True).select_related("tenant"):
        tenant = version.tenant
        try:
            outcome = recommendations_of(settings, version)
            file, listing = recommendations_with_states(outcome)
            cuts = savings_by(file, "category", listing)
        except (OptimizationError, InventoryError, BeaconError) as error:
            silent.append(f"{tenant.display_name}: {error}")
            continue
        currency = outcome.currency
        lines.append(_summed(tenant.pk, tenant.display_name, cuts))
    lines.sort(key=lambda line: (-line.yearly_saving, line.name))
    return SavingsCut("tenant", currency, tuple(lines), tuple(silent))


def savings_document(found: SavingsCut, tenant: str, imported_at: datetime) -> Document:
    """A cut as a report."""
    one = KINDS[found.by]
    whose = "All tenants" if found.by == "tenant" else f"{tenant} · data of {imported_at:%Y-%m-%d %H:%M} UTC"
    columns = (
        Column(found.by, one, weight=4),
        Column("id", f"{one} id", weight=0),
        Column("recommendations", "Found", "number", 1),
        Column("seats", "Seats", "number", 1),
        Column("monthly_saving", "Saved a month", "money"),
        Column("yearly_saving", "Saved a year", "money"),
        Column("unpriced", "Without a price", "number", 1),
    )
    rows = [_cells(line) for line in found.lines]
    return Document(
        title=f"Savings by {one.lower()}",
        lead=f"{whose} · in {found.currency}",
        facts=(),
        notes=found.silent,
        tables=(Table("savings", "Savings", columns, rows, _cells(found.total)),),
        foot=f"Seatbeacon · {whose}",
    )


def _summed(value: str | None, name: str, lines: Sequence[Cut | Line]) -> Line:
    return Line(
        value,
        name,
        sum(line.recommendations for line in lines),
        sum(line.seats for line in lines),
        sum((line.monthly_saving for line in lines), Decimal(0)),
        sum((line.yearly_saving for line in lines), Decimal(0)),
        sum(line.unpriced for line in lines),
    )


def _cells(line: Line) -> tuple[object, ...]:
    return (
        line.name, line.value, line.recommendations, line.seats, line.monthly_saving, line.yearly_saving,
        line.unpriced,
    )  # fmt: skip
