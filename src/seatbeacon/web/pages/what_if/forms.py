"""The form of thresholds, made from what the rules declare."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django import forms
from django.utils.html import escape

from seatbeacon.optimization.phrases import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from django.forms import BoundField

    from seatbeacon.beacon.savings.what_if import Movable
    from seatbeacon.optimization import Rule, Threshold


class ThresholdsForm(forms.Form):
    """A number per threshold; one that is left empty stays as it is today."""

    def __init__(self, given: Mapping[str, str], movables: Sequence[Movable]) -> None:
        """`given` are the values of an address; `movables` the thresholds in the order of their rules."""
        super().__init__(
            {each.key: given.get(each.key, "").strip() or plain(each.today) for each in movables}
        )
        self._movables = movables
        for each in movables:
            bounds = each.threshold
            span = f"{plain(bounds.minimum)} to {plain(bounds.maximum)}"
            told = f"{bounds.unit}, {span}; {plain(each.today)} today"
            self.fields[each.key] = forms.FloatField(
                # Rules of an organisation's own say these; the field draws its help as it is.
                label=bounds.meaning.removesuffix("."),
                help_text=escape(told),
                validators=[_bounded(bounds)],
                widget=forms.NumberInput(
                    attrs={
                        "step": "any",
                        "min": plain(bounds.minimum),
                        "max": plain(bounds.maximum),
                        "inputmode": "decimal",
                    }
                ),
            )

    @property
    def groups(self) -> Iterator[tuple[Rule, list[BoundField]]]:
        """The fields of each rule."""
        for _, each in groupby(self._movables, key=lambda one: one.rule.id):
            found = list(each)
            yield found[0].rule, [self[one.key] for one in found]

    def moved(self) -> dict[str, dict[str, float]]:
        """The thresholds of the valid form that differ from today's, by rule id and name."""
        found: dict[str, dict[str, float]] = {}
        for each in self._movables:
            value = self.cleaned_data[each.key]
            if value != each.today:
                found.setdefault(each.rule.id, {})[each.name] = value
        return found


def _bounded(threshold: Threshold) -> Callable[[float], None]:
    def check(value: float) -> None:
        if not threshold.minimum <= value <= threshold.maximum:
            span = f"{plain(threshold.minimum)} to {plain(threshold.maximum)}"
            raise forms.ValidationError(f"Give {span} {threshold.unit}.")

    return check
