"""Chargeback: the parts add up to the total to the cent, whoever bears what nobody has."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, get_args

import pytest
from tests.integration.optimization.conftest import prices, sku_id

from seatbeacon.inventory.errors import InvalidQuery
from seatbeacon.optimization import UNASSIGNED, Inputs, chargeback, present, savings_by
from seatbeacon.optimization.costs import By, Spread

if TYPE_CHECKING:
    from tests.integration.optimization.conftest import Town

E3, M3 = "ENTERPRISEPACK", "SPE_E3"


def planted(town: Town) -> Inputs:
    """Three of Sales, one of IT, one of none; seven seats more than people."""
    for number, where in enumerate(("Sales", "Sales", "Sales", "IT", None)):
        town.person(f"{number}", E3, department=where, country="DE")
    town.person("more", M3, department="IT", country="FR")
    town.buy(E3, 12)
    return Inputs(prices=prices(ENTERPRISEPACK="23.33"))


def test_unassigned_seats_go_with_the_seats(town: Town) -> None:
    inputs = planted(town)
    told = chargeback(town.imported(), inputs)
    assert told.total == Decimal("279.96") == sum(part.cost for part in told.parts)
    assert told.unpriced == (M3,)
    assert [(part.value, part.seats, part.assigned_cost, part.unassigned_cost) for part in told.parts] == [
        ("Sales", 3, Decimal("69.99"), Decimal("97.99")),
        ("IT", 1, Decimal("23.33"), Decimal("32.66")),
        (None, 1, Decimal("23.33"), Decimal("32.66")),
    ]


def test_parts_add_up_however_they_are_told_and_spread(town: Town) -> None:
    inputs = planted(town)
    version = town.imported()
    for by, spread, per in product(get_args(By), get_args(Spread), ("month", "year")):
        told = chargeback(version, inputs, by=by, spread=spread, per=per)  # type: ignore[arg-type]
        lines = [each for part in told.parts for each in part.products]
        assert told.total == Decimal("279.96") * (12 if per == "year" else 1)
        assert sum(part.cost for part in told.parts) == told.total
        assert sum(each.assigned_cost + each.unassigned_cost for each in lines) == told.total
        assert (UNASSIGNED in {part.value for part in told.parts}) == (spread == "apart")


def test_a_column_that_costs_are_not_told_by_is_refused(town: Town) -> None:
    version = town.imported()
    with pytest.raises(InvalidQuery, match="There are: department"):
        chargeback(version, by="id; DROP TABLE users")  # type: ignore[arg-type]


def test_savings_by_any_column_add_up_and_decisions_can_be_looked_up(town: Town) -> None:
    inputs = planted(town)
    outcome = town.judge(inputs)
    assert outcome.file is not None
    for column in ("rule", "product_name", "department", "country", "category", "manager_id"):
        cuts = savings_by(outcome.file, column)
        assert sum(cut.yearly_saving for cut in cuts) == outcome.totals.yearly_saving
        assert sum(cut.seats for cut in cuts) == outcome.totals.seats
    there = ("id-0", sku_id(E3), "never-used")
    whole = ("", sku_id(E3), "unassigned")
    assert present(outcome.file, [there, whole, ("id-9", sku_id(E3), "never-used")]) == {there, whole}
