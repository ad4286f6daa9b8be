"""The product catalog: what Microsoft calls its products, and the service plans in them.

`products.csv` comes from Microsoft's table (see NOTICE at the root of the project); `build` makes it,
`update` takes an administrator's newer download.
"""

from __future__ import annotations

from seatbeacon.inventory.catalog.build import Product, read_products, write_products
from seatbeacon.inventory.catalog.update import CatalogChange, update_catalog

__all__ = ["CatalogChange", "Product", "read_products", "update_catalog", "write_products"]
