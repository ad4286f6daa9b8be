"""Take an administrator's newer download of Microsoft's table."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from seatbeacon.inventory.catalog.build import Product, read_microsoft, read_products, write_products
from seatbeacon.inventory.errors import Unwritable

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class CatalogChange:
    """What a newer table brings against the one in use: counts of products."""

    total: int
    added: int
    changed: int
    dropped: int


def load_catalog(home_copy: Path | None) -> dict[str, Product]:
    """The catalog in use, by GUID: the administrator's copy where there is one, else the one that ships."""
    if home_copy is not None and home_copy.exists():
        return read_products(home_copy)
    with as_file(files("seatbeacon.inventory").joinpath("catalog", "products.csv")) as shipped:
        return read_products(shipped)


def update_catalog(file: Path, home_copy: Path) -> CatalogChange:
    """Replace `home_copy` by the catalog in `file`, Microsoft's CSV as downloaded; answers what is new.

    Raises `BadCatalog` for anything else, and then changes nothing; `Unwritable` where `home_copy` cannot be
    written.
    """
    products = read_microsoft(file)
    before = load_catalog(home_copy)
    part = home_copy.with_name(f"{home_copy.name}.partial")
    try:
        home_copy.parent.mkdir(parents=True, exist_ok=True)
        write_products(products, part)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(home_copy)
    except OSError as error:
        raise Unwritable(
            f"{home_copy} cannot be written: {error.strerror}.", "Check the folder and its rights."
        ) from error
    return CatalogChange(
        total=len(products),
        added=len(products.keys() - before.keys()),
        changed=sum(1 for sku, product in products.items() if sku in before and before[sku] != product),
        dropped=len(before.keys() - products.keys()),
    )
