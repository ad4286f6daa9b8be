"""What each department, country or company costs; unassigned seats spread by a chosen key.

The parts add up to the total to the cent: what does not divide goes to the largest remainders.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from seatbeacon.inventory import engine
from seatbeacon.inventory.errors import InvalidQuery
from seatbeacon.optimization.covers import shares
from seatbeacon.optimization.facts import attach, read_subject, statements
from seatbeacon.optimization.families import load_families
from seatbeacon.optimization.inputs import Inputs
from seatbeacon.optimization.keeping import MEMORY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seatbeacon.optimization.facts import Product

By = Literal[
    "department",
    "country",
    "company_name",
    "cost_center",
    "usage_location",
    "office_location",
    "manager_id",
]
"""What costs are told by: columns of users."""
Spread = Literal["seats", "users", "evenly", "apart"]
"""Who bears unassigned seats: holders of the product's seats; everybody by the number of users; all parts
alike; or nobody: a part of its own."""
UNASSIGNED = "\0unassigned"
"""The value of the part that bears unassigned seats where they are kept apart."""
_CENT = Decimal("0.01")
_CENTS = 100


@dataclass(frozen=True)
class ProductCost:
    """What a part pays for one product: its seats, and its share of those that nobody has."""

    sku_id: str
    part_number: str
    product_name: str
    seats: int
    assigned_cost: Decimal
    unassigned_cost: Decimal


@dataclass(frozen=True)
class PartCost:
    """What one part pays. `value` None: users without one; `UNASSIGNED`: see `Spread`. `name` is what people
    call it where that is something else: a manager's name."""

    value: str | None
    name: str | None
    users: int
    seats: int
    assigned_cost: Decimal
    unassigned_cost: Decimal
    products: tuple[ProductCost, ...]

    @property
    def cost(self) -> Decimal:
        """All that it pays."""
        return self.assigned_cost + self.unassigned_cost


@dataclass(frozen=True)
class Chargeback:
    """Costs of a month or a year; `parts` add up to `total`, the dearest first. `unpriced` are part numbers
    of products that are held or bought, paid for, and have no price."""

    by: By
    per: Literal["month", "year"]
    currency: str
    total: Decimal
    parts: tuple[PartCost, ...]
    unpriced: tuple[str, ...]


def chargeback(
    version_file: Path,
    inputs: Inputs | None = None,
    *,
    by: By = "department",
    spread: Spread = "seats",
    per: Literal["month", "year"] = "month",
) -> Chargeback:
    """What each part of the organisation costs, by the prices of `inputs`.

    A product costs its price times the seats bought, or assigned where those are more. Raises as `recommend`
    does, and `InvalidQuery` for a column or a spread that there is not.
    """
    inputs = inputs or Inputs()
    for what, given, known in (("column", by, get_args(By)), ("spread", spread, get_args(Spread))):
        if given not in known:
            raise InvalidQuery(
                f"Costs are not told by the {what} {given!r}.", f"There are: {', '.join(known)}."
            )
    with engine.reading(version_file):
        pass  # a version that cannot be opened is told in its own words
    families = load_families(inputs.product_folders)
    with closing(
        engine.open_for_writing(Path(":memory:"), memory_limit=MEMORY, scratch=version_file.parent)
    ) as connection:
        attach(connection, version_file, "inv")
        subject = read_subject(connection, families, inputs)
        sql = statements(connection, "chargeback")
        held: dict[str, dict[str | None, int]] = defaultdict(dict)
        for value, sku, seats in sql.rows("held", {"column": by}):
            held[sku][value] = seats
        called = "any_value(manager_name)" if by == "manager_id" else "NULL"
        told = sql.rows("users", {"column": by, "called": called})
    users = {value: count for value, _, count in told}
    names = {value: name for value, name, _ in told}
    on = inputs.on or subject.evidence.imported_on
    prices = inputs.prices.seat_prices(tenant_id=subject.tenant_id, on=on)
    lines: dict[str | None, list[ProductCost]] = defaultdict(list)
    unpriced = []
    for sku, product in subject.products.items():
        if sku not in prices:
            if product.paid and (product.purchased or product.assigned):
                unpriced.append(product.part_number)
            continue
        price = prices[sku].monthly if per == "month" else prices[sku].yearly
        for value, line in _product_lines(product, price, held[sku], users, spread).items():
            lines[value].append(line)
    parts = [_part(value, names.get(value), users.get(value, 0), found) for value, found in lines.items()]
    return Chargeback(
        by,
        per,
        inputs.prices.currency,
        sum((part.cost for part in parts), Decimal(0)),
        tuple(
            sorted(parts, key=lambda part: (-part.cost, part.value is None, part.name or part.value or ""))
        ),
        tuple(unpriced),
    )


def _product_lines(
    product: Product,
    price: Decimal,
    held: Mapping[str | None, int],
    users: Mapping[str | None, int],
    spread: Spread,
) -> dict[str | None, ProductCost]:
    """A product's cost by part."""
    spare = max(0, product.purchased - product.assigned)
    assigned = _split(price * sum(held.values()), list(held), list(held.values()))
    bearers, weights = _bearers(held, users, spread)
    unassigned = _split(price * spare, bearers, weights)
    return {
        value: ProductCost(
            product.sku_id, product.part_number, product.name, held.get(value, 0),
            assigned.get(value, Decimal(0)), unassigned.get(value, Decimal(0)),
        )
        for value in dict.fromkeys([*held, *unassigned])
    }  # fmt: skip


def _bearers(
    held: Mapping[str | None, int], users: Mapping[str | None, int], spread: Spread
) -> tuple[list[str | None], list[int]]:
    if spread == "apart" or not users:
        return [UNASSIGNED], [1]
    if spread == "seats" and held:
        return list(held), list(held.values())
    if spread == "evenly":
        return list(users), [1] * len(users)
    return list(users), list(users.values())  # by users, also for a product that nobody has a seat of


def _split(
    amount: Decimal, values: Sequence[str | None], weights: Sequence[int]
) -> dict[str | None, Decimal]:
    """An amount in whole cents, split so that the parts add up; nothing where there is nothing to split."""
    cents = int((amount / _CENT).quantize(Decimal(1), ROUND_HALF_EVEN))
    if not cents:
        return {}
    return {
        value: Decimal(part) / _CENTS
        for value, part in zip(values, shares(cents, weights), strict=True)
        if part
    }


def _part(value: str | None, name: str | None, users: int, products: list[ProductCost]) -> PartCost:
    return PartCost(
        value,
        name,
        users,
        sum(each.seats for each in products),
        sum((each.assigned_cost for each in products), Decimal(0)),
        sum((each.unassigned_cost for each in products), Decimal(0)),
        tuple(sorted(products, key=lambda each: (-each.assigned_cost - each.unassigned_cost, each.sku_id))),
    )
