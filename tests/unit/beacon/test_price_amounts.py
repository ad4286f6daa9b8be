"""Amounts are read as people of several countries write them, and never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatbeacon.beacon.prices.amounts import read_amount, read_currency, read_day, read_per, read_rate


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12.50", "12.50"),
        ("12,50", "12.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1 234,5", "1234.5"),
        ("1’234.50", "1234.50"),
        ("0", "0"),
        ("0.125", "0.125"),
        ("12.3456", "12.3456"),
        ("123.456,7", "123456.7"),
        (12.5, "12.5"),
        (7, "7"),
    ],
)
def test_an_amount_is_read(text: object, amount: str) -> None:
    assert read_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "free",
        "-1",
        "1,234",
        "12.345",
        "1.2.3",
        "12,3456,7",
        "€ 5",
        "5 EUR",
        "1e3",
        "NaN",
        "9999999",
        "0.12345",
        True,
    ],
)
def test_what_is_no_amount_or_could_be_two_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"amount|decimals|is not from"):
        read_amount(text)


@given(st.decimals(min_value=0, max_value=999_999, places=2))
def test_every_way_of_writing_gives_the_same(amount: Decimal) -> None:
    english, german = f"{amount:,.2f}", f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert read_amount(english) == read_amount(german) == read_amount(f"{amount:.2f}") == amount


def test_days_currencies_periods_and_rates_are_read() -> None:
    day = date(2026, 3, 1)
    assert [read_day(one) for one in ("2026-03-01", "1.3.2026", datetime(2026, 3, 1, tzinfo=UTC))] == [
        day
    ] * 3
    assert read_day("") is None
    assert read_currency(" eur ") == "EUR"
    assert [read_per(word) for word in ("", "Monthly", "per year")] == ["month", "month", "year"]
    assert read_rate("0,92") == Decimal("0.92")


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (read_day, "03/01/2026"),
        (read_currency, "EURO"),
        (read_per, "decade"),
        (read_rate, "0"),
        (read_rate, "x"),
    ],
)
def test_what_they_are_not_is_refused(reader: object, text: str) -> None:
    with pytest.raises(ValueError, match=r"write|neither"):
        reader(text)  # type: ignore[operator]
