"""Forms of exemptions and leave; what they name is looked up in the tenant's inventory."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django import forms

from seatbeacon.beacon.prices.products import find_product
from seatbeacon.beacon.savings.exemptions import (
    DAYS_AFTER,
    MOST_DAYS_AFTER,
    NOBODY,
    GivenExemption,
    Named,
    find_department,
    find_group,
    find_user,
)
from seatbeacon.beacon.savings.rules import rule_book
from seatbeacon.beacon.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.prices.products import KnownProduct


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _user(file: Path, text: str) -> Named:
    found = find_user(file, text)
    if found is None:
        raise forms.ValidationError("Nobody has this user principal name or id in the last import.")
    return found


class ExemptionForm(forms.Form):
    """What is not to be recommended."""

    user = forms.CharField(
        label="User", max_length=200, required=False, help_text="User principal name or id."
    )
    group = forms.CharField(
        label="Group", max_length=256, required=False, help_text="A group that assigns licenses: name or id."
    )
    department = forms.CharField(label="Department", max_length=256, required=False)
    product = forms.CharField(
        label="Product", max_length=200, required=False, help_text="Its name, part number or id."
    )
    rule = forms.ChoiceField(label="Rule", required=False)
    reason = forms.CharField(label="Why", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    until = forms.DateField(
        label="Until, this day included", required=False, widget=_day(), help_text="Empty: for good."
    )

    def __init__(
        self, *arguments: Any, file: Path, products: dict[str, KnownProduct], **options: Any
    ) -> None:
        """`file` is the version that users, groups and departments are of."""
        super().__init__(*arguments, **options)
        self._file, self._products = file, products
        choices = sorted(rule_book(load_settings()).titles.items())
        self.fields["rule"].choices = [("", "Every rule"), *choices]  # type: ignore[attr-defined] # a ChoiceField

    def clean_user(self) -> Named:
        """Find the user that was meant."""
        text = self.cleaned_data["user"]
        return _user(self._file, text) if text else NOBODY

    def clean_group(self) -> Named:
        """Find the group that was meant."""
        text = self.cleaned_data["group"]
        found = find_group(self._file, text) if text else NOBODY
        if found is None:
            raise forms.ValidationError("No group that assigns licenses is called so, or several are.")
        return found

    def clean_department(self) -> str:
        """Find the department as the directory spells it."""
        text: str = self.cleaned_data["department"]
        found = find_department(self._file, text) if text else ""
        if found is None:
            raise forms.ValidationError("Nobody is in a department of this name in the last import.")
        return found

    def clean_product(self) -> str:
        """Find the product that was meant."""
        text = self.cleaned_data["product"]
        if not text:
            return ""
        found = find_product(self._products, text)
        if found is None:
            raise forms.ValidationError("No product is called so, or several are. Give its id.")
        return found.sku_id

    def given(self) -> GivenExemption:
        """What the valid form says."""
        said = self.cleaned_data
        return GivenExemption(
            user=said["user"],
            group=said["group"],
            department=said["department"],
            sku_id=said["product"],
            rule=said["rule"],
            reason=said["reason"],
            until=said["until"],
        )


class LeaveForm(forms.Form):
    """Who is away."""

    user = forms.CharField(label="User", max_length=200, help_text="User principal name or id.")
    begins = forms.DateField(label="First day", widget=_day(), initial=lambda: datetime.now(UTC).date())
    ends = forms.DateField(
        label="Last day", required=False, widget=_day(), help_text="Empty: nobody knows yet."
    )
    days_after = forms.IntegerField(
        label="Days left alone after",
        min_value=0,
        max_value=MOST_DAYS_AFTER,
        initial=DAYS_AFTER,
        help_text="After the last day: nobody has used anything yet when they come back.",
    )
    reason = forms.CharField(label="Why", max_length=1000, required=False)

    def __init__(self, *arguments: Any, file: Path, **options: Any) -> None:
        """`file` is the version that users are of."""
        super().__init__(*arguments, **options)
        self._file = file

    def clean_user(self) -> Named:
        """Find the user that was meant."""
        return _user(self._file, self.cleaned_data["user"])
