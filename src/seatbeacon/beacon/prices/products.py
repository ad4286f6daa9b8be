"""The products that a price can be for: those of the tenants, and all that the catalog knows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from seatbeacon.beacon.catalog import catalog_copy
from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.models import InventoryVersion
from seatbeacon.inventory.catalog import read_products
from seatbeacon.inventory.errors import InventoryError
from seatbeacon.inventory.query import run as query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings

_COLUMNS = ("sku_id", "sku_part_number", "product_name", "purchased", "assigned")


@dataclass(frozen=True)
class KnownProduct:
    """`sku_id` in lower case. `seats`: bought or assigned in all tenants, whichever is more; 0: in none."""

    sku_id: str
    part_number: str
    name: str
    seats: int = 0


def known_products(settings: Settings) -> dict[str, KnownProduct]:
    """By sku id: what the catalog knows, and what the tenants hold under the names that they have there."""
    own = catalog_copy(settings)
    products = {sku: KnownProduct(sku, part, name) for sku, part, name in _catalog(own, _stamp(own))}
    for held in _held(settings):
        before = products.get(held.sku_id)
        seats = held.seats + (before.seats if before else 0)
        products[held.sku_id] = KnownProduct(held.sku_id, held.part_number, held.name, seats)
    return products


def find_product(products: dict[str, KnownProduct], text: str) -> KnownProduct | None:
    """The product that `text` names: by its id, its part number or its name, whatever the case.

    None where there is none, or several: a part number or a name may be of two products.
    """
    wanted = " ".join(text.split()).casefold()
    if wanted in products:
        return products[wanted]
    found = [one for one in products.values() if wanted in {one.part_number.casefold(), one.name.casefold()}]
    in_use = [one for one in found if one.seats]
    chosen = in_use or found
    return chosen[0] if len(chosen) == 1 else None


def product_of(products: Mapping[str, KnownProduct], sku_id: str) -> KnownProduct:
    """The product of an id in lower case; one that nobody knows any more is called by its id."""
    return products.get(sku_id) or KnownProduct(sku_id, "", sku_id)


def _held(settings: Settings) -> Iterable[KnownProduct]:
    for version in InventoryVersion.objects.filter(current=True):
        yield from _of_version(version_path(settings, version))


@lru_cache(maxsize=256)
def _of_version(path: Path) -> tuple[KnownProduct, ...]:
    """A version never changes, so it is read once; one that cannot be read tells nothing."""
    try:
        rows: Any = query(path, "licenses", columns=_COLUMNS).rows
        return tuple(
            KnownProduct(str(sku).lower(), part, name, max(purchased or 0, assigned or 0))
            for sku, part, name, purchased, assigned in rows
        )
    except InventoryError:
        return ()


def _stamp(path: Path) -> float:
    return path.stat().st_mtime if path.is_file() else 0.0


@lru_cache(maxsize=4)
def _catalog(own: Path, stamp: float) -> tuple[tuple[str, str, str], ...]:
    shipped = files("seatbeacon.inventory.catalog").joinpath("products.csv")
    with as_file(shipped) as path:
        products = read_products(own if stamp else path)
    return tuple((one.sku_id.lower(), one.part_number, one.name) for one in products.values())
