"""What could be saved, cut by a column of the recommendations, or by tenant over all of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from seatbeacon.beacon.errors import BeaconError
from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.models import InventoryVersion, Reckoning
from seatbeacon.beacon.savings.evaluate import inputs_of, price_book, recommendations_of, up_to_date
from seatbeacon.beacon.savings.listed import (
    NOTHING_DECIDED,
    recommendations_with_states,
    stamp_of,
    stamps,
)
from seatbeacon.beacon.savings.totals import sums_of
from seatbeacon.documents import Column, Document, Table
from seatbeacon.inventory.errors import InventoryError
from seatbeacon.optimization import OptimizationError, results_name, savings_by

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.optimization import Cut, PriceBook

KINDS = {
    "rule": "Rule",
    "product_name": "Product",
    "department": "Department",
    "country": "Country",
    "company_name": "Company",
    "cost_center": "Cost center",
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
    behind: bool = False
    """A worker judges what changed since, and this is of before."""

    @property
    def total(self) -> Line:
        """All lines added up."""
        return _summed(None, "Total", self.lines)


def savings_cut(
    settings: Settings, version: InventoryVersion, by: str, *, at_once: bool = False
) -> SavingsCut:
    """Cut what could be saved in a version by one of `KINDS`; `tenant` is over all published ones.

    `at_once` as `recommendations_of` has it. Raises `OptimizationError` and `InventoryError`s, and
    `BeingReckoned`; for `tenant` they are told in `silent`.
    """
    if by == "tenant":
        return _by_tenant(settings, at_once=at_once)
    outcome = recommendations_of(settings, version, at_once=at_once)
    file, listing = recommendations_with_states(outcome)
    lines = [
        Line(
            cut.value, cut.name or cut.value or f"No {KINDS[by].lower()}", cut.recommendations, cut.seats,
            cut.monthly_saving, cut.yearly_saving, cut.unpriced,
        )
        for cut in savings_by(file, by, listing)
    ]  # fmt: skip
    return SavingsCut(by, outcome.currency, tuple(lines), behind=outcome.behind)


def _by_tenant(settings: Settings, *, at_once: bool) -> SavingsCut:
    lines, silent = [], []
    kept, decided, prices = {one.tenant_id: one for one in Reckoning.objects.all()}, stamps(), price_book()
    for version in InventoryVersion.objects.filter(current=True).select_related("tenant"):
        tenant = version.tenant
        try:
            one = kept.get(tenant.pk)
            stamp = decided.get(tenant.pk, NOTHING_DECIDED)
            if one is None or not _holds(settings, version, one, stamp, prices):
                one = _reckoned(settings, version, at_once=at_once)
        except (OptimizationError, InventoryError, BeaconError) as error:
            silent.append(f"{tenant.display_name}: {error}")
            continue
        lines.append(
            Line(
                tenant.pk, tenant.display_name, one.recommendations, one.seats, one.monthly, one.yearly,
                one.unpriced,
            )
        )  # fmt: skip
    lines.sort(key=lambda line: (-line.yearly_saving, line.name))
    return SavingsCut("tenant", prices.currency, tuple(lines), tuple(silent))


def _holds(
    settings: Settings, version: InventoryVersion, kept: Reckoning, stamp: str, prices: PriceBook
) -> bool:
    """Whether kept sums are of this version, of the inputs and of the decisions of now."""
    if (kept.version, kept.decisions) != (version.pk, stamp):
        return False
    try:
        name = results_name(version_path(settings, version), inputs_of(settings, version, prices))
    except OSError:
        return False  # the evaluation says in its own words what is wrong with the file
    return kept.results == name


def _reckoned(settings: Settings, version: InventoryVersion, *, at_once: bool) -> Reckoning:
    """The sums of a tenant anew; kept where its evaluation is settled."""
    outcome = up_to_date(recommendations_of(settings, version, at_once=at_once))
    stamp = stamp_of(version.tenant_id)
    file, listing = recommendations_with_states(outcome)
    sums = sums_of(outcome, savings_by(file, "category", listing), stamp)
    Reckoning.objects.filter(tenant_id=version.tenant_id, version=version.pk, results=file.name).update(
        **sums
    )
    return Reckoning(tenant_id=version.tenant_id, **sums)


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
