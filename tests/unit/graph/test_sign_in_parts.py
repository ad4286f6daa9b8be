"""What needs no token endpoint: addresses, certificates, the table of error numbers, claims."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from joserfc import jwt
from joserfc.jwk import RSAKey

from seatbeacon.graph.answers import claims_challenge
from seatbeacon.graph.errors import InvalidCertificate, InvalidEndpoint, SignInError
from seatbeacon.graph.oauth import (
    ClientCertificate,
    OAuthApp,
    begin_authorization,
    delegated_scopes,
    load_certificate,
)
from seatbeacon.graph.oauth.aadsts import meaning_of, sign_in_error, table
from seatbeacon.graph.oauth.authorization_code import read_code
from seatbeacon.graph.oauth.token_set import read_token_set
from seatbeacon.graph.secret import Secret

NOW = datetime(2026, 8, 1, tzinfo=UTC)
PASSPHRASE = Secret("pässword")
KINDS = {
    "setup",
    "consent",
    "account",
    "mfa",
    "policy",
    "sign-in-again",
    "start-again",
    "pending",
    "network",
    "transient",
}


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    """An RSA key."""
    return rsa.generate_private_key(65537, 2048)


def certify(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, name: str = "beacon") -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )


def pem(part: object, passphrase: Secret | None = None) -> bytes:
    if isinstance(part, x509.Certificate):
        return part.public_bytes(serialization.Encoding.PEM)
    assert isinstance(part, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    encryption = (
        serialization.BestAvailableEncryption(passphrase.reveal().encode())
        if passphrase
        else serialization.NoEncryption()
    )
    return part.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


def test_a_certificate_is_read_from_pem_and_pfx(key: rsa.RSAPrivateKey) -> None:
    certificate = certify(key)
    chain = certify(rsa.generate_private_key(65537, 2048), "authority")
    encryption = serialization.BestAvailableEncryption(PASSPHRASE.reveal().encode())
    pfx = pkcs12.serialize_key_and_certificates(b"beacon", key, certificate, [chain], encryption)
    der = certificate.public_bytes(serialization.Encoding.DER)
    for data, passphrase in (
        (pem(key) + pem(certificate), None),
        (pem(chain) + pem(certificate) + pem(key, PASSPHRASE), PASSPHRASE),
        (pem(key) + pem(certificate), PASSPHRASE),
        (pfx, PASSPHRASE),
    ):
        loaded = load_certificate(data, passphrase)
        assert loaded.subject == "CN=beacon"
        assert loaded.thumbprint == hashlib.sha256(der).hexdigest().upper()
        assert loaded.not_after == NOW + timedelta(days=1)
        assert loaded.not_before < loaded.not_after
        assert "PRIVATE" not in repr(loaded)


def test_a_certificate_that_cannot_be_used_is_told_why(key: rsa.RSAPrivateKey) -> None:
    other = rsa.generate_private_key(65537, 2048)
    curve = ec.generate_private_key(ec.SECP256R1())
    encryption = serialization.BestAvailableEncryption(b"right")
    pfx = pkcs12.serialize_key_and_certificates(b"x", key, certify(key), None, encryption)
    for data, passphrase, words in (
        (pem(certify(key)), None, "no private key"),
        (pem(key), None, "no certificate"),
        (pem(other) + pem(certify(key)), None, "another certificate"),
        (pem(curve) + pem(certify(curve)), None, "not an RSA key"),
        (pem(key, PASSPHRASE) + pem(certify(key)), None, "encrypted"),
        (pem(key, PASSPHRASE) + pem(certify(key)), Secret("wrong"), "passphrase is wrong"),
        (pfx, Secret("wrong"), "passphrase is wrong"),
        (pfx, None, "needs a passphrase"),
        (b"nonsense", None, "neither PFX nor PEM"),
        (b"-----BEGIN CERTIFICATE-----\nxxx", None, "cannot be read"),
    ):
        with pytest.raises(InvalidCertificate, match=words) as caught:
            load_certificate(data, passphrase)
        assert "wrong'" not in str(caught.value)


def test_an_assertion_is_signed_as_entra_wants_it(key: rsa.RSAPrivateKey) -> None:
    certificate = certify(key)
    loaded = ClientCertificate(certificate, key)
    endpoint = "https://login.example/t/oauth2/v2.0/token"
    signed = loaded.assertion(client_id="client-1", audience=endpoint, now=NOW)
    public = RSAKey.import_key(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    token = jwt.decode(signed.reveal(), public, algorithms=["PS256"])
    digest = hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).digest()
    expected = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert token.header == {"alg": "PS256", "typ": "JWT", "x5t#S256": expected}
    claims = dict(token.claims)
    assert claims.pop("jti")
    issued = int(NOW.timestamp())
    assert claims == {
        "aud": endpoint,
        "iss": "client-1",
        "sub": "client-1",
        "nbf": issued,
        "iat": issued,
        "exp": issued + 600,
    }
    again = loaded.assertion(client_id="client-1", audience=endpoint, now=NOW)
    assert again != signed


def test_an_expired_certificate_signs_nothing(key: rsa.RSAPrivateKey) -> None:
    loaded = ClientCertificate(certify(key), key)
    with pytest.raises(InvalidCertificate, match="expired on 2026-08-02"):
        loaded.assertion(client_id="c", audience="https://a.example", now=NOW + timedelta(days=2))


@pytest.mark.parametrize(
    "redirected",
    [
        "http://localhost/done?code=abc&state=S",
        "http://localhost/done#code=abc&state=S",
        " https://login.microsoftonline.com/common/oauth2/nativeclient?state=S&code=abc&session_state=x\n",
        "code=abc&state=S",
        "abc",
    ],
)
def test_a_code_is_found_in_what_was_pasted(redirected: str) -> None:
    assert read_code(redirected, "S") == Secret("abc")


@pytest.mark.parametrize(
    ("redirected", "words"),
    [
        ("", "Nothing was pasted"),
        ("http://localhost/done", "no code"),
        ("http://localhost/done?code=abc", "another sign-in"),
        ("http://localhost/done?code=abc&state=T", "another sign-in"),
        ("http://localhost/done?error=access_denied&error_description=AADSTS65004%3A+declined", "declined"),
        ("http://localhost/done?error=access_denied&state=S", "cancelled"),
    ],
)
def test_a_redirect_without_a_code_of_ours_is_told(redirected: str, words: str) -> None:
    with pytest.raises(SignInError, match=words) as caught:
        read_code(redirected, "S")
    assert caught.value.remedy
    assert "abc" not in str(caught.value)


def test_an_app_knows_its_endpoints() -> None:
    app = OAuthApp(
        client_id=" c ",
        token_endpoint="https://login.microsoftonline.com/common/oauth2/v2.0/token",
        authorization_endpoint="https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize",
    )
    assert app.client_id == "c"
    assert app.device_code_endpoint == "https://login.microsoftonline.com/common/oauth2/v2.0/devicecode"
    home = app.for_tenant("t-1")
    assert home.token_endpoint == "https://login.microsoftonline.com/t-1/oauth2/v2.0/token"
    assert home.device_code_endpoint == "https://login.microsoftonline.com/t-1/oauth2/v2.0/devicecode"
    assert home.authorization_endpoint == "https://login.microsoftonline.com/t-1/oauth2/v2.0/authorize"
    assert home.for_tenant("t-2") == home
    with pytest.raises(InvalidEndpoint, match="redirect URI"):
        begin_authorization(app)
    with pytest.raises(InvalidEndpoint):
        OAuthApp(client_id="c", token_endpoint="http://login.example/token")


def test_extra_permissions_are_asked_for_by_name() -> None:
    scopes = delegated_scopes("https://graph.microsoft.us", ["AuditLog.Read.All"]).split()
    assert "https://graph.microsoft.us/AuditLog.Read.All" in scopes
    assert "offline_access" in scopes


def test_two_sign_ins_share_nothing() -> None:
    app = OAuthApp(
        client_id="c",
        token_endpoint="https://a.example/token",
        authorization_endpoint="https://a.example/authorize",
        redirect_uri="http://localhost",
    )
    one, other = begin_authorization(app), begin_authorization(app)
    assert one.state != other.state
    assert one.code_verifier != other.code_verifier
    assert one.code_verifier.reveal() not in one.url


def test_each_number_stands_in_the_table_once_and_says_what_to_do() -> None:
    numbers = [number for entry in table().code for number in entry.codes]
    assert len(numbers) == len(set(numbers))
    entries = [*table().code, *table().error.values()]
    assert {entry.kind for entry in entries} <= KINDS
    assert all(entry.do.endswith(".") and not entry.what.endswith(".") for entry in entries)


def test_only_passing_faults_are_retried() -> None:
    transient = {number for entry in table().code if entry.kind == "transient" for number in entry.codes}
    assert transient == {90006, 90024, 90033, 90055, 50033, 50087}
    error = sign_in_error(error="x", description="AADSTS90033: a transient error", request="POST")
    assert error.retryable
    assert not sign_in_error(error="x", codes=[50055], request="POST").retryable


def test_a_number_wins_over_a_word_and_a_word_over_nothing() -> None:
    assert meaning_of(65001, "invalid_grant") is not meaning_of(None, "invalid_grant")
    assert meaning_of(99, "invalid_grant") is meaning_of(None, "invalid_grant")
    assert meaning_of(80999, "") is not None
    assert meaning_of(None, "") is None
    unknown = sign_in_error(error="odd", description="Odd words. Trace ID: 1", request="POST /token")
    assert str(unknown) == "POST /token: Odd words (odd)."


@pytest.mark.parametrize("alphabet", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_claims_challenge_is_decoded(alphabet: object) -> None:
    assert callable(alphabet)
    claims = json.dumps({"access_token": {"x": "???>>>~~~"}})
    header = f'Bearer error="insufficient_claims", claims="{alphabet(claims.encode()).decode()}"'
    assert claims_challenge({"www-authenticate": header}) == claims


@pytest.mark.parametrize(
    "header",
    [
        "",
        'Bearer error="invalid_token"',
        'Bearer error="insufficient_claims"',
        'Bearer error="insufficient_claims", claims="***"',
        'Bearer error="insufficient_claims", claims="bm90IGpzb24="',
    ],
)
def test_no_other_header_is_a_claims_challenge(header: str) -> None:
    assert claims_challenge({"www-authenticate": header}) is None


@pytest.mark.parametrize("expires_in", [3600, "3600", 3600.0, None])
def test_a_lifetime_is_read_in_every_form(expires_in: object) -> None:
    body = json.dumps({"access_token": "a", "token_type": "bearer", "expires_in": expires_in}).encode()
    tokens = read_token_set(body, NOW)
    assert tokens is not None
    assert tokens.expires_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"access_token": ""}', b'{"access_token":"a","token_type":"mac"}']
)
def test_what_holds_no_token_is_none(body: bytes) -> None:
    assert read_token_set(body, NOW) is None
