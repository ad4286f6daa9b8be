"""Forms of prices, rates and sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django import forms

from seatbeacon.beacon.models import Per, Tenant
from seatbeacon.beacon.prices.amounts import read_amount, read_currency, read_rate
from seatbeacon.beacon.prices.products import KnownProduct, find_product
from seatbeacon.beacon.prices.services import GivenPrice

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

T = TypeVar("T")


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PriceForm(forms.Form):
    """One price."""

    product = forms.CharField(
        label="Product",
        max_length=200,
        help_text="Its name, part number or id. Begin to type and choose.",
        widget=forms.TextInput(attrs={"list": "products", "autocomplete": "off"}),
    )
    amount = forms.CharField(
        label="Price of a seat", max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    currency = forms.CharField(
        label="Currency", max_length=3, widget=forms.TextInput(attrs={"autocapitalize": "characters"})
    )
    per = forms.ChoiceField(label="Per", choices=Per.choices, initial=Per.MONTH)
    tenant = forms.ChoiceField(label="Tenant", required=False)
    valid_from = forms.DateField(label="Valid from", required=False, widget=_day())
    valid_to = forms.DateField(label="Valid to, this day included", required=False, widget=_day())
    note = forms.CharField(label="Note", max_length=200, required=False)

    def __init__(self, *arguments: Any, products: dict[str, KnownProduct], **options: Any) -> None:
        """`products` are those that a price can be for."""
        super().__init__(*arguments, **options)
        self._products = products
        choices = [(one.pk, one.display_name) for one in Tenant.objects.order_by("display_name")]
        self.fields["tenant"].choices = [("", "All tenants"), *choices]  # type: ignore[attr-defined] # a ChoiceField

    def clean_product(self) -> KnownProduct:
        """Find the product that was meant."""
        text = self.cleaned_data["product"]
        found = find_product(self._products, text)
        if found is None:
            raise forms.ValidationError(
                "No product is called so, or several are. Choose one from the list, or give its id."
            )
        return found

    def clean_amount(self) -> Decimal:
        """Read the amount."""
        return _read("This", self.cleaned_data["amount"], read_amount)

    def clean_currency(self) -> str:
        """Read the currency."""
        return _read("This", self.cleaned_data["currency"], read_currency)

    def given(self) -> GivenPrice:
        """What the valid form says."""
        said = self.cleaned_data
        return GivenPrice(
            sku_id=said["product"].sku_id,
            amount=said["amount"],
            currency=said["currency"],
            per=said["per"],
            valid_from=said["valid_from"],
            valid_to=said["valid_to"],
            tenant_id=said["tenant"] or None,
            note=said["note"],
        )


class RateForm(forms.Form):
    """What a unit of another currency is worth."""

    code = forms.CharField(label="Currency", max_length=3)
    rate = forms.CharField(
        label="Rate", max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )

    def clean_code(self) -> str:
        """Read the currency."""
        return _read("This", self.cleaned_data["code"], read_currency)

    def clean_rate(self) -> Decimal:
        """Read the rate."""
        return _read("This", self.cleaned_data["rate"], read_rate)


class BaseForm(forms.Form):
    """The currency that costs and savings are told in."""

    code = forms.CharField(label="Base currency", max_length=3)

    def clean_code(self) -> str:
        """Read the currency."""
        return _read("This", self.cleaned_data["code"], read_currency)


class SheetForm(forms.Form):
    """A sheet of prices."""

    file = forms.FileField(
        label="CSV or Excel file",
        help_text="Its first row names the columns: product (id, part number or name) and price; where "
        "wanted currency, per (month or year), valid from, valid to, tenant, note.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods,.xlsb"}),
    )


def _read(what: str, text: str, reader: Callable[[object], T]) -> T:
    try:
        return reader(text)
    except ValueError as error:
        raise forms.ValidationError(f"{what} {error}.") from error
