"""The form of a connection: fields, labels, order and defaults of `facts/the-system.md` §1, and beyond."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from seatbeacon.beacon.connections.drafts import Given, draft_connection
from seatbeacon.beacon.connections.fields import (
    check_address,
    check_graph_root,
    check_guid,
    check_name,
    check_redirect_uri,
)
from seatbeacon.beacon.errors import InvalidConnection
from seatbeacon.beacon.models import Connection, Flow, SecretField, SourceType
from seatbeacon.graph.clouds import CLOUDS, authorization_endpoint, token_endpoint
from seatbeacon.graph.errors import InvalidCertificate, InvalidProxy
from seatbeacon.graph.oauth import load_certificate
from seatbeacon.graph.proxy import parse_proxy
from seatbeacon.graph.secret import Secret
from seatbeacon.web.connections.words import HINTS, for_the_page

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from django.core.files.uploadedfile import UploadedFile
    from django.utils.datastructures import MultiValueDict

    from seatbeacon.beacon.connections.presets import Preset
    from seatbeacon.graph.oauth import ClientCertificate

LONGEST = 4096
"""Characters in any field, before it is looked at."""

CERTIFICATE_BYTES = 100_000
HANDLE_LENGTH = 128
"""Characters of an authorization's handle, at most."""

VENDORS_PRESET = "flexnet-manager-suite"
"""The app whose secret nobody but its vendor has."""

DRAFT_FIELDS = {
    "name": "name",
    "cloud": "cloud",
    "flow": "flow",
    "token-endpoint": "token_endpoint",
    "authorization-endpoint": "authorization_endpoint",
    "client-id": "client_id",
    "redirect-uri": "redirect_uri",
    "tenant-id": "tenant_id",
    "graph-root": "graph_root",
    "proxy": "proxy",
    "proxy-username": "proxy_username",
    "proxy-password-file": "proxy_password",
    "refresh-token-file": "refresh_token",
    "refresh-token": "refresh_token",
    "client-secret-file": "client_secret",
    "certificate": "certificate",
}
"""The beacon's names of fields, and the form's."""


def _text(label: str, *, required: bool = True, **attributes: str) -> forms.CharField:
    attributes = {"autocomplete": "off", "spellcheck": "false", **attributes}
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        widget=forms.TextInput(attrs=attributes),
        error_messages={
            "required": f"{label} is needed.",
            "max_length": f"{label} is longer than {LONGEST} characters.",
        },
    )


def _password(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"max_length": f"{label} is longer than {LONGEST} characters."},
    )


class ConnectionForm(forms.Form):
    """A connection as typed. `before` is the stored one that is edited, `held` the secrets it holds.

    `given()` is what the beacon's services take. Secrets are read from it, and never written into the page.
    """

    use_required_attribute = False

    name = _text("Connection Name")
    source_type = forms.ChoiceField(label="Source Type", choices=SourceType.choices)
    use_proxy = forms.BooleanField(label="Use Proxy", required=False)
    proxy = _text("Proxy Server", required=False)
    proxy_username = _text("Username", required=False)
    proxy_password = _password("Password")
    preset = forms.ChoiceField(label="App registration")
    cloud = forms.ChoiceField(
        label="Cloud", choices=[(cloud.name, cloud.label) for cloud in CLOUDS.values()], initial="global"
    )
    token_endpoint = _text("Token Endpoint", inputmode="url")
    client_id = _text("Application (client) ID")
    redirect_uri = _text("Redirect URI", required=False, inputmode="url")
    flow = forms.ChoiceField(label="Authentication Flow", choices=Flow.choices)
    authorization_endpoint = _text("Authorization Endpoint", required=False, inputmode="url")
    authorization = forms.CharField(required=False, max_length=HANDLE_LENGTH, widget=forms.HiddenInput)
    client_secret = _password("Client Secret")
    client_secret_expires = forms.DateField(
        label="Secret expires on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "A date looks like 2027-01-31."},
    )
    certificate = forms.FileField(
        label="Certificate",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pfx,.p12,.pem,.cer,.crt,.key"}),
    )
    certificate_passphrase = _password("Certificate Passphrase")
    tenant_id = _text("Tenant ID", required=False)
    graph_root = _text("Graph Root", inputmode="url")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
        *,
        presets: Sequence[Preset],
        before: Connection | None = None,
        held: Collection[SecretField] = (),
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial=initial)
        self.before = before
        self.held = frozenset(held)
        self.loaded: ClientCertificate | None = None
        self._certificate_bytes: bytes | None = None
        self.fields["preset"] = forms.ChoiceField(
            label="App registration", choices=[(preset.key, preset.label) for preset in presets]
        )
        for name, field in self.fields.items():
            field.help_text = HINTS.get(name, "")
            _dress(name, field.widget)

    @property
    def flow_now(self) -> str:
        """The flow as chosen so far."""
        return str(self["flow"].value() or Flow.AUTHORIZATION_CODE)

    @property
    def preset_now(self) -> str:
        """The app registration as chosen so far."""
        return str(self["preset"].value() or VENDORS_PRESET)

    @property
    def cloud_now(self) -> str:
        """The cloud as chosen so far, the global one where it is none that exists."""
        value = str(self["cloud"].value() or "global")
        return value if value in CLOUDS else "global"

    def clean_name(self) -> str:
        """Letters, digits, underscore, space; the first a letter or a digit; nobody else's."""
        name: str = self._checked(check_name, "name")
        others = Connection.objects.filter(name__iexact=name)
        if self.before is not None:
            others = others.exclude(pk=self.before.pk)
        taken = others.values_list("name", flat=True).first()
        if taken is not None:
            raise forms.ValidationError(f"There is a connection “{taken}” already. Choose another name.")
        return name

    def clean_proxy(self) -> str:
        """Needed while a proxy is used, and ignored while none is."""
        text = str(self.cleaned_data.get("proxy", "")).strip()
        if not self.cleaned_data.get("use_proxy"):
            return ""
        example = "https://host:port, http://host:port or IPAddress:port"
        if not text:
            raise forms.ValidationError(f"Proxy Server is needed while Use Proxy is on: {example}.")
        try:
            proxy = parse_proxy(text)
        except InvalidProxy as error:
            raise forms.ValidationError(f"{error.message}. A right one looks like {example}.") from None
        if proxy.username or proxy.password:
            raise forms.ValidationError("User and password stand in their own fields, not in the address.")
        return text

    def clean_token_endpoint(self) -> str:
        """https, or http on this machine."""
        return self._address("token_endpoint", "token-endpoint", token_endpoint)

    def clean_authorization_endpoint(self) -> str:
        """Needed for Authorization Code only."""
        if self.flow_now != Flow.AUTHORIZATION_CODE:
            return ""
        if not self.cleaned_data["authorization_endpoint"].strip():
            raise forms.ValidationError("Authorization Endpoint is needed for Authorization Code.")
        return self._address("authorization_endpoint", "authorization-endpoint", authorization_endpoint)

    def clean_client_id(self) -> str:
        """A GUID."""
        return self._checked(
            lambda text: check_guid("client-id", "Application (client) ID", text), "client_id"
        )

    def clean_redirect_uri(self) -> str:
        """Needed for Authorization Code; elsewhere it may stand there and does nothing."""
        if not self.cleaned_data["redirect_uri"].strip():
            if self.flow_now != Flow.AUTHORIZATION_CODE:
                return ""
            raise forms.ValidationError("Redirect URI is needed for Authorization Code.")
        return self._checked(check_redirect_uri, "redirect_uri")

    def clean_tenant_id(self) -> str:
        """A GUID, or empty until the first import tells it."""
        if not self.cleaned_data["tenant_id"].strip():
            return ""
        return self._checked(lambda text: check_guid("tenant-id", "Tenant ID", text), "tenant_id")

    def clean_graph_root(self) -> str:
        """Scheme, host and port."""
        example = CLOUDS[self.cloud_now].graph_root or CLOUDS["global"].graph_root
        return self._checked(lambda text: check_graph_root(text, example), "graph_root")

    def clean(self) -> dict[str, Any]:
        """What holds between fields."""
        cleaned = super().clean() or self.cleaned_data
        self._clean_certificate(cleaned)
        if self.flow_now == Flow.CLIENT_CREDENTIALS:
            self._clean_own_app(cleaned)
        if not self.errors:
            try:
                draft_connection(self.given(), self.before)
            except InvalidConnection as error:
                self.refuse(error)
        return cleaned

    def refuse(self, error: InvalidConnection) -> None:
        """Put what a service refused beside its field."""
        name = DRAFT_FIELDS.get(error.field, "")
        target = name if name in self.fields else "authorization" if name == "refresh_token" else None
        self.add_error(target, for_the_page(str(error)))

    def given(self) -> Given:
        """What was typed, as the services take it. Nothing is None: the form shows every field."""
        cleaned = self.cleaned_data
        return Given(
            cloud=cleaned["cloud"],
            flow=cleaned["flow"],
            token_endpoint=cleaned["token_endpoint"],
            authorization_endpoint=cleaned["authorization_endpoint"],
            client_id=cleaned["client_id"],
            redirect_uri=cleaned["redirect_uri"],
            tenant_id=cleaned["tenant_id"],
            graph_root=cleaned["graph_root"],
            proxy=cleaned["proxy"],
            proxy_username=cleaned["proxy_username"] if cleaned["use_proxy"] else "",
        )

    @property
    def uses_own_credential(self) -> bool:
        """Whether a client secret or certificate is part of what is given."""
        return self.flow_now == Flow.CLIENT_CREDENTIALS or self.preset_now != VENDORS_PRESET

    def secret(self, name: str) -> Secret | None:
        """A secret that was typed, or None where the field was left empty or does not apply."""
        if name == "proxy_password":
            applies = bool(self.cleaned_data.get("use_proxy"))
        else:
            applies = self.uses_own_credential
        text = self.cleaned_data.get(name) if applies else ""
        return Secret(text) if text else None

    def certificate_file(self) -> tuple[bytes, Secret | None] | None:
        """The uploaded certificate with its passphrase, or None where none was."""
        if self._certificate_bytes is None or not self.uses_own_credential:
            return None
        return self._certificate_bytes, self.secret("certificate_passphrase")

    def _clean_certificate(self, cleaned: dict[str, Any]) -> None:
        upload = cleaned.get("certificate")
        if not upload:
            return
        if upload.size > CERTIFICATE_BYTES:
            self.add_error("certificate", "That is no certificate: it is larger than 100 kB.")
            return
        data = upload.read(CERTIFICATE_BYTES)
        passphrase = cleaned.get("certificate_passphrase") or ""
        try:
            self.loaded = load_certificate(data, Secret(passphrase) if passphrase else None)
        except InvalidCertificate as error:
            about_passphrase = "passphrase" in str(error).lower() or "encrypted" in str(error).lower()
            told = "certificate_passphrase" if about_passphrase else "certificate"
            remedy = error.remedy or "A PFX file, or a PEM file with certificate and key, is what fits here."
            self.add_error(told, f"{error.message}. {remedy}")
            return
        self._certificate_bytes = data

    def _clean_own_app(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("preset") == VENDORS_PRESET and "client_id" not in self.errors:
            self.add_error(
                "client_id",
                "Client Credentials needs an app registration of your own: nobody but its vendor has the "
                "secret of this one. Choose “Your own app” and enter its Application (client) ID.",
            )
        held = self.held & {SecretField.CLIENT_SECRET, SecretField.CERTIFICATE}
        given = [cleaned.get("client_secret"), cleaned.get("certificate")]
        if all(given):
            self.add_error("certificate", "Give a client secret or a certificate, not both.")
        elif not any(given) and not held:
            self.add_error("client_secret", "Client Credentials needs a client secret or a certificate.")

    def _address(self, name: str, field: str, example: Callable[..., str]) -> str:
        cloud = CLOUDS[self.cloud_now]
        right = example(cloud if cloud.login else CLOUDS["global"], "common")
        label = str(self.fields[name].label)
        return self._checked(lambda text: check_address(field, label, text, right), name)

    def _checked(self, check: Callable[[str], str], name: str) -> str:
        try:
            return check(self.cleaned_data[name])
        except InvalidConnection as error:
            raise forms.ValidationError(for_the_page(str(error))) from None


def _dress(name: str, widget: forms.Widget) -> None:
    """Look, and what a screen reader says of the field: its hint, and what is wrong with it."""
    style = "form-control"
    if isinstance(widget, forms.Select):
        style = "form-select"
    elif isinstance(widget, forms.CheckboxInput):
        style = "form-check-input"
    if not widget.is_hidden:
        widget.attrs.update({"class": style, "aria-describedby": f"hint-{name} error-{name}"})
