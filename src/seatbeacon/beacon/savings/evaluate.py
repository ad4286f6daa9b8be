"""What the rules find in a tenant's published inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.beacon.catalog import catalog_copy
from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.locks import file_lock
from seatbeacon.beacon.models import Currency, ProductPrice
from seatbeacon.beacon.prices.services import base_currency
from seatbeacon.beacon.savings.exemptions import exemptions_of, leaves_of
from seatbeacon.beacon.savings.places import results_folder
from seatbeacon.beacon.savings.rules import rule_book, rule_folders, settings_of
from seatbeacon.beacon.savings.settle import settle
from seatbeacon.optimization import Inputs, Outcome, Price, PriceBook, recommend

if TYPE_CHECKING:
    from seatbeacon.beacon.models import InventoryVersion
    from seatbeacon.beacon.settings import Settings


def price_book() -> PriceBook:
    """All prices that people typed in, and the rates of their currencies."""
    prices = tuple(
        Price(
            sku_id=one.sku_id,
            amount=one.amount,
            currency=one.currency,
            per="year" if one.per == "year" else "month",
            valid_from=one.valid_from,
            valid_to=one.valid_to,
            tenant_id=one.tenant_id,
        )
        for one in ProductPrice.objects.order_by("pk")
    )
    rates = {one.code: one.rate for one in Currency.objects.filter(base=False)}
    return PriceBook(base_currency(), prices, rates)


def inputs_of(settings: Settings, version: InventoryVersion, prices: PriceBook | None = None) -> Inputs:
    """All that recommendations for a version depend on besides its inventory. `prices` are those of
    `price_book`, where they are at hand."""
    catalog = catalog_copy(settings)
    return Inputs(
        settings=settings_of(rule_book(settings), version.tenant_id),
        rule_folders=rule_folders(settings),
        prices=prices or price_book(),
        exemptions=exemptions_of(version.tenant_id),
        leaves=leaves_of(version.tenant_id),
        catalog=catalog if catalog.is_file() else None,
    )


def recommendations_of(settings: Settings, version: InventoryVersion) -> Outcome:
    """Judge `version` by the rules; what they found is in the outcome's file, which is made once and kept.

    Judged again only where prices or the version changed; whoever asks meanwhile waits. What was decided is
    compared with a new evaluation (`settle`).
    Raises `OptimizationError` and `InventoryError`s.
    """
    inputs, folder = inputs_of(settings, version), results_folder(settings, version.tenant_id)
    with file_lock(settings.home / "locks" / f"recommendations-{version.tenant_id}"):
        outcome = recommend(version_path(settings, version), folder, inputs)
        settle(settings, version, outcome)
        return outcome
