"""Prices: which one is valid, in which currency, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from seatbeacon.optimization import BadPrice, Price, PriceBook

SKU, ON = "6fd2c87f-b296-42f0-b197-1e91e994b900", date(2026, 7, 31)


def price(amount: str, **fields: object) -> Price:
    """A price of one product."""
    return Price(SKU, Decimal(amount), "EUR", **fields)  # type: ignore[arg-type]


def monthly(*prices: Price, tenant: str = "t", **book: object) -> Decimal | None:
    """What a seat costs a month."""
    found = PriceBook("EUR", prices, **book).seat_prices(tenant_id=tenant, on=ON)  # type: ignore[arg-type]
    return found[SKU].monthly if SKU in found else None


def test_a_price_is_valid_from_its_first_day_to_its_last() -> None:
    assert monthly(price("1", valid_from=ON, valid_to=ON)) == 1
    assert monthly(price("1", valid_from=date(2026, 8, 1))) is None
    assert monthly(price("1", valid_to=date(2026, 7, 30))) is None


def test_the_price_that_began_last_counts_and_the_tenants_own_before_the_general() -> None:
    old, new = price("1", valid_from=date(2025, 1, 1)), price("2", valid_from=date(2026, 1, 1))
    assert monthly(new, old) == 2
    assert monthly(new, price("3", tenant_id="T")) == 3
    assert monthly(new, price("3", tenant_id="other")) == 2


def test_years_and_months_are_brought_together_to_a_ten_thousandth() -> None:
    seat = PriceBook("EUR", (price("100", per="year"),)).seat_prices(tenant_id="t", on=ON)[SKU]
    assert (seat.monthly, seat.yearly) == (Decimal("8.3333"), Decimal(100))
    seat = PriceBook("EUR", (price("8.10"),)).seat_prices(tenant_id="t", on=ON)[SKU]
    assert (seat.monthly, seat.yearly) == (Decimal("8.10"), Decimal("97.20"))


def test_another_currency_needs_a_rate() -> None:
    dollars = Price(SKU, Decimal(10), "USD")
    book = PriceBook("EUR", (dollars,))
    assert book.seat_prices(tenant_id="t", on=ON) == {}
    assert book.unrated(tenant_id="t", on=ON) == {"USD"}
    assert monthly(dollars, rates={"USD": Decimal("0.9")}) == 9


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity", "1e12"])
def test_a_price_that_is_none_is_refused(amount: str) -> None:
    with pytest.raises(BadPrice):
        PriceBook("EUR", (price(amount),))
