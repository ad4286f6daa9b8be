"""From an address to the recommendations that it asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from seatbeacon.beacon.savings.evaluate import recommendations_of
from seatbeacon.beacon.savings.listed import COUNTED, recommendations_with_states
from seatbeacon.beacon.settings import load_settings
from seatbeacon.inventory.filters import Filter

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import QueryDict

    from seatbeacon.inventory.listings import Listing
    from seatbeacon.optimization import Outcome
    from seatbeacon.web.pages.details.frame import Frame

NARROWED = (
    "state",
    "rule",
    "product_name",
    "department",
    "action",
    "category",
    "country",
    "company_name",
    "manager_id",
)
"""The columns that an address may narrow by; an empty value means rows without one."""


@dataclass(frozen=True)
class Opened:
    """What was found, and what of it is asked for. `narrowed` are pairs of column and value."""

    outcome: Outcome
    file: Path
    listing: Listing
    narrowed: tuple[tuple[str, str], ...]
    search: str
    page: int
    tenant: str

    @property
    def filters(self) -> list[Filter]:
        """The filters of the address: what was dismissed or exempted is shown where it is asked for."""
        return self.filters_but("")

    def filters_but(self, column: str) -> list[Filter]:
        """The filters of the address without those on a column."""
        asked = [Filter(key, "=", _wanted(key, value)) for key, value in self.narrowed if key != column]
        told = column == "state" or any(key == "state" for key, _ in self.narrowed)
        return asked if told else [*asked, COUNTED]

    def narrow(self, key: str, value: str) -> str:
        """The address that asks for those with `value` in the column `key` only."""
        others = tuple(pair for pair in self.narrowed if pair[0] != key)
        return replace(self, narrowed=(*others, (key, value))).address()

    def address(self, *, page: int = 1, without: str = "") -> str:
        """The address, or that of another page, or without one of what it is narrowed by."""
        kept = {key: value for key, value in self.narrowed if key != without}
        pairs = [("tenant", self.tenant)] if self.tenant else []
        pairs += list(kept.items())
        pairs += [("q", self.search)] if self.search else []
        pairs += [("page", str(page))] if page > 1 else []
        return f"?{urlencode(pairs)}"


def _wanted(key: str, value: str) -> str | tuple[str | None, ...] | None:
    """The values that are asked for: several categories at once, one of anything else."""
    return tuple(value.split("|")) if key == "category" and "|" in value else value or None


def open_recommendations(frame: Frame, parameters: QueryDict) -> Opened:
    """Judge the inventory where it is not judged yet. Raises `OptimizationError` and `InventoryError`s."""
    outcome = recommendations_of(load_settings(), frame.chosen.version)
    file, listing = recommendations_with_states(outcome)
    page = parameters.get("page", "1")
    return Opened(
        outcome,
        file,
        listing,
        tuple((key, str(parameters[key])[:500]) for key in NARROWED if key in parameters),
        " ".join(parameters.get("q", "").replace("\x00", "").split())[:200],
        int(page) if page.isascii() and page.isdecimal() and 0 < len(page) < 8 else 1,
        frame.chosen.named,
    )
