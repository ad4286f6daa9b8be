"""The form of a notification."""

from __future__ import annotations

from typing import Any

from django import forms

from seatbeacon.beacon.models import Event

KEPT = "One is stored, and never shown. Leave this empty to keep it."
EXAMPLES = (
    "An Apprise address, such as mailtos://user:password@mail.example?to=licenses@example.org, "
    "msteams://…, slack://… or json://hooks.example/path. It is stored encrypted and never shown again."
)


class TargetForm(forms.Form):
    """Where to send, and what of."""

    name = forms.CharField(
        label="Name", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    address = forms.CharField(
        label="Address",
        max_length=2000,
        help_text=EXAMPLES,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(
        label="Tell of",
        choices=Event.choices,
        initial=Event.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    enabled = forms.BooleanField(label="Send notifications", required=False, initial=True)

    def __init__(self, *arguments: Any, has_address: bool = False, **options: Any) -> None:
        """`has_address`: one is stored already, and an empty field keeps it."""
        super().__init__(*arguments, **options)
        if has_address:
            self.fields["address"].required = False
            self.fields["address"].help_text = KEPT
