"""What the rules find in a tenant's published inventory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seatbeacon.beacon.catalog import catalog_copy
from seatbeacon.beacon.errors import BeingReckoned
from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.locks import file_lock
from seatbeacon.beacon.models import Currency, ProductPrice, Reckoning
from seatbeacon.beacon.prices.services import base_currency
from seatbeacon.beacon.savings.exemptions import exemptions_of, leaves_of
from seatbeacon.beacon.savings.places import results_folder
from seatbeacon.beacon.savings.rules import rule_book, rule_folders, settings_of
from seatbeacon.beacon.savings.settle import settle
from seatbeacon.optimization import (
    Inputs,
    Outcome,
    Price,
    PriceBook,
    read_outcome,
    recommend,
    results_name,
)

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.models import InventoryVersion
    from seatbeacon.beacon.settings import Settings

QUICK_USERS = 20_000
"""Users up to which judging takes about a second, so that a page waits for it."""


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


def recommendations_of(settings: Settings, version: InventoryVersion, *, at_once: bool = False) -> Outcome:
    """Judge `version` by the rules; what they found is in the outcome's file, which is made once and kept.

    Judged again only where something changed; whoever asks meanwhile waits. What was decided is compared with
    a new evaluation (`settle`).

    `at_once` does not wait for a large version: where its outcome is not there, a worker is asked for it, and
    the last one of the tenant is answered meanwhile, as `behind`. Raises `BeingReckoned` where there is none,
    `OptimizationError` and `InventoryError`s.
    """
    inputs, folder = inputs_of(settings, version), results_folder(settings, version.tenant_id)
    file = version_path(settings, version)
    if at_once and _users(version) > QUICK_USERS:
        return _at_hand(version, folder, folder / results_name(file, inputs))
    with file_lock(settings.home / "locks" / f"recommendations-{version.tenant_id}"):
        outcome = recommend(file, folder, inputs)
        settle(settings, version, outcome)
        return outcome


def is_current(settings: Settings, version: InventoryVersion, outcome: Outcome) -> bool:
    """Whether an outcome is of a version and of all that it depends on as it is now. Raises as
    `recommendations_of`."""
    assert outcome.file is not None  # noqa: S101 - judged, not asked what if
    return outcome.file.name == results_name(version_path(settings, version), inputs_of(settings, version))


def is_at_hand(settings: Settings, version: InventoryVersion) -> bool:
    """Whether `recommendations_of` answers what is up to date, and at once. Raises as it does."""
    name = results_name(version_path(settings, version), inputs_of(settings, version))
    last = Reckoning.objects.filter(tenant_id=version.tenant_id).first()
    there = (results_folder(settings, version.tenant_id) / name).is_file()
    return _users(version) <= QUICK_USERS or (there and last is not None and last.results == name)


def up_to_date(outcome: Outcome) -> Outcome:
    """An outcome that may be taken along. Raises `BeingReckoned` for one that is behind."""
    if outcome.behind:
        raise BeingReckoned(outcome.tenant_id)
    return outcome


def _users(version: InventoryVersion) -> int:
    counts = version.run.counts
    told = counts.get("users") if isinstance(counts, dict) else None
    total = told.get("total") if isinstance(told, dict) else told
    return total if isinstance(total, int) else 0


def _at_hand(version: InventoryVersion, folder: Path, results: Path) -> Outcome:
    last = Reckoning.objects.filter(tenant_id=version.tenant_id).first()
    if results.is_file() and last is not None and last.results == results.name:
        return read_outcome(results)
    # A price, an exemption, a file of rules is another: the worker has not been told of it yet.
    Reckoning.objects.filter(tenant_id=version.tenant_id, version=version.pk, stale=False).update(stale=True)
    if last is not None and last.results and (folder / last.results).is_file():
        return replace(read_outcome(folder / last.results), behind=True)
    raise BeingReckoned(version.tenant_id, last.fault if last else "")
