"""The form: its fields, what it refuses and how, Save, and what it never shows."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.secret_search import planted

from seatbeacon.beacon.models import AuditEntry, Connection, SecretField
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.beacon.secrets.store import get_secret, stored_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from seatbeacon.beacon.settings import Settings

NEW = "/inventory-systems/new/"
OWN = "9d0f2f4e-6b7a-4f1e-8c3d-2b1a0f9e8d7c"
SCRIPT = "<script>alert(1)</script>"
SESAME = planted("sesame")


@pytest.fixture(scope="module")
def pfx() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Seatbeacon & Söhne")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=300))
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        b"x", key, certificate, None, BestAvailableEncryption(SESAME.encode())
    )


def errors_in(page: str) -> dict[str, str]:
    found = re.findall(r'data-error-of="(\w+)"[^>]*>(.*?)</div>(?=\s*(?:<div|$))', page, re.DOTALL)
    texts = {name: re.sub(r"<[^>]+>", " ", text).strip() for name, text in found}
    return {name: text for name, text in texts.items() if text}


def test_the_form_opens_with_the_documented_fields_in_order(administrator: Client) -> None:
    page = administrator.get(NEW).content.decode()
    labels = [
        "Connection Name",
        "Source Type",
        "Use Proxy",
        "Proxy Server",
        "Username",
        "Password",
        "Token Endpoint",
        "Application (client) ID",
        "Redirect URI",
        "Authentication Flow",
        "Authorization Endpoint",
        "Refresh Token",
        "Generate…",
    ]
    form = page[page.index('<form class="sb-connection"') :]
    places = [form.index(f">{label}") for label in labels[:-1]] + [form.index("Generate…</button>")]
    assert places == sorted(places)
    for value in (
        "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "5bb1a5a2-0d97-4335-9448-119f7b27aff9",
        "https://login.microsoftonline.com/common/oauth2/nativeclient",
        "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    ):
        assert f'value="{value}"' in form
    assert re.search(r"<fieldset[^>]*data-enabled-by=\"use_proxy\"[^>]* disabled>", form)
    assert "Whose app it is" in form
    assert "Who may use it" in form


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"name": ""}, "name", "is needed"),
        ({"name": "_Contoso"}, "name", "starts with a letter or a digit, such as: Contoso 365"),
        ({"name": SCRIPT}, "name", "letters, digits, underscores and spaces only"),
        ({"name": "x" * 101}, "name", "longer than 100"),
        ({"client_id": "five"}, "client_id", "It looks like 0f3a6d52-"),
        ({"token_endpoint": "http://login.example/token"}, "token_endpoint", "has to be https"),
        (
            {"token_endpoint": "javascript:alert(1)"},
            "token_endpoint",
            "A right one looks like: https://login.",
        ),
        ({"token_endpoint": "file:///etc/passwd"}, "token_endpoint", "A right one looks like"),
        ({"authorization_endpoint": "ftp://login.example/x"}, "authorization_endpoint", "A right one looks"),
        ({"authorization_endpoint": ""}, "authorization_endpoint", "is needed"),
        ({"redirect_uri": "https://beacon.example/back#part"}, "redirect_uri", "A right one looks like"),
        ({"redirect_uri": "javascript:alert(1)"}, "redirect_uri", "A right one looks like"),
        ({"graph_root": "https://graph.microsoft.com/v1.0"}, "graph_root", "without a path"),
        ({"graph_root": "gopher://graph"}, "graph_root", "A right one looks like"),
        ({"tenant_id": "contoso.com"}, "tenant_id", "is not a GUID"),
        ({"use_proxy": "on", "proxy": ""}, "proxy", "http://host:port or IPAddress:port"),
        ({"use_proxy": "on", "proxy": "socks5://10.0.0.1:1"}, "proxy", "IPAddress:port"),
        ({"use_proxy": "on", "proxy": "http://me:secret@10.0.0.1:3128"}, "proxy", "their own fields"),
        ({"flow": "client-credentials"}, "client_id", "an app registration of your own"),
        ({"flow": "client-credentials", "preset": "own-app", "client_id": OWN}, "client_secret", "needs a"),
    ],
)
def test_a_wrong_value_is_told_beside_its_field_with_a_right_one(
    administrator: Client,
    typed: Callable[..., dict[str, str]],
    changes: dict[str, str],
    field: str,
    told: str,
) -> None:
    sent = typed(**changes)
    answer = administrator.post(NEW, sent)
    assert answer.status_code == 400
    assert told in errors_in(answer.content.decode())[field]
    assert SCRIPT not in answer.content.decode()
    typing = administrator.post(f"{NEW}validate/", sent | {"touched": field})
    assert typing.status_code == 200
    assert told in errors_in(typing.content.decode())[field]
    assert not Connection.objects.exists()


def test_a_field_that_was_not_touched_yet_is_not_complained_of(
    administrator: Client, typed: Callable[..., dict[str, str]]
) -> None:
    answer = administrator.post(f"{NEW}validate/", typed(name="", client_id="no") | {"touched": "client_id"})
    assert set(errors_in(answer.content.decode())) == {"client_id"}


def test_a_save_that_is_refused_leaves_the_page_as_it_was(
    administrator: Client, typed: Callable[..., dict[str, str]]
) -> None:
    sent = typed(name="-") | {"proxy_password": planted("hush, quiet")}
    answer = administrator.post(NEW, sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer["HX-Reswap"] == "none"
    assert answer["HX-Trigger-After-Settle"] == "connection-refused"
    assert "name" in errors_in(answer.content.decode())
    assert "hush" not in answer.content.decode()


def test_no_length_of_input_brings_it_down(
    administrator: Client, typed: Callable[..., dict[str, str]]
) -> None:
    for name in ("name", "token_endpoint", "client_id", "redirect_uri", "proxy", "graph_root", "tenant_id"):
        sent = typed(**{name: "a" * 1_000_000}) | {"use_proxy": "on", "touched": name}
        assert "longer than" in errors_in(administrator.post(f"{NEW}validate/", sent).content.decode())[name]
    assert administrator.post(NEW, typed(name="a" * 3_000_000)).status_code == 400
    assert not Connection.objects.exists()


def test_secrets_are_stored_sealed_and_never_sent_back(
    administrator: Client, typed: Callable[..., dict[str, str]], home: Settings
) -> None:
    given = {
        "use_proxy": "on",
        "proxy": "10.0.0.1:3128",
        "proxy_username": "beacon",
        "proxy_password": planted("proxy hush"),
        "client_secret": planted("client hush"),
        "client_secret_expires": (datetime.now(UTC) + timedelta(days=20)).strftime("%Y-%m-%d"),
        "flow": "client-credentials",
        "preset": "own-app",
        "client_id": OWN,
        "tenant_id": OWN,
    }
    answer = administrator.post(NEW, typed(**given))
    assert answer.status_code == 302, answer.content.decode()
    connection = Connection.objects.get()
    ring = load_key_ring(home)
    secret = get_secret(ring, connection, SecretField.CLIENT_SECRET)
    assert secret is not None
    assert secret.reveal() == planted("client hush")
    page = administrator.get(f"/inventory-systems/{connection.pk}/edit/").content.decode()
    assert "leave empty to keep" in page
    assert "hush" not in page
    assert given["client_secret_expires"] in page
    assert "client secret" in administrator.get("/inventory-systems/").content.decode().lower()
    kept = administrator.post(
        f"/inventory-systems/{connection.pk}/edit/",
        typed(**given | {"proxy_password": "", "client_secret": "", "name": "Contoso 2"}),
    )
    assert kept.status_code == 302, kept.content.decode()
    assert set(stored_at(connection)) == {SecretField.CLIENT_SECRET, SecretField.PROXY_PASSWORD}
    told = str(list(AuditEntry.objects.values_list("action", "target", "details")))
    assert "connection.added" in told
    assert "hush" not in told


def test_a_certificate_shows_whose_it_is_and_is_kept(
    administrator: Client, typed: Callable[..., dict[str, str]], pfx: bytes
) -> None:
    fields = typed(flow="client-credentials", preset="own-app", client_id=OWN, tenant_id=OWN)
    wrong = fields | {"certificate": SimpleUploadedFile("b.pfx", pfx), "certificate_passphrase": "wrong"}
    answer = administrator.post(f"{NEW}validate/", wrong | {"touched": "certificate,certificate_passphrase"})
    assert "passphrase" in errors_in(answer.content.decode())["certificate_passphrase"]
    right = fields | {
        "certificate": SimpleUploadedFile("b.pfx", pfx),
        "certificate_passphrase": SESAME,
    }
    answer = administrator.post(f"{NEW}validate/", right | {"touched": "certificate"})
    assert "Seatbeacon &amp; Söhne" in answer.content.decode()
    assert "Not saved yet" in answer.content.decode()
    right["certificate"] = SimpleUploadedFile("b.pfx", pfx)
    assert administrator.post(NEW, right).status_code == 302
    connection = Connection.objects.get()
    page = administrator.get(f"/inventory-systems/{connection.pk}/edit/").content.decode()
    assert "Thumbprint" in page
    assert "sesame" not in page


def test_a_file_that_is_no_certificate_is_refused(
    administrator: Client, typed: Callable[..., dict[str, str]]
) -> None:
    fields = typed(flow="client-credentials", preset="own-app", client_id=OWN, tenant_id=OWN)
    for data, told in ((b"hello", "neither PFX nor PEM"), (b"x" * 200_000, "larger than 100 kB")):
        sent = fields | {
            "certificate": SimpleUploadedFile("b.pfx", data),
            "touched": "certificate,certificate_passphrase",
        }
        texts = errors_in(administrator.post(f"{NEW}validate/", sent).content.decode())
        assert told in " ".join(texts.values())


def test_a_name_is_taken_once_in_whichever_case(
    administrator: Client, saved: Callable[..., int], typed: Callable[..., dict[str, str]]
) -> None:
    saved()
    answer = administrator.post(NEW, typed(name="CONTOSO"))
    assert "There is a connection “Contoso” already" in errors_in(answer.content.decode())["name"]


def test_a_second_connection_to_a_tenant_is_refused_with_the_name_of_the_first(
    administrator: Client,
    saved: Callable[..., int],
    typed: Callable[..., dict[str, str]],
    generate: Callable[..., str],
) -> None:
    saved()
    begun = administrator.post("/inventory-systems/new/authorize/", typed(name="Second")).content.decode()
    assert "data-authorize" in begun
    tenant = Connection.objects.get().tenant_id
    assert tenant
    answer = administrator.post(NEW, typed(name="Second", tenant_id=tenant))
    assert "Contoso" in errors_in(answer.content.decode())["tenant_id"]
    assert Connection.objects.count() == 1


def test_other_settings_than_those_generated_for_are_told_before_and_at_save(
    administrator: Client,
    saved: Callable[..., int],
    typed: Callable[..., dict[str, str]],
) -> None:
    number = saved()
    changed = typed(client_id=OWN, preset="own-app")
    answer = administrator.post(f"/inventory-systems/{number}/validate/", changed | {"touched": "client_id"})
    assert "Saving these edits forgets" in answer.content.decode()
    assert "Refresh Token" in answer.content.decode()
    assert administrator.post(f"/inventory-systems/{number}/edit/", changed).status_code == 302
    page = administrator.get("/inventory-systems/").content.decode()
    assert "Forgotten, because it was given for other settings: Refresh Token" in page


def test_a_token_generated_for_other_settings_is_not_saved(
    administrator: Client, generate: Callable[..., str], typed: Callable[..., dict[str, str]]
) -> None:
    changed = typed(client_id=OWN, preset="own-app") | {"authorization": generate()}
    typing = administrator.post(f"{NEW}validate/", changed)
    assert "Generate it again" in errors_in(typing.content.decode())["authorization"]
    answer = administrator.post(NEW, changed)
    assert "Generate it again" in errors_in(answer.content.decode())["authorization"]
    assert not Connection.objects.exists()
