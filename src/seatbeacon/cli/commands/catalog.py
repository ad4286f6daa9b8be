"""`seatbeacon catalog`: what Microsoft calls its products."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
from pathlib import Path

import click

from seatbeacon.cli.lazy import Group
from seatbeacon.cli.output.rows import format_option, print_rows


@click.group(cls=Group)
def catalog() -> None:
    """The product catalog: names and service plans of Microsoft's products."""


@catalog.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def update(file: Path) -> None:
    """Use the catalog in FILE from now on: Microsoft's CSV of product names and service plan identifiers.

    The next import names licenses by it.
    """
    from seatbeacon.beacon.catalog import catalog_copy
    from seatbeacon.beacon.settings import load_settings
    from seatbeacon.inventory.catalog import update_catalog

    change = update_catalog(file, catalog_copy(load_settings()))
    click.echo(
        f"The catalog has {change.total:,} products now: {change.added:,} new, {change.changed:,} changed, "
        f"{change.dropped:,} gone."
    )


@catalog.command()
@format_option()
def show(format_: str) -> None:
    """Show the products of the catalog in use."""
    from seatbeacon.beacon.catalog import catalog_copy
    from seatbeacon.beacon.settings import load_settings
    from seatbeacon.inventory.catalog.update import load_catalog

    products = load_catalog(catalog_copy(load_settings()))
    rows = [
        (product.sku_id, product.part_number, product.name, len(product.plans))
        for product in sorted(products.values(), key=lambda product: product.part_number)
    ]
    print_rows(
        format_,
        ("sku_id", "sku_part_number", "product_name", "service_plans"),
        rows,
        ("SKU ID", "Part number", "Product", "Service plans"),
    )
