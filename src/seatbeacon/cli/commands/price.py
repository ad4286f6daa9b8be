"""`seatbeacon price`: what licenses cost, by what people say; Microsoft tells no price."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seatbeacon.cli.actor import command_line
from seatbeacon.cli.lazy import Group
from seatbeacon.cli.output.rows import format_option, print_rows
from seatbeacon.inventory.neutral import neutral_line

if TYPE_CHECKING:
    from decimal import Decimal

    from seatbeacon.beacon.prices.products import KnownProduct
    from seatbeacon.beacon.prices.sheet import Sheet

TOLD = 20
"""Rows of a sheet that cannot be taken, told one by one."""


@click.group(cls=Group)
def price() -> None:
    """Prices: what a seat of each product costs. None is invented, so none is there at first."""


@price.command(name="list")
@format_option()
def list_(format_: str) -> None:
    """List the prices, those of a product together."""
    products = _products()
    from seatbeacon.beacon.models import ProductPrice
    from seatbeacon.beacon.prices.products import product_of

    rows = [
        (one.sku_id, known.part_number, known.name, _written(one.amount), one.currency, one.per,
         one.valid_from, one.valid_to, str(one.tenant) if one.tenant else None, one.note)
        for one in ProductPrice.objects.select_related("tenant").order_by("sku_id", "tenant", "valid_from")
        for known in [product_of(products, one.sku_id)]
    ]  # fmt: skip
    keys = (
        "sku_id", "sku_part_number", "product_name", "amount", "currency", "per", "valid_from", "valid_to",
        "tenant", "note",
    )  # fmt: skip
    print_rows(
        format_,
        keys if format_ != "table" else keys[1:],
        rows if format_ != "table" else [row[1:] for row in rows],
        ("Part number", "Product", "Price", "Currency", "Per", "Valid from", "Valid to", "Tenant", "Note"),
    )
    if not rows:
        click.echo("There is no price yet. Take those of a sheet: seatbeacon price import FILE", err=True)


@price.command()
@format_option()
def missing(format_: str) -> None:
    """List the products with seats and no price today, those with most seats first."""
    products = _products()
    from seatbeacon.beacon.prices.missing import products_without_price

    found = products_without_price(products)
    print_rows(
        format_,
        ("sku_id", "sku_part_number", "product_name", "seats"),
        [(one.sku_id, one.part_number, one.name, one.seats) for one in found],
        ("SKU ID", "Part number", "Product", "Seats"),
    )
    if not found:
        click.echo("Every product with seats has a price today.", err=True)


@price.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell what would be taken, and change nothing.")
@click.option("--leave-out-bad", is_flag=True, help="Take the good rows where others cannot be taken.")
def import_(*, file: Path, dry_run: bool, leave_out_bad: bool) -> int:
    """Take the prices of FILE, a CSV or Excel sheet whose first row names its columns.

    Columns: product (id, part number or name) and price; also currency, per (month or year), valid from,
    valid to, tenant, note. All rows are taken or, where one cannot be, none. A price for the same product,
    tenant and first day is replaced.
    """
    products = _products()
    from seatbeacon.beacon.prices.services import save_prices
    from seatbeacon.beacon.prices.sheet import MOST_BYTES, read_sheet

    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise click.ClickException(neutral_line(f"{file} cannot be read: {error.strerror}.")) from None
    sheet = read_sheet(file.name, content, products)
    _tell_what_is_wrong(sheet)
    if sheet.bad and not leave_out_bad:
        message = (
            f"{len(sheet.bad)} of {_rows(len(sheet.rows))} cannot be taken, so none was. Mend what is wrong, "
            "or take the others with --leave-out-bad"
        )
        raise click.ClickException(message)
    left = f" Left out: {_rows(len(sheet.bad))}." if sheet.bad else ""
    if dry_run:
        replaced = sum(row.replaces for row in sheet.rows)
        new = len(sheet.good) - replaced
        click.echo(f"New prices: {new:,}; replaced: {replaced:,}. Nothing was changed.{left}")
        return 0
    added, replaced = save_prices(sheet.good, actor=command_line())
    click.echo(f"New prices: {added:,}; replaced: {replaced:,}.{left}")
    return 0


def _products() -> dict[str, KnownProduct]:
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.prices.products import known_products

    return known_products(settings)


def _written(amount: Decimal) -> str:
    """With two decimals, or as many as it has."""
    cents = round(amount, 2)
    return f"{cents:f}" if cents == amount else f"{amount.normalize():f}"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _tell_what_is_wrong(sheet: Sheet) -> None:
    if sheet.ignored:
        click.echo(neutral_line(f"Columns that say nothing here: {', '.join(sheet.ignored)}."), err=True)
    for row in sheet.bad[:TOLD]:
        click.echo(neutral_line(f"Row {row.number}, {row.product}: {' '.join(row.errors)}"), err=True)
    if len(sheet.bad) > TOLD:
        click.echo(f"… and {len(sheet.bad) - TOLD} more.", err=True)
