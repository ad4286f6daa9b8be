"""From Microsoft's table of products to ours: cleaned, one line per product, keyed by its GUID."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatbeacon.inventory.errors import BadCatalog

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

HEADER = ("Product_Display_Name", "String_Id", "GUID", "Service_Plan_Name", "Service_Plan_Id")
"""The columns of Microsoft's table that we use; `Service_Plans_Included_Friendly_Names` is its sixth."""
OURS = ("sku_id", "sku_part_number", "product_name", "plans")
WHERE = (
    'A right one is the CSV named "Product names and service plan identifiers for licensing" from '
    "https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference; it begins with "
    f"{','.join(HEADER)}."
)
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_FEWEST = 100  # products; Microsoft's table has over 600, so fewer is a piece of it


@dataclass(frozen=True)
class Product:
    """A product: its GUID in lower case, part number, display name, and its service plans as (name, GUID)."""

    sku_id: str
    part_number: str
    name: str
    plans: tuple[tuple[str, str], ...]


def read_microsoft(path: Path) -> dict[str, Product]:
    """Read Microsoft's table; answers products by GUID. Raises `BadCatalog` where it is something else.

    Its quirks (Microsoft's table of 2026-07): BOM, CRLF, non-breaking and trailing spaces, pairs listed
    twice, one part number for two products. Where a product goes by two names, the one that begins with
    *Microsoft* counts, since that is the way its products are renamed; else the one further down.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if rows.fieldnames is None or not set(HEADER) <= {_clean(name) for name in rows.fieldnames}:
                raise BadCatalog(
                    f"{path} is not Microsoft's table of products: its header is another.", WHERE
                )
            rows.fieldnames = [_clean(name) for name in rows.fieldnames]
            products = _gather(path, rows)
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadCatalog(f"{path} is not a CSV file in UTF-8: {error}.", WHERE) from error
    except OSError as error:
        raise BadCatalog(f"{path} cannot be read: {error.strerror}.", WHERE) from error
    if len(products) < _FEWEST:
        raise BadCatalog(
            f"{path} names only {len(products)} products; Microsoft's table has hundreds.", WHERE
        )
    return products


def _gather(path: Path, rows: Iterable[dict[str, str | None]]) -> dict[str, Product]:
    names: dict[str, tuple[str, str]] = {}
    plans: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows, start=2):
        name, part, sku, plan_name, plan = (_clean(row.get(column)) for column in HEADER)
        sku, plan = sku.lower(), plan.lower()
        if not _GUID.fullmatch(sku):
            if not any((name, part, sku, plan_name, plan)):
                continue
            raise BadCatalog(f"Line {number} of {path} has no product GUID, but {sku!r}.", WHERE)
        before = names.get(sku)
        if before is None or name.startswith("Microsoft") or not before[1].startswith("Microsoft"):
            names[sku] = (part, name)
        if _GUID.fullmatch(plan):
            plans.setdefault(sku, {}).setdefault(plan, re.sub(r"[|:]", " ", plan_name))
    return {
        sku: Product(
            sku, part, name, tuple(sorted((title, plan) for plan, title in plans.get(sku, {}).items()))
        )
        for sku, (part, name) in sorted(names.items())
    }


def _clean(text: str | None) -> str:
    return " ".join((text or "").replace("\xa0", " ").split())


def write_products(products: dict[str, Product], path: Path) -> None:
    """Write our form of the catalog, `name:guid` of each plan behind one another."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(OURS)
        for product in products.values():
            plans = "|".join(f"{name}:{plan}" for name, plan in product.plans)
            writer.writerow((product.sku_id, product.part_number, product.name, plans))


def read_products(path: Path) -> dict[str, Product]:
    """Read our form of the catalog back. Raises `BadCatalog` where it is damaged."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return {
            row["sku_id"]: Product(
                row["sku_id"], row["sku_part_number"], row["product_name"], _plans(row["plans"])
            )
            for row in rows
        }
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, AttributeError) as error:
        raise BadCatalog(f"The catalog {path} is damaged: {error}.", "Update it again.") from error


def _plans(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (pair.rpartition(":") for pair in text.split("|") if pair)
    return tuple((name, plan) for name, _colon, plan in pairs)
