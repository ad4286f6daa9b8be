"""Prices that people typed in, brought to one currency. No price is ever invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Literal

from seatbeacon.optimization.errors import BadPrice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

Per = Literal["month", "year"]
FOURTH = Decimal("0.0001")
"""Money is kept to a ten-thousandth, so that a month of a yearly price does not lose cents by the seat."""
_MONTHS = 12
_MOST = Decimal(10) ** 9  # more than any seat costs, and little enough for a million of them


@dataclass(frozen=True)
class Price:
    """What a seat of a product costs per `per`, from `valid_from` to `valid_to` (both days included; None:
    without end). `tenant_id` None: in all tenants; a price of the tenant's own comes before it."""

    sku_id: str
    amount: Decimal
    currency: str
    per: Per = "month"
    valid_from: date | None = None
    valid_to: date | None = None
    tenant_id: str | None = None


@dataclass(frozen=True)
class SeatPrice:
    """What a seat costs in the currency of the book."""

    monthly: Decimal
    yearly: Decimal


@dataclass(frozen=True)
class PriceBook:
    """All prices, and the currency that savings are told in.

    `rates` say what one unit of another currency is worth in `currency`. A price whose currency has no rate
    counts as missing: see `unrated`.
    """

    currency: str = "EUR"
    prices: tuple[Price, ...] = ()
    rates: Mapping[str, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for price in self.prices:
            _check(price.amount, f"The price of {price.sku_id}", least=Decimal(0))
        for currency, rate in self.rates.items():
            _check(rate, f"The rate of {currency}", least=FOURTH * FOURTH)

    def seat_prices(self, *, tenant_id: str, on: date) -> dict[str, SeatPrice]:
        """By product (sku id, lower case): the price valid on a day. The tenant's own before the general;
        of several the one that began last, then the one further down."""
        best: dict[str, tuple[tuple[bool, str], Price]] = {}
        for price in self._valid(tenant_id, on):
            if self._rate(price.currency) is None:
                continue
            sku, weight = price.sku_id.lower(), (price.tenant_id is not None, str(price.valid_from or ""))
            if sku not in best or weight >= best[sku][0]:
                best[sku] = (weight, price)
        return {sku: self._seat_price(price) for sku, (_weight, price) in best.items()}

    def unrated(self, *, tenant_id: str, on: date) -> set[str]:
        """Currencies of valid prices for which no rate was typed in."""
        return {price.currency for price in self._valid(tenant_id, on) if self._rate(price.currency) is None}

    def _valid(self, tenant_id: str, on: date) -> Iterable[Price]:
        for price in self.prices:
            begun = price.valid_from is None or price.valid_from <= on
            over = price.valid_to is not None and price.valid_to < on
            ours = price.tenant_id is None or price.tenant_id.lower() == tenant_id.lower()
            if begun and not over and ours:
                yield price

    def _rate(self, currency: str) -> Decimal | None:
        return Decimal(1) if currency == self.currency else self.rates.get(currency)

    def _seat_price(self, price: Price) -> SeatPrice:
        amount = price.amount * (self._rate(price.currency) or Decimal(0))
        if price.per == "month":
            monthly = _rounded(amount)
            return SeatPrice(monthly, monthly * _MONTHS)
        return SeatPrice(_rounded(amount / _MONTHS), _rounded(amount))


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(FOURTH, ROUND_HALF_EVEN)


def _check(amount: Decimal, what: str, *, least: Decimal) -> None:
    if not amount.is_finite() or not least <= amount <= _MOST:
        raise BadPrice(f"{what} is {amount}.", f"Give a number from {least.normalize():f} to {_MOST:,}.")
