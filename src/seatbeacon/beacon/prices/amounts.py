"""Amounts, days and currencies as people write them. Each raises ValueError saying what a right one is."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

MOST = Decimal(1_000_000)
"""More than any seat costs in a year, in any currency that people buy in."""


def read_amount(text: object) -> Decimal:
    """An amount from 0 on, at most four decimals: 12.5, `12,50`, `1.234,50`, `1,234.50`, `EUR 12.50` is none.

    `1,234` could be either of two amounts, so it is refused.
    """
    if isinstance(text, int | float) and not isinstance(text, bool):
        return _checked(Decimal(str(text)))
    written = re.sub(r"[\s\u00a0\u202f'’]", "", str(text))
    if not re.fullmatch(r"\d[\d.,]*", written):
        raise ValueError("is no amount; write a number such as 12.50")
    marks = re.findall(r"[.,]", written)
    if len(marks) == 1 and re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", written):
        raise ValueError("could be either of two amounts; write 1234.00 or 1.2340")
    if marks:
        last = max(written.rfind("."), written.rfind(","))
        whole, decimals = written[:last], written[last + 1 :]
        if written[last] in whole:  # 1.234.567: all of them group thousands
            whole, decimals = written, ""
        grouped = re.fullmatch(r"\d{1,3}([.,])\d{3}(\1\d{3})*", whole)
        if not (whole.isdigit() or grouped):
            raise ValueError("is no amount; write a number such as 1234.50")
        written = re.sub(r"[.,]", "", whole) + (f".{decimals}" if decimals else "")
    try:
        return _checked(Decimal(written))
    except InvalidOperation:
        raise ValueError("is no amount; write a number such as 12.50") from None


def read_rate(text: object) -> Decimal:
    """A rate above 0, at most eight decimals."""
    try:
        rate = Decimal(str(text).strip().replace(",", "."))
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite() or not Decimal(0) < rate <= MOST:
        raise ValueError("is no rate; write what one unit is worth, such as 0.92")
    return round(rate, 8)


def read_currency(text: object) -> str:
    """An ISO 4217 code: three letters."""
    code = str(text).strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise ValueError("is no currency; write its three letters, such as EUR")
    return code


def read_day(text: object) -> date | None:
    """A day as 2026-03-01 or 1.3.2026; None for nothing."""
    if isinstance(text, datetime):
        return text.date()
    if isinstance(text, date):
        return text
    written = str(text or "").strip()
    if not written:
        return None
    for shape in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(written, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError("is no day; write it as 2026-03-01")


def read_per(text: object) -> str:
    """`month` or `year`, as people say them."""
    word = str(text or "month").strip().lower().removeprefix("per ").strip()
    words = {
        "month": "month", "monthly": "month", "m": "month",
        "year": "year", "yearly": "year", "annual": "year", "annually": "year", "y": "year",
    }  # fmt: skip
    if word not in words:
        raise ValueError("is neither month nor year")
    return words[word]


def _checked(amount: Decimal) -> Decimal:
    if not amount.is_finite() or not 0 <= amount <= MOST:
        raise ValueError(f"is not from 0 to {MOST:,}")
    if amount != round(amount, 4):
        raise ValueError("has more than four decimals")
    return amount
