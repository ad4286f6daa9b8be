"""What each department, country, company or manager costs in a tenant's published inventory."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.savings.evaluate import inputs_of
from seatbeacon.optimization import UNASSIGNED, Chargeback, PartCost, chargeback

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.models import InventoryVersion
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.optimization import Inputs
    from seatbeacon.optimization.costs import By, Spread

Per = Literal["month", "year"]

KINDS: dict[By, tuple[str, str, str]] = {
    "department": ("Department", "departments", "department"),
    "country": ("Country", "countries", "country"),
    "company_name": ("Company", "companies", "companyName"),
    "cost_center": ("Cost center", "cost centers", "employeeOrgData/costCenter"),
    "office_location": ("Office", "offices", "officeLocation"),
    "usage_location": ("Usage location", "usage locations", "usageLocation"),
    "manager_id": ("Manager", "managers", "manager"),
}
"""What costs are told by: for one, for several, and the field of a user in Microsoft Graph that says it."""
SPREADS: dict[Spread, str] = {
    "seats": "with the seats that each has of the product",
    "users": "by the number of users",
    "evenly": "evenly",
    "apart": "kept apart",
}
"""Who bears seats that nobody has, in words."""
_KEPT = 8
"""Answers kept in memory: by manager, one may have some hundred thousand lines."""


@dataclass(frozen=True)
class _Question:
    """What an answer depends on; `inputs` go by their digest."""

    file: Path
    version: int
    digest: str
    by: By
    spread: Spread
    per: Per
    inputs: Inputs = field(compare=False)


def costs_of(
    settings: Settings, version: InventoryVersion, *, by: By, spread: Spread = "seats", per: Per = "month"
) -> Chargeback:
    """What each part pays, by the prices that people typed in. The answer is shared: nobody may change it.

    Raises `InvalidQuery` for a column or a spread that there is not, `OptimizationError`s and `BadVersion`.
    """
    inputs = inputs_of(settings, version)
    question = _Question(
        version_path(settings, version), version.pk, inputs.digest(), by, spread, per, inputs
    )
    return _answer(question)


@lru_cache(maxsize=_KEPT)
def _answer(question: _Question) -> Chargeback:
    return chargeback(
        question.file, question.inputs, by=question.by, spread=question.spread, per=question.per
    )


def called(part: PartCost, by: By) -> str:
    """What people call a part."""
    if part.value == UNASSIGNED:
        return "Seats that nobody has"
    if part.value is None:
        return f"No {KINDS[by][0].lower()}"
    return part.name or part.value
