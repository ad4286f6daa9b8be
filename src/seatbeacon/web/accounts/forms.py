"""Forms of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password

from seatbeacon.web.accounts.models import Theme, User
from seatbeacon.web.accounts.roles import DESCRIPTIONS, Role

if TYPE_CHECKING:
    from seatbeacon.web.accounts.scopes import Scope


class InviteForm(forms.Form):
    """Whom to invite, and what they may do."""

    name = forms.CharField(
        label="Name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(
        label="Mail address",
        max_length=254,
        help_text="They sign in with it. No mail is sent: you get a link to hand over.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, f"{role.label}: {DESCRIPTIONS[role]}") for role in Role],
        initial=Role.VIEWER,
    )

    def clean_email(self) -> str:
        """Refuse an address that somebody has."""
        email: str = self.cleaned_data["email"].strip().lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError("Somebody has this mail address already.")
        return email


class RoleForm(forms.Form):
    """Another role for a person."""

    role = forms.ChoiceField(label="Role", choices=Role.choices)


class WelcomeForm(forms.Form):
    """Name and password of somebody who followed a one-time link; the mail address for the very first."""

    name = forms.CharField(
        label="Your name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label="Mail address",
        max_length=254,
        help_text="You sign in with it.",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label="Password",
        help_text=" ".join(password_validators_help_texts()[1:2]),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Password again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *arguments: Any, user: User | None = None, **options: Any) -> None:
        """`user` is whose link it is: their mail address is shown and cannot be changed."""
        super().__init__(*arguments, **options)
        self.user = user
        if user is not None:
            self.initial.update(name=user.name, email=user.email)
            self.fields["email"].disabled = True

    def clean(self) -> dict[str, Any]:
        """Check the password against the rules, and that it was typed the same twice."""
        cleaned = super().clean() or self.cleaned_data
        password = cleaned.get("password")
        if password:
            person = self.user or User(email=cleaned.get("email", ""), name=cleaned.get("name", ""))
            try:
                validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
            if cleaned.get("again") and cleaned["again"] != password:
                self.add_error("again", "The two passwords differ.")
        return cleaned


class TokenForm(forms.Form):
    """What a token is called, what it may do, and until when."""

    name = forms.CharField(
        label="Name",
        max_length=100,
        help_text="What uses it, such as “Power BI” or “nightly export”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scope = forms.ChoiceField(label="Scope")
    ends_on = forms.DateField(
        label="Last day",
        help_text="At most a year from now.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *arguments: Any, scopes: list[Scope], **options: Any) -> None:
        """`scopes` are those that the person's role reaches."""
        super().__init__(*arguments, **options)
        choice = self.fields["scope"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - declared above
        choice.choices = [(scope.value, scope.label) for scope in scopes]


class ProfileForm(forms.Form):
    """A person's own name and theme."""

    name = forms.CharField(
        label="Name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    theme = forms.ChoiceField(label="Theme", choices=Theme.choices)


class SignInForm(LoginForm):  # type: ignore[misc] # allauth has no type stubs
    """allauth's form in our words: labels say what goes in, so nothing stands in the fields."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["login"].label = "Mail address"
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""
