"""What products give: service plans and capabilities as bit masks, less what is switched off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from seatbeacon.inventory.applications import applications
from seatbeacon.optimization.families import Capability, Families, matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MARKET = re.compile(r"_(GOV|GCC|GCCHIGH|DOD|USGOV_GCCHIGH|USGOV_DOD|AR_GCCHIGH|AR_DOD|EDU|FACULTY|STUDENT)$")
"""What the name of a plan ends with in other markets: ladders are written without."""
Plan = tuple[str, str, bool]
"""GUID, name in upper case, and whether it is for the company as a whole and not for users."""


@dataclass(frozen=True)
class Given:
    """What one license gives: `wanted` are its own plans that somebody may miss; `gives` those and the rungs
    of ladders below them; `capabilities` as places in the families; `names` of its plans."""

    wanted: int
    gives: int
    capabilities: int
    names: tuple[str, ...]


class Plans:
    """The plans of the products in question, numbered.

    `products`: sku id → its plans. A product without plans gives nothing that is known.
    """

    def __init__(self, products: Mapping[str, Iterable[Plan]], families: Families) -> None:
        self.families = families
        self._plans = {sku: tuple(plans) for sku, plans in products.items()}
        self._names: dict[str, str] = {}
        company: set[str] = set()
        for plans in self._plans.values():
            for plan_id, name, is_company in plans:
                self._names.setdefault(plan_id, name)
                if is_company:
                    company.add(plan_id)
        self._ignored = company | {
            plan_id for plan_id, name in self._names.items() if matches(name, families.ignored)
        }
        self.bits = {plan_id: 1 << place for place, plan_id in enumerate(self._names)}
        self._known: dict[tuple[str, frozenset[str]], Given] = {}

    def given(self, sku: str, disabled: Iterable[str] = ()) -> Given:
        """What a license of a product gives where these plans (GUIDs) are switched off."""
        key = (sku, frozenset(disabled))
        if key not in self._known:
            on = [plan_id for plan_id, _name, _company in self._plans.get(sku, ()) if plan_id not in key[1]]
            wanted = gives = capabilities = 0
            for plan_id in on:
                gives |= self._closures[plan_id]
                wanted |= 0 if plan_id in self._ignored else self.bits[plan_id]
                capabilities |= self._capabilities[plan_id]
            self._known[key] = Given(
                wanted, gives, capabilities, tuple(sorted(self._names[each] for each in on))
            )
        return self._known[key]

    def applications(self, sku: str, disabled: Iterable[str] = ()) -> frozenset[str]:
        """The applications that a license gives and that a report tells of."""
        off = set(disabled)
        found: set[str] = set()
        for plan_id, _name, _company in self._plans.get(sku, ()):
            if plan_id not in off:
                found |= self._applications[plan_id]
        return frozenset(found)

    def names(self, mask: int) -> list[str]:
        """The names of the plans in a mask, in order."""
        return sorted({self._names[plan_id] for plan_id, bit in self.bits.items() if mask & bit})

    def titles(self, capabilities: int) -> list[str]:
        """The titles of the capabilities in a mask."""
        return [
            each.title for place, each in enumerate(self.families.capabilities) if capabilities >> place & 1
        ]

    def lost(self, before: Iterable[Given], after: Iterable[Given]) -> list[str]:
        """What a change takes away, in words: capabilities first, then plans that belong to none."""
        had_plans = had = left_plans = left = 0
        for each in before:
            had_plans |= each.wanted
            had |= each.capabilities
        for each in after:
            left_plans |= each.gives
            left |= each.capabilities
        gone = had_plans & ~left_plans
        loose = [
            self._names[plan_id]
            for plan_id, bit in self.bits.items()
            if gone & bit and not self._capabilities[plan_id]
        ]
        return [*self.titles(had & ~left), *sorted(set(loose))]

    @cached_property
    def _closures(self) -> dict[str, int]:
        by_name: dict[str, int] = {}
        for plan_id, name in self._names.items():
            by_name[name] = by_name.get(name, 0) | self.bits[plan_id]
        closures = dict(by_name)
        for ladder in self.families.ladders:
            below = 0
            for rung in ladder:
                here = [name for name in by_name if matches(_MARKET.sub("", name), rung)]
                for name in here:
                    below |= by_name[name]
                for name in here:
                    closures[name] |= below
        return {plan_id: closures[name] for plan_id, name in self._names.items()}

    @cached_property
    def _capabilities(self) -> dict[str, int]:
        def mask(name: str) -> int:
            return sum(
                1 << place
                for place, each in enumerate(self.families.capabilities)
                if matches(name, each.plans) and not matches(name, each.excluded)
            )

        return {plan_id: mask(name) for plan_id, name in self._names.items()}

    @cached_property
    def _applications(self) -> dict[str, frozenset[str]]:
        told = [each for each in applications() if each.reports]
        return {
            plan_id: frozenset(
                each.name for each in told if matches(name, each.plans) and not matches(name, each.excluded)
            )
            for plan_id, name in self._names.items()
        }


def mask_of(capabilities: Iterable[Capability], families: Families) -> int:
    """The mask of some of the families' capabilities."""
    chosen = {each.title for each in capabilities}
    return sum(1 << place for place, each in enumerate(families.capabilities) if each.title in chosen)
