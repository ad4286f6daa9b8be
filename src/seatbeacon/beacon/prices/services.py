"""Make, change and remove prices and currencies; each change is audited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from seatbeacon.beacon.audit import Actor, record
from seatbeacon.beacon.errors import InvalidPrice
from seatbeacon.beacon.models import Currency, Per, ProductPrice, Tenant

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_BASE = "EUR"


@dataclass(frozen=True, kw_only=True)
class GivenPrice:
    """A price as it is to stand. `tenant_id` None: in all tenants."""

    sku_id: str
    amount: Decimal
    currency: str
    per: str = Per.MONTH
    valid_from: date | None = None
    valid_to: date | None = None
    tenant_id: str | None = None
    note: str = ""


def base_currency() -> str:
    """The currency that costs and savings are told in."""
    found = Currency.objects.filter(base=True).first()
    return found.code if found else DEFAULT_BASE


def save_price(given: GivenPrice, *, actor: Actor, price: ProductPrice | None = None) -> ProductPrice:
    """Make a price, or put `given` in place of `price`. Raises InvalidPrice and changes nothing then."""
    with transaction.atomic():
        check_price(given, price)
        saved = _stored(given, price)
        record(
            actor,
            "price.added" if price is None else "price.edited",
            given.sku_id,
            amount=str(given.amount),
            currency=given.currency,
            per=given.per,
            valid_from=given.valid_from,
            valid_to=given.valid_to,
            tenant=given.tenant_id,
        )
    return saved


def save_prices(given: Sequence[GivenPrice], *, actor: Actor) -> tuple[int, int]:
    """Take all prices of a sheet, or none; how many are new, and how many were put in place of others.

    A price for the same product, tenant and first day is put in place of the one that is there. Raises
    InvalidPrice.
    """
    added = replaced = 0
    with transaction.atomic():
        for one in given:
            there = same_place(one)
            check_price(one, there)
            _stored(one, there)
            added, replaced = added + (there is None), replaced + (there is not None)
        record(actor, "prices.imported", f"{len(given)} prices", added=added, replaced=replaced)
    return added, replaced


def delete_price(price: ProductPrice, *, actor: Actor) -> None:
    """Remove a price."""
    with transaction.atomic():
        record(actor, "price.deleted", price.sku_id, amount=str(price.amount), currency=price.currency)
        price.delete()


def same_place(given: GivenPrice) -> ProductPrice | None:
    """The price for the same product and tenant that begins on the same day, if there is one."""
    same = ProductPrice.objects.filter(
        sku_id=given.sku_id.lower(), tenant_id=given.tenant_id, valid_from=given.valid_from
    )
    return same.first()


def check_price(given: GivenPrice, itself: ProductPrice | None) -> None:
    """Raise InvalidPrice where `given` cannot stand beside the others, `itself` aside."""
    if given.valid_from and given.valid_to and given.valid_to < given.valid_from:
        raise InvalidPrice("valid_to", "The last day is before the first. Give a later one, or none.")
    if given.tenant_id is not None and not Tenant.objects.filter(pk=given.tenant_id).exists():
        raise InvalidPrice("tenant", f"No tenant {given.tenant_id} was imported.")
    there = same_place(given)
    if there is not None and (itself is None or there.pk != itself.pk):
        begins = f"begins on {there.valid_from}" if there.valid_from else "has no first day"
        raise InvalidPrice(
            "valid_from",
            f"There is a price for this product that {begins}: {there.amount:f} {there.currency}. "
            "Edit that one, or give another first day.",
        )


def set_rate(code: str, rate: Decimal, *, actor: Actor) -> None:
    """Say what a unit of a currency is worth in the base one. Raises InvalidPrice for the base itself."""
    with transaction.atomic():
        if code == base_currency():
            raise InvalidPrice("rate", f"{code} is the base currency: its rate is 1.")
        Currency.objects.update_or_create(code=code, defaults={"rate": rate})
        record(actor, "currency.rate-set", code, rate=str(rate))


def forget_rate(code: str, *, actor: Actor) -> None:
    """Remove a currency's rate: prices in it count as missing from then on."""
    with transaction.atomic():
        Currency.objects.filter(code=code, base=False).delete()
        record(actor, "currency.rate-removed", code)


def set_base(code: str, *, actor: Actor) -> None:
    """Tell costs and savings in `code`. Rates are brought along where it has one, else they are removed."""
    with transaction.atomic():
        before = base_currency()
        if code == before:
            Currency.objects.update_or_create(code=code, defaults={"rate": Decimal(1), "base": True})
            return
        there = Currency.objects.filter(code=code).first()
        Currency.objects.filter(base=True).update(base=False)
        if there is not None and there.rate > 0:
            worth = there.rate
            for one in Currency.objects.exclude(code=code):
                one.rate = round(one.rate / worth, 8)
                one.save()
            Currency.objects.update_or_create(code=before, defaults={"rate": round(1 / worth, 8)})
        else:
            Currency.objects.exclude(code=code).delete()
        Currency.objects.update_or_create(code=code, defaults={"rate": Decimal(1), "base": True})
        record(actor, "currency.base-set", code, before=before)


def _stored(given: GivenPrice, price: ProductPrice | None) -> ProductPrice:
    price = price or ProductPrice()
    price.sku_id = given.sku_id.lower()
    price.tenant_id = given.tenant_id
    price.amount, price.currency, price.per = given.amount, given.currency, given.per
    price.valid_from, price.valid_to = given.valid_from, given.valid_to
    price.note, price.changed_at = given.note[:200], datetime.now(UTC)
    price.save()
    return price
