"""From an address to the costs that it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.http import Http404

from seatbeacon.beacon.savings.costs import KINDS, SPREADS, costs_of
from seatbeacon.beacon.settings import load_settings
from seatbeacon.optimization import UNASSIGNED

if TYPE_CHECKING:
    from django.http import QueryDict

    from seatbeacon.beacon.savings.costs import Per
    from seatbeacon.optimization import Chargeback, PartCost
    from seatbeacon.optimization.costs import By, Spread
    from seatbeacon.web.pages.details.frame import Frame


@dataclass(frozen=True)
class Opened:
    """Costs, and how they were asked for."""

    found: Chargeback
    by: By
    spread: Spread
    per: Per
    tenant: str

    @property
    def query(self) -> str:
        """What an address needs to ask for the same."""
        tenant = [("tenant", self.tenant)] if self.tenant else []
        return urlencode([*tenant, ("by", self.by), ("spread", self.spread), ("per", self.per)])

    def part_query(self, part: PartCost) -> str:
        """What an address needs to ask for one part."""
        if part.value is None or part.value == UNASSIGNED:
            return f"{self.query}&only={'none' if part.value is None else 'unassigned'}"
        return f"{self.query}&{urlencode({'value': part.value})}"


def open_costs(frame: Frame, parameters: QueryDict) -> Opened:
    """What `by`, `spread` and `per` ask for; what there is not counts as not said. Raises as `costs_of`."""
    by = cast("By", _one_of(parameters, "by", KINDS, "department"))
    spread = cast("Spread", _one_of(parameters, "spread", SPREADS, "seats"))
    per = cast("Per", _one_of(parameters, "per", ("month", "year"), "month"))
    found = costs_of(load_settings(), frame.chosen.version, by=by, spread=spread, per=per)
    return Opened(found, by, spread, per, frame.chosen.named)


def part_of(opened: Opened, parameters: QueryDict) -> PartCost:
    """The part that an address names; Http404 where nothing is charged to it."""
    only = parameters.get("only", "")
    value = {"none": None, "unassigned": UNASSIGNED}.get(only, parameters.get("value", ""))
    for part in opened.found.parts:
        if part.value == value:
            return part
    raise Http404


def _one_of(parameters: QueryDict, name: str, known: object, usual: str) -> str:
    given = parameters.get(name, usual)
    return given if given in known else usual  # type: ignore[operator] # a mapping or a tuple
