"""Prices are typed in or imported from a sheet; nothing that is wrong is stored."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from seatbeacon.beacon.audit import COMMAND_LINE
from seatbeacon.beacon.models import AuditEntry, Currency, ProductPrice, Tenant
from seatbeacon.beacon.prices.missing import products_without_price
from seatbeacon.beacon.prices.products import KnownProduct, find_product
from seatbeacon.beacon.prices.services import base_currency, set_base, set_rate
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

E5 = "06ebc4ee-1bb5-47dd-8120-11324bc54e06"
E3 = "05e9a617-0261-4cee-bb44-138d3ef5d965"
LIST = "/optimization/prices/"


@pytest.fixture
def operator(sign_in: Callable[[Role], Client]) -> Client:
    return sign_in(Role.OPERATOR)


def post(client: Client, **fields: Any) -> Any:
    given = {"product": "Microsoft 365 E5", "amount": "54,75", "currency": "eur", "per": "month", **fields}
    return client.post(f"{LIST}new/", given)


def sheet(client: Client, text: str | bytes, name: str = "prices.csv") -> Any:
    content = text.encode() if isinstance(text, str) else text
    return client.post(f"{LIST}import/", {"file": SimpleUploadedFile(name, content)}, follow=True)


def test_a_price_is_typed_in_changed_and_deleted(operator: Client) -> None:
    assert "No price yet" in operator.get(LIST).content.decode()
    assert post(operator).status_code == 302
    price = ProductPrice.objects.get()
    assert (price.sku_id, price.amount, price.currency) == (E5, Decimal("54.75"), "EUR")
    page = operator.get(LIST).content.decode()
    assert "Microsoft 365 E5" in page
    assert "54.75 EUR a month" in page
    form = operator.get(f"{LIST}{price.pk}/").content.decode()
    assert 'value="54.75"' in form
    changed = {"product": E5, "amount": "600", "currency": "EUR", "per": "year", "valid_from": "2026-01-01"}
    operator.post(f"{LIST}{price.pk}/", changed)
    price.refresh_from_db()
    assert (price.amount, price.per, price.valid_from) == (Decimal(600), "year", date(2026, 1, 1))
    operator.post(f"{LIST}{price.pk}/delete/")
    assert not ProductPrice.objects.exists()
    actions = set(AuditEntry.objects.filter(action__startswith="price.").values_list("action", flat=True))
    assert actions == {"price.added", "price.edited", "price.deleted"}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"product": "Nothing 365"}, "No product is called so"),
        ({"amount": "1,234"}, "could be either of two amounts"),
        ({"amount": "-3"}, "is no amount"),
        ({"currency": "EURO"}, "at most 3 characters"),
        ({"valid_from": "2026-05-01", "valid_to": "2026-04-01"}, "The last day is before the first"),
        ({"tenant": "aaaaaaaa-0000-0000-0000-000000000001"}, "not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_stored(
    operator: Client, fields: dict[str, str], told: str
) -> None:
    answer = post(operator, **fields)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert not ProductPrice.objects.exists()


def test_a_second_price_for_the_same_day_is_refused_by_name(operator: Client) -> None:
    post(operator)
    answer = post(operator, amount="60")
    assert answer.status_code == 400
    assert "has no first day: 54.7500 EUR" in answer.content.decode()
    assert post(operator, amount="60", valid_from="2026-07-01").status_code == 302


def test_viewers_read_and_do_not_write(sign_in: Callable[[Role], Client], operator: Client) -> None:
    post(operator)
    viewer = sign_in(Role.VIEWER)
    page = viewer.get(LIST).content.decode()
    assert "54.75 EUR" in page
    assert "New price" not in page
    assert viewer.get(f"{LIST}new/").status_code == 403
    assert viewer.get(f"{LIST}import/").status_code == 403


def test_a_sheet_is_looked_at_and_then_taken_without_its_wrong_rows(operator: Client) -> None:
    post(operator, valid_from="2026-01-01")
    text = (
        "﻿SKU ID;Price;Currency;Per;Valid from;Colour\r\n"
        f"{E5};61,50;;;2026-01-01;red\r\n"
        "SPE_E3;36.00;USD;month;;\r\n"
        "Nothing 365;1;;;;\r\n"
        "SPE_E3;1,234;;;;\r\n"
        "SPE_E3;40;;;;\r\n"
        ";;;;;\r\n"
    )
    page = sheet(operator, text).content.decode()
    assert "Nothing is stored yet" in page
    assert "names no product, or several" in page
    assert "could be either of two amounts" in page
    assert "Row 3 has the same product, tenant and first day" in page
    assert "not read: Colour" in page
    assert "Replaces one" in page
    assert ProductPrice.objects.count() == 1
    done = operator.post(f"{LIST}import/preview/", follow=True).content.decode()
    assert "1 prices are new, 1 replaced. 3 rows were left out." in done
    assert sorted(ProductPrice.objects.values_list("amount", flat=True)) == [36, Decimal("61.5")]
    assert operator.get(f"{LIST}import/preview/").status_code == 302, "the sheet is gone"


def test_an_excel_workbook_is_read_with_its_types(operator: Client) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet()
    page.write_row(0, 0, ["Part number", "Price", "Per", "Valid from", "Note"])
    page.write_row(1, 0, ["SPE_E3", 432.5, "year"])
    page.write_datetime(1, 3, datetime(2026, 2, 1), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001
    page.write_string(1, 4, "<b>=1+1")
    book.close()
    shown = sheet(operator, buffer.getvalue(), "prices.xlsx").content.decode()
    assert "432.50 EUR a year" in shown
    operator.post(f"{LIST}import/preview/")
    price = ProductPrice.objects.get()
    assert (price.sku_id, price.amount, price.per, price.valid_from) == (
        E3,
        Decimal("432.5"),
        "year",
        date(2026, 2, 1),
    )
    assert "&lt;b&gt;=1+1" in operator.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("prices.xlsx", b"no workbook", "no Excel workbook"),
        ("prices.csv", b"name,cost\nx,1\n", "no column product and no column amount"),
        ("prices.csv", b"", "empty"),
        ("prices.csv", b"product,price\n" + b"x,1\n" * 5001, "more than 5,000 rows"),
        ("prices.csv", b'product,price\n"x,1\n', "no CSV"),
    ],
)
def test_what_is_no_sheet_of_prices_is_refused_in_words(
    operator: Client, name: str, content: bytes, told: str
) -> None:
    answer = sheet(operator, content, name)
    assert answer.status_code == 400
    assert told in answer.content.decode()


def test_rates_are_typed_in_and_prices_without_one_are_marked(operator: Client) -> None:
    post(operator, currency="USD")
    assert "No rate" in operator.get(LIST).content.decode()
    assert "prices in USD, without a rate" in operator.get(f"{LIST}currencies/").content.decode()
    operator.post(f"{LIST}currencies/", {"code": "usd", "rate": "0,92"})
    assert "No rate" not in operator.get(LIST).content.decode()
    assert operator.post(f"{LIST}currencies/", {"code": "EUR", "rate": "2"}).status_code == 400
    operator.post(f"{LIST}currencies/USD/remove/")
    assert not Currency.objects.filter(code="USD").exists()


def test_another_base_brings_the_rates_along(home: object) -> None:
    set_rate("USD", Decimal("0.8"), actor=COMMAND_LINE)
    set_rate("GBP", Decimal("1.2"), actor=COMMAND_LINE)
    set_base("USD", actor=COMMAND_LINE)
    assert base_currency() == "USD"
    assert {one.code: one.rate for one in Currency.objects.all()} == {
        "USD": 1,
        "EUR": Decimal("1.25"),
        "GBP": Decimal("1.5"),
    }
    set_base("CHF", actor=COMMAND_LINE)
    assert [one.code for one in Currency.objects.all()] == ["CHF"], "nobody said what they are worth in CHF"


def test_products_in_use_without_a_price_valid_today_are_missing(home: object) -> None:
    products = {
        sku: KnownProduct(sku, sku.upper(), name, seats)
        for sku, name, seats in (
            ("a", "Priced", 5),
            ("b", "Over", 7),
            ("c", "Not yet", 9),
            ("d", "Unused", 0),
        )
    }
    now = datetime.now(UTC)
    for sku, begins, ends in (
        ("a", None, None),
        ("b", None, date(2020, 1, 1)),
        ("c", date(2090, 1, 1), None),
    ):
        ProductPrice.objects.create(
            sku_id=sku, amount=1, currency="EUR", valid_from=begins, valid_to=ends, changed_at=now
        )
    assert [one.name for one in products_without_price(products)] == ["Not yet", "Over"]


def test_a_product_is_found_by_any_of_its_names_unless_two_share_it() -> None:
    products = {
        one.sku_id: one
        for one in (
            KnownProduct("1", "MCOPSTN5", "Calling A"),
            KnownProduct("2", "MCOPSTN5", "Calling B"),
            KnownProduct("3", "SPE_E3", "Microsoft 365 E3", 4),
            KnownProduct("4", "SPE_E3_OLD", "Microsoft 365 E3"),
        )
    }
    assert find_product(products, " calling  a ") == products["1"]
    assert find_product(products, "MCOPSTN5") is None
    assert find_product(products, "microsoft 365 e3") == products["3"], "the one in use is meant"


def test_a_tenants_own_price_goes_with_the_tenant(operator: Client) -> None:
    tenant = Tenant.objects.create(
        id="aaaaaaaa-0000-0000-0000-000000000001", display_name="Contoso", created_at=datetime.now(UTC)
    )
    assert post(operator, tenant=tenant.pk).status_code == 302
    page = sheet(operator, f"product,price,tenant\n{E5},1.5,contoso\n{E5},2.5,Fabrikam\n").content.decode()
    assert "Replaces one" in page
    assert "is no tenant that was imported" in page
