"""Reports that people hand on: costs of all parts of an organisation, or of one, with what it could save."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.savings.costs import KINDS, SPREADS, called
from seatbeacon.beacon.savings.evaluate import price_book, recommendations_of, up_to_date
from seatbeacon.beacon.savings.listed import SAVES, STANDS, recommendations_with_states
from seatbeacon.documents import Column, Document, Table
from seatbeacon.inventory import query
from seatbeacon.inventory.filters import Filter
from seatbeacon.optimization import RECOMMENDATIONS, UNASSIGNED, OptimizationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from seatbeacon.beacon.models import InventoryVersion
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.inventory.listings import Listing
    from seatbeacon.optimization import Chargeback, PartCost, ProductCost, SeatPrice
    from seatbeacon.optimization.costs import Spread

MOST = 100_000
"""Licenses and recommendations that a report of one part holds at most; the lists' own exports hold all."""
_MONEY = (
    Column("assigned_cost", "Seats in use", "money"),
    Column("unassigned_cost", "Seats nobody has", "money"),
    Column("cost", "Cost", "money"),
)

_PRODUCT = (
    Column("product_name", "Product", weight=4),
    Column("sku_part_number", "Part number", weight=0),
    Column("seats", "Seats", "number", 1),
    *_MONEY,
)


@dataclass(frozen=True)
class Source:
    """Whose inventory a report is of. `results` is the file of what the rules found in it with its listing,
    None where the rules could not be judged; `prices` are those of a seat, by sku id."""

    tenant: str
    imported_at: datetime
    file: Path
    results: tuple[Path, Listing] | None
    prices: Mapping[str, SeatPrice]


def source_of(
    settings: Settings, version: InventoryVersion, imported_at: datetime, *, at_once: bool = False
) -> Source:
    """What reports of a version are made from; costs are told where the rules cannot be judged, too.

    Raises `BeingReckoned` where it is asked for `at_once` and a worker judges just now.
    """
    try:
        outcome = up_to_date(recommendations_of(settings, version, at_once=at_once))
        results = recommendations_with_states(outcome)
    except OptimizationError:
        results = None
    prices = price_book().seat_prices(tenant_id=version.tenant_id, on=imported_at.date())
    file = version_path(settings, version)
    return Source(version.tenant.display_name, imported_at, file, results, prices)


def costs_document(source: Source, found: Chargeback, spread: Spread) -> Document:
    """What every part pays, and for which products."""
    one, several, field = KINDS[found.by]
    head = Column(found.by, one, weight=4)
    return Document(
        title=f"Costs by {one.lower()}",
        lead=f"{source.tenant} · a {found.per}, in {found.currency}",
        facts=(
            ("Total", _money(found.total, found.currency)),
            ("Told by", f"{one}: the field {field} of users"),
            ("Seats that nobody has", SPREADS[spread]),
            ("Data of", f"{source.imported_at:%Y-%m-%d %H:%M} UTC"),
        ),
        notes=_unpriced(found),
        tables=(
            Table(
                "parts",
                several.capitalize(),
                (
                    head,
                    *_identity(found),
                    Column("users", "Users", "number", 1),
                    Column("seats", "Seats", "number", 1),
                    *_MONEY,
                ),
                [
                    (
                        called(part, found.by),
                        *_id_of(found, part),
                        part.users,
                        part.seats,
                        part.assigned_cost,
                        part.unassigned_cost,
                        part.cost,
                    )
                    for part in found.parts
                ],
                sums=(
                    "Total",
                    *([None] * len(_identity(found))),
                    sum(part.users for part in found.parts),
                    sum(part.seats for part in found.parts),
                    sum((part.assigned_cost for part in found.parts), Decimal(0)),
                    sum((part.unassigned_cost for part in found.parts), Decimal(0)),
                    found.total,
                ),
            ),
            Table(
                "products",
                f"{several.capitalize()} and products",
                (
                    head,
                    *_identity(found),
                    *_PRODUCT,
                ),
                [
                    (called(part, found.by), *_id_of(found, part), *_cells(each))
                    for part in found.parts
                    for each in part.products
                ],
            ),
        ),
        foot=f"Seatbeacon · {source.tenant} · data of {source.imported_at:%Y-%m-%d}",
    )


def part_document(source: Source, found: Chargeback, part: PartCost, spread: Spread) -> Document:
    """What one part pays: by product, the licenses that its people hold, and what could be saved there."""
    one, _, field = KINDS[found.by]
    name = called(part, found.by)
    saved = _recommended(source, found, part)
    savings = sum((row[4] for row in saved if isinstance(row[4], Decimal)), Decimal(0))
    facts = [
        ("Cost", _money(part.cost, found.currency)),
        (
            "Share of the total",
            f"{part.cost / found.total:.1%} of {_money(found.total, found.currency)}" if found.total else "—",
        ),
        ("Users", _count(part.users)),
        ("Seats in use", _count(part.seats)),
        ("Could be saved", f"{_money(savings, found.currency)} a year"),
        ("Told by", f"{one}: the field {field} of users"),
        ("Seats that nobody has", SPREADS[spread]),
        ("Data of", f"{source.imported_at:%Y-%m-%d %H:%M} UTC"),
    ]
    held = _held(source, found, part)
    cut = (f"A report holds {MOST:,} licenses at most; there are more.",) if len(held) == MOST else ()
    return Document(
        title=name,
        lead=f"{source.tenant} · a {found.per}, in {found.currency}",
        facts=tuple(facts),
        notes=(*_unpriced(found), *cut),
        tables=(
            Table(
                "products",
                "Products",
                _PRODUCT,
                [_cells(each) for each in part.products],
                sums=("Total", None, part.seats, part.assigned_cost, part.unassigned_cost, part.cost),
            ),
            Table("licenses", "Licenses", _LICENSES, held),
            Table(
                "recommendations",
                "What could be saved",
                _SAVINGS,
                saved,
                note="Found by the rules in the last import, without what was dismissed, exempted or "
                "done; saved from the day on which the term ends.",
            ),
        ),
        foot=f"Seatbeacon · {source.tenant} · {name} · data of {source.imported_at:%Y-%m-%d}",
    )


_LICENSES = (
    Column("display_name", "Name", weight=3),
    Column("user_principal_name", "User principal name", weight=4),
    Column("product_name", "Product", weight=4),
    Column("last_activity_date", "Last activity", "date", 2),
    Column("cost", "Cost", "money", 2),
)
_SAVINGS = (
    Column("display_name", "Name", weight=3),
    Column("user_principal_name", "User principal name", weight=0),
    Column("product_name", "Product", weight=4),
    Column("rule_title", "Why", weight=4),
    Column("yearly_saving", "Saved a year", "money", 2),
    Column("realisable_on", "From", "date", 2),
)


def filters_of(found: Chargeback, part: PartCost) -> list[Filter]:
    """The filter of users, holders and recommendations that a part's people are found by."""
    return [Filter(found.by, "=", part.value)]


def _held(source: Source, found: Chargeback, part: PartCost) -> list[Sequence[object]]:
    if part.value == UNASSIGNED:
        return []
    keys = ["display_name", "user_principal_name", "product_name", "last_activity_date", "sku_id"]
    rows = query.run(
        source.file,
        "holders",
        filters=filters_of(found, part),
        columns=keys,
        sort=["display_name"],
        limit=MOST,
    ).rows
    prices = {
        sku: price.monthly if found.per == "month" else price.yearly for sku, price in source.prices.items()
    }
    return [(*row[:4], prices.get(str(row[4]))) for row in rows]


def _recommended(source: Source, found: Chargeback, part: PartCost) -> list[Sequence[object]]:
    known = RECOMMENDATIONS.column(found.by) is not None
    if source.results is None or not known or part.value == UNASSIGNED:
        return []
    rows = query.run(
        *source.results,
        # What is of no user, such as seats that nobody has, is of no part either.
        filters=[*filters_of(found, part), Filter("user_id", "!=", None), STANDS, SAVES],
        columns=[column.key for column in _SAVINGS],
        limit=MOST,
    ).rows
    return list(rows)


def _identity(found: Chargeback) -> tuple[Column, ...]:
    """Where people call a part by a name, its id stands in a column of its own, in files."""
    return (Column("id", "Manager id", weight=0),) if found.by == "manager_id" else ()


def _id_of(found: Chargeback, part: PartCost) -> tuple[object, ...]:
    return (part.value if part.value != UNASSIGNED else None,) if found.by == "manager_id" else ()


def _cells(each: ProductCost) -> tuple[object, ...]:
    cost = each.assigned_cost + each.unassigned_cost
    return (each.product_name, each.part_number, each.seats, each.assigned_cost, each.unassigned_cost, cost)


def _unpriced(found: Chargeback) -> tuple[str, ...]:
    if not found.unpriced:
        return ()
    count = len(found.unpriced)
    words = "1 product has" if count == 1 else f"{count} products have"
    return (f"{words} no price, and no part in these costs: {', '.join(sorted(found.unpriced))}.",)


def _money(amount: Decimal, currency: str) -> str:
    return f"{amount:,.2f} {currency}".replace(",", "\u00a0")


def _count(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")
