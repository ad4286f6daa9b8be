"""The form of a rule, made from what the rule declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.html import escape

from seatbeacon.beacon.savings.rule_settings import GivenRule
from seatbeacon.optimization.phrases import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seatbeacon.beacon.savings.rule_settings import SetThreshold, Standing


class RuleForm(forms.Form):
    """Whether a rule is on, and a number per threshold; what is left empty is as the wider setting says."""

    def __init__(self, given: Mapping[str, str] | None, standing: Standing, *, wider: str) -> None:
        """`wider` says where what is left empty comes from, such as `as for all tenants`."""
        initial = {each.name: plain(each.own) for each in standing.thresholds if each.own is not None}
        switched = {None: "", True: "off", False: "on"}[standing.own_off]
        super().__init__(given, initial=initial | {"switch": switched})
        self._standing = standing
        if standing.rule is not None:
            usual = "off" if standing.wider_off else "on"
            choices = [("", f"{wider.capitalize()}: {usual}"), ("on", "On"), ("off", "Off")]
            self.fields["switch"] = forms.ChoiceField(label="Switch", required=False, choices=choices)
        for each in standing.thresholds:
            self.fields[each.name] = _number(each, wider)

    def clean(self) -> dict[str, object]:
        """Hold each number against its bounds, in the words of its unit."""
        cleaned = super().clean() or {}
        for each in self._standing.thresholds:
            value, bounds = cleaned.get(each.name), each.threshold
            if value is not None and not bounds.minimum <= value <= bounds.maximum:
                span = f"{plain(bounds.minimum)} to {plain(bounds.maximum)}"
                self.add_error(each.name, f"Give {span} {bounds.unit}, or nothing.")
        return cleaned

    def given(self) -> GivenRule:
        """What the valid form says."""
        said = self.cleaned_data
        return GivenRule(
            {"": None, "on": False, "off": True}[said.get("switch", "")],
            dict(_given(self._standing.thresholds, said)),
        )


def _number(each: SetThreshold, wider: str) -> forms.FloatField:
    bounds = each.threshold
    span = f"{plain(bounds.minimum)} to {plain(bounds.maximum)}"
    told = f"{bounds.unit}, {span}; empty: {wider}, {plain(each.wider)}"
    return forms.FloatField(
        # A rule of an organisation's own says these; the field draws its help as it is.
        label=bounds.meaning.removesuffix("."),
        help_text=escape(told),
        required=False,
        widget=forms.NumberInput(
            attrs={
                "step": "any",
                "min": plain(bounds.minimum),
                "max": plain(bounds.maximum),
                "inputmode": "decimal",
                "placeholder": plain(each.wider),
            }
        ),
    )


def _given(
    thresholds: tuple[SetThreshold, ...], said: Mapping[str, float | None]
) -> Iterator[tuple[str, float]]:
    for each in thresholds:
        value = said[each.name]
        if value is not None:
            yield each.name, value
