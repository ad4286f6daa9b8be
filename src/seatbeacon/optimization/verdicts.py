"""What is to be done with the products that a user holds together: overlap, surplus, cheaper covers.

Users hold one of few sets of products, so each case is judged once, however many users are in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from seatbeacon.optimization.covers import Item, cheapest, redundant, shares
from seatbeacon.optimization.families import matches
from seatbeacon.optimization.plans import mask_of
from seatbeacon.optimization.prices import FOURTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from seatbeacon.optimization.facts import Product, SetItem, Subject
    from seatbeacon.optimization.plans import Given
    from seatbeacon.optimization.prices import SeatPrice
    from seatbeacon.optimization.ruleset import SetRule

_SCALE = int(1 / FOURTH)
_COVERED_ROLES = ("suite", "component")


@dataclass(frozen=True)
class Case:
    """A set of products, and what of it is left to judge: bits of places in the set. `needs` are capabilities
    that the user is seen to use, or that cannot be told."""

    set_no: int
    remaining: int
    allowed: int
    needs: int


@dataclass(frozen=True)
class Verdict:
    """One seat of a case that can go: what it saves in ten-thousandths of a year and of a month (None
    without a price), what comes instead, what gives the same already, and what is lost, in words."""

    item: SetItem
    yearly: int | None
    monthly: int | None
    replacement: tuple[str, ...] = ()
    given_by: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A product that something may be replaced by. `owned`: the tenant has it."""

    sku_id: str
    part_number: str
    line: str
    segment: str
    rank: int
    owned: bool
    yearly: int | None
    monthly: int | None


@dataclass
class Judge:
    """Judges cases. `prices` by sku id; `candidates` are all products that may replace others."""

    subject: Subject
    prices: Mapping[str, SeatPrice]
    candidates: Sequence[Candidate]
    _covers: dict[object, tuple[int, ...] | None] = field(default_factory=dict)

    def judge(self, rule: SetRule, case: Case) -> list[Verdict]:
        """The seats of a case that a rule finds."""
        left = [item for item in self.subject.sets[case.set_no] if case.remaining >> item.place & 1]
        match rule.rule.method:
            case "overlap":
                return self._overlap(left, case.allowed)
            case "surplus":
                return self._surplus(left, case.allowed)
            case "bases":
                return self._bases(self.subject.sets[case.set_no], left, case.allowed)
            case "consolidate":
                return self._consolidate(left, case.allowed)
            case _:
                return self._cover(rule, left, case)

    def _overlap(self, left: list[SetItem], allowed: int) -> list[Verdict]:
        given = [self._given(item) for item in left]
        items = [
            Item(item.sku_id, each.gives, each.wanted, self._yearly(item.sku_id))
            for item, each in zip(left, given, strict=True)
        ]
        # The lower ranked first, so that of two that cost the same the higher one stays.
        order = sorted(range(len(left)), key=lambda place: (-self._rank(left[place]), left[place].sku_id))
        gone = {
            order[place]
            for place in redundant(
                [items[place] for place in order], [bool(allowed >> left[place].place & 1) for place in order]
            )
        }
        kept = [place for place in range(len(left)) if place not in gone]
        return [
            Verdict(
                left[place],
                self._yearly(left[place].sku_id),
                self._monthly(left[place].sku_id),
                given_by=tuple(
                    self._part(left[other]) for other in kept if given[other].gives & given[place].wanted
                ),
            )
            for place in sorted(gone)
        ]

    def _surplus(self, left: list[SetItem], allowed: int) -> list[Verdict]:
        suites = [
            item for item in left if self._product(item).family.role == "suite" and self._product(item).paid
        ]
        if len(suites) < 2:
            return []
        best = max(suites, key=lambda item: (self._rank(item), self._yearly(item.sku_id) or 0, item.sku_id))
        rest = [self._given(item) for item in left if item not in suites]
        return [
            Verdict(
                item,
                self._yearly(item.sku_id),
                self._monthly(item.sku_id),
                given_by=(self._part(best),),
                lost=tuple(self.subject.plans.lost([self._given(item)], [self._given(best), *rest])),
            )
            for item in suites
            if item is not best and allowed >> item.place & 1
        ]

    def _bases(self, held: Sequence[SetItem], left: list[SetItem], allowed: int) -> list[Verdict]:
        found = []
        for item in left:
            bases = self._product(item).family.bases
            if bases is None or not allowed >> item.place & 1:
                continue
            others = [other for other in held if other is not item]
            if any(
                self._product(other).family.id in bases.families
                or any(matches(name, bases.plans) for name in self._given(other).names)
                for other in others
            ):
                continue
            found.append(Verdict(item, self._yearly(item.sku_id), self._monthly(item.sku_id)))
        return found

    def _cover(self, rule: SetRule, left: list[SetItem], case: Case) -> list[Verdict]:
        replaced, kept = self._split(left, case.allowed)
        if not replaced:
            return []
        had = self._capabilities(replaced)
        needs = case.needs & had
        if rule.rule.unseen != "not needed":
            needs |= had & self._always
        if rule.rule.unseen == "kept":
            needs |= had & self._to_confirm
        needs &= ~self._capabilities(kept)
        if not needs:
            return []
        chosen = self._cheapest("capabilities", needs, replaced)
        return self._verdicts(replaced, kept, chosen) if chosen else []

    def _consolidate(self, left: list[SetItem], allowed: int) -> list[Verdict]:
        replaced, kept = self._split(left, allowed)
        if len(replaced) < 2 or any(self._yearly(item.sku_id) is None for item in replaced):
            return []
        needs = 0
        for item in replaced:
            needs |= self._given(item).wanted
        for item in kept:
            needs &= ~self._given(item).gives
        chosen = self._cheapest("gives", needs, replaced) if needs else None
        if not chosen or len(chosen) >= len(replaced):
            return []
        return self._verdicts(replaced, kept, chosen)

    def _split(self, left: list[SetItem], allowed: int) -> tuple[list[SetItem], list[SetItem]]:
        """Those that something else may give, and those that stay as they are."""
        replaced = [
            item
            for item in left
            if allowed >> item.place & 1
            and self._product(item).family.role in _COVERED_ROLES
            and self._product(item).paid
            and self._given(item).wanted
        ]
        return replaced, [item for item in left if item not in replaced]

    def _cheapest(self, what: str, needs: int, replaced: list[SetItem]) -> tuple[Candidate, ...] | None:
        """The cheapest candidates that give what is needed, if they cost less than what is held; by price,
        or by rank among owned products where a price of what is held is missing."""
        priced = all(self._yearly(item.sku_id) is not None for item in replaced)
        before = sum(self._cost(item, priced=priced) for item in replaced)
        leading = max(
            replaced, key=lambda item: (self._product(item).family.role == "suite", self._rank(item))
        )
        line, segment = self._product(leading).family.line, self._product(leading).segment
        # Of what is held and stays, plans that are switched off stay so.
        held = {item.sku_id: item for item in replaced}
        key = (
            what,
            needs,
            line,
            segment,
            priced,
            before,
            *((item.sku_id, item.disabled) for item in replaced),
        )
        if key not in self._covers:
            pool = [
                place
                for place, each in enumerate(self.candidates)
                if each.segment == segment
                and each.line in (line, "any")
                and (each.yearly is not None if priced else each.owned)
            ]
            items = [
                Item(
                    self.candidates[place].sku_id,
                    self._offers(self.candidates[place], held.get(self.candidates[place].sku_id), what),
                    0,
                    self.candidates[place].yearly if priced else self.candidates[place].rank * _SCALE,
                )
                for place in pool
            ]
            answer = cheapest(needs, items, below=before)
            self._covers[key] = tuple(pool[place] for place in answer[1]) if answer else None
        chosen = self._covers[key]
        return tuple(self.candidates[place] for place in chosen) if chosen else None

    def _offers(self, candidate: Candidate, held: SetItem | None, what: str) -> int:
        given = self._given(held) if held else self.subject.plans.given(candidate.sku_id)
        return given.capabilities if what == "capabilities" else given.gives

    def _verdicts(
        self, replaced: list[SetItem], kept: list[SetItem], chosen: tuple[Candidate, ...]
    ) -> list[Verdict]:
        stay = {each.sku_id for each in chosen}
        gone = [item for item in replaced if item.sku_id not in stay]
        if not gone:
            return []
        held = {item.sku_id for item in replaced}
        new = [each for each in chosen if each.sku_id not in held]
        yearly = self._saved(
            gone, [each.yearly for each in new], [self._yearly(item.sku_id) for item in gone]
        )
        monthly = self._saved(
            gone, [each.monthly for each in new], [self._monthly(item.sku_id) for item in gone]
        )
        plans = self.subject.plans
        staying = [self._given(item) for item in (*kept, *(each for each in replaced if each.sku_id in stay))]
        after = [plans.given(each.sku_id) for each in new]
        lost = tuple(plans.lost([self._given(item) for item in gone], [*after, *staying]))
        return [
            Verdict(
                item, yearly[place], monthly[place], tuple(each.part_number for each in new), lost=lost,
                given_by=() if new else tuple(self._part(each) for each in replaced if each.sku_id in stay),
            )
            for place, item in enumerate(gone)
        ]  # fmt: skip

    @staticmethod
    def _saved(gone: list[SetItem], new: list[int | None], prices: list[int | None]) -> Sequence[int | None]:
        """What each seat that goes saves: its price less its share of what comes instead."""
        known = [price for price in prices if price is not None]
        fresh = [price for price in new if price is not None]
        if len(known) < len(gone) or len(fresh) < len(new):
            return [None] * len(gone)
        return shares(sum(known) - sum(fresh), known)

    def _given(self, item: SetItem) -> Given:
        return self.subject.plans.given(item.sku_id, item.disabled)

    def _product(self, item: SetItem) -> Product:
        return self.subject.products[item.sku_id]

    def _part(self, item: SetItem) -> str:
        return self._product(item).part_number

    def _rank(self, item: SetItem) -> int:
        return self._product(item).family.rank

    def _cost(self, item: SetItem, *, priced: bool) -> int:
        return (self._yearly(item.sku_id) or 0) if priced else self._rank(item) * _SCALE

    def _yearly(self, sku: str) -> int | None:
        return int(self.prices[sku].yearly * _SCALE) if sku in self.prices else None

    def _monthly(self, sku: str) -> int | None:
        return int(self.prices[sku].monthly * _SCALE) if sku in self.prices else None

    def _capabilities(self, items: Iterable[SetItem]) -> int:
        found = 0
        for item in items:
            found |= self._given(item).capabilities
        return found

    @cached_property
    def _always(self) -> int:
        families = self.subject.families
        return mask_of((each for each in families.capabilities if each.unseen == "keep"), families)

    @cached_property
    def _to_confirm(self) -> int:
        families = self.subject.families
        return mask_of((each for each in families.capabilities if each.unseen == "confirm"), families)


def candidates(
    subject: Subject, prices: Mapping[str, SeatPrice], names: Mapping[str, str]
) -> tuple[Candidate, ...]:
    """Products that something may be replaced by: suites and components, with a price or owned; never
    trials. `names` are the part numbers of products that are not owned. In a fixed order."""
    found = []
    for sku in sorted({*subject.products, *prices}):
        product = subject.products.get(sku)
        part = product.part_number if product else names.get(sku)
        if part is None:
            continue
        family = subject.families.family_of(part)
        if family.role not in _COVERED_ROLES or not subject.plans.given(sku).wanted:
            continue
        if product is not None and not product.paid and not family.free:
            continue
        price = prices.get(sku)
        nothing = 0 if family.free and product is not None else None
        found.append(
            Candidate(
                sku, part, family.line, subject.families.segment_of(part), family.rank, product is not None,
                int(price.yearly * _SCALE) if price else nothing,
                int(price.monthly * _SCALE) if price else nothing,
            )
        )  # fmt: skip
    return tuple(found)
