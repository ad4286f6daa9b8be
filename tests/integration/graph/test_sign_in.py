"""The flows against a token endpoint."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa

from seatbeacon.graph.errors import Malformed, NotJson, ServiceUnavailable, SignInError, Throttled
from seatbeacon.graph.oauth import (
    ClientCertificate,
    ClientSecret,
    OAuthApp,
    begin_authorization,
    begin_device_code,
    client_credentials,
    poll_device_code,
    redeem_code,
    refresh,
)
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from seatbeacon.graph.transport import Transport


def refusal(kit: Any, error: str, number: int | None = None, status: int = 400) -> Any:
    body: dict[str, object] = {"error": error, "error_description": f"AADSTS{number}: Words. Trace ID: x"}
    if number:
        body["error_codes"] = [number]
    return kit.json(body | {"trace_id": "trace-1"}, status)


def self_signed(now: datetime) -> ClientCertificate:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "beacon")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return ClientCertificate(certificate, key)


def id_token(**claims: str) -> str:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{middle}.sig"


def test_a_code_is_redeemed_with_its_verifier_and_no_secret(
    app: OAuthApp, entra: Any, transport: Transport, kit: Any
) -> None:
    pending = begin_authorization(app, login_hint="admin@example.com")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(pending.url).query).items()}
    assert pending.url.startswith(f"{app.authorization_endpoint}?")
    assert asked["response_type"] == "code"
    assert asked["prompt"] == "select_account"
    assert asked["login_hint"] == "admin@example.com"
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"].split()[:3] == [
        f"{app.graph_root}/Directory.Read.All",
        f"{app.graph_root}/Reports.Read.All",
        "offline_access",
    ]
    answer = {
        "token_type": "Bearer",
        "access_token": "access-1",
        "refresh_token": "refresh-1",
        "expires_in": 4000,
        "scope": asked["scope"],
        "id_token": id_token(tid="tenant-1", oid="o-1", preferred_username="admin@example.com", name="Ada"),
    }
    entra.put(kit.token_path, kit.json(answer))
    tokens = redeem_code(
        app, transport, pending, f"{app.redirect_uri}?code=the-code&state={pending.state}&session_state=x"
    )
    form = entra.seen[0].form
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
    assert form["grant_type"] == "authorization_code"
    assert form["code"] == "the-code"
    assert form["redirect_uri"] == app.redirect_uri
    assert form["client_id"] == "client-1"
    assert "client_secret" not in form
    assert tokens.access_token == Secret("access-1")
    assert tokens.refresh_token == Secret("refresh-1")
    assert (tokens.id_claims.tid, tokens.id_claims.name) == ("tenant-1", "Ada")
    assert "access-1" not in repr(tokens)


def test_a_confidential_client_sends_its_secret(
    app: OAuthApp, entra: Any, transport: Transport, kit: Any
) -> None:
    entra.put(kit.token_path, kit.tokens("a"))
    client_credentials(app, transport, ClientSecret(Secret("the value+&")))
    assert entra.seen[0].form == {
        "grant_type": "client_credentials",
        "scope": f"{app.graph_root}/.default",
        "client_id": "client-1",
        "client_secret": "the value+&",
    }


def test_an_app_with_a_certificate_sends_a_new_assertion_each_time(
    app: OAuthApp, entra: Any, transport: Transport, kit: Any, time: Any
) -> None:
    entra.put(kit.token_path, refusal(kit, "temporarily_unavailable", 90033), kit.tokens("a"))
    client_credentials(app, transport, self_signed(time.now()), patience=time.patience())
    forms = [seen.form for seen in entra.seen]
    for form in forms:
        assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        assert form["client_assertion"].count(".") == 2
        assert "client_secret" not in form
    assert forms[0]["client_assertion"] != forms[1]["client_assertion"]


@pytest.mark.parametrize(
    "fault_",
    [
        ("temporarily_unavailable", 90033, 400),
        ("invalid_request", 90024, 400),
        ("server_error", None, 500),
        ("whatever", 50087, 400),
    ],
)
def test_a_passing_fault_of_entra_is_retried(
    app: OAuthApp, entra: Any, transport: Transport, kit: Any, time: Any, fault_: tuple[str, int | None, int]
) -> None:
    entra.put(kit.token_path, refusal(kit, *fault_), kit.tokens("a"))
    refresh(app, transport, Secret("r"), patience=time.patience())
    assert time.slept == [1]
    assert len(entra.seen) == 2


def test_a_passing_fault_that_stays_is_told(
    app: OAuthApp, entra: Any, transport: Transport, kit: Any, time: Any
) -> None:
    entra.put(kit.token_path, refusal(kit, "temporarily_unavailable", 90033))
    with pytest.raises(SignInError, match=r"not available just now; gave up after 6 attempts") as caught:
        refresh(app, transport, Secret("r"), patience=time.patience())
    assert caught.value.aadsts == 90033
    assert caught.value.kind == "transient"


def test_a_busy_token_endpoint_is_waited_for(
    app: OAuthApp, entra: Any, transport: Transport, kit: Any, time: Any
) -> None:
    busy = kit.Answer(b"", 429, {"Retry-After": "12"})
    entra.put(kit.token_path, busy, kit.Answer(b"<html>", 503), kit.tokens("a"))
    refresh(app, transport, Secret("r"), patience=time.patience())
    assert time.slept == [12, 2]
    entra.put(kit.token_path, busy)
    with pytest.raises(Throttled, match="token endpoint"):
        refresh(app, transport, Secret("r"), patience=time.patience())
    entra.put(kit.token_path, kit.Answer(b"", 502))
    with pytest.raises(ServiceUnavailable, match="The token endpoint is not available"):
        refresh(app, transport, Secret("r"), patience=time.patience())


@pytest.mark.parametrize(
    ("number", "error", "kind", "remedy"),
    [
        (7000215, "invalid_client", "setup", "not its id"),
        (7000222, "invalid_client", "setup", "new client secret"),
        (65001, "invalid_grant", "consent", "administrator"),
        (50076, "interaction_required", "mfa", "Generate"),
        (53003, "access_denied", "policy", "policy"),
        (700082, "invalid_grant", "sign-in-again", "Sign in again"),
        (80012, "invalid_grant", "account", "on-premises"),
        (None, "invalid_grant", "sign-in-again", "Sign in again"),
        (1234567, "strange_error", "unknown", "login.microsoftonline.com/error?code=1234567"),
    ],
)
def test_a_refusal_says_what_happened_and_what_to_do(
    app: OAuthApp,
    entra: Any,
    transport: Transport,
    kit: Any,
    number: int | None,
    error: str,
    kind: str,
    remedy: str,
) -> None:
    entra.put(kit.token_path, refusal(kit, error, number))
    with pytest.raises(SignInError) as caught:
        refresh(app, transport, Secret("refresh-secret"))
    told = caught.value
    assert (told.aadsts, told.error, told.kind) == (number, error, kind)
    assert remedy in told.remedy
    assert not told.retryable
    assert told.request_id == "trace-1"
    assert "Trace ID" not in str(told)
    assert len(entra.seen) == 1


def test_words_that_repeat_our_secret_are_masked(
    app: OAuthApp, entra: Any, transport: Transport, kit: Any
) -> None:
    words = {"error": "odd_error", "error_description": "The token refresh-secret is bad."}
    entra.put(kit.token_path, kit.json(words, 400))
    with pytest.raises(SignInError) as caught:
        refresh(app, transport, Secret("refresh-secret"))
    assert "The token ******** is bad" in str(caught.value)


@pytest.mark.parametrize("status", [200, 400, 403])
def test_a_web_page_from_the_token_endpoint_is_a_proxys(
    app: OAuthApp, entra: Any, transport: Transport, kit: Any, time: Any, status: int
) -> None:
    entra.put(kit.token_path, kit.Answer(b"<!doctype html><html>Log in</html>", status))
    with pytest.raises(NotJson, match="proxy's login page"):
        refresh(app, transport, Secret("r"), patience=time.patience())


def test_json_without_a_token_is_malformed(
    app: OAuthApp, entra: Any, transport: Transport, kit: Any, time: Any
) -> None:
    entra.put(kit.token_path, kit.json({"issuer": "somebody"}))
    with pytest.raises(Malformed, match="without a token"):
        refresh(app, transport, Secret("r"), patience=time.patience())


def test_a_refusal_without_reasons_points_at_the_endpoint(
    app: OAuthApp, transport: Transport, entra: Any
) -> None:
    with pytest.raises(SignInError) as caught:
        refresh(app, transport, Secret("r"))
    assert "token endpoint" in caught.value.remedy


def test_a_device_code_is_polled_at_the_pace_asked_for(
    app: OAuthApp, entra: Any, transport: Transport, kit: Any, time: Any
) -> None:
    code = {
        "device_code": "device-secret",
        "user_code": "ABCD",
        "verification_uri": "https://microsoft.com/devicelogin",
        "expires_in": 900,
        "interval": 5,
        "message": "To sign in, …",
    }
    entra.put("/common/oauth2/v2.0/devicecode", kit.json(code))
    pending = begin_device_code(app, transport, patience=time.patience())
    assert (pending.user_code, pending.message) == ("ABCD", "To sign in, …")
    assert "device-secret" not in repr(pending)
    entra.put(
        kit.token_path,
        refusal(kit, "authorization_pending", 70016),
        refusal(kit, "slow_down"),
        refusal(kit, "authorization_pending", 70016),
        kit.tokens("a", "r"),
    )
    tokens = poll_device_code(app, transport, pending, patience=time.patience())
    assert tokens.refresh_token == Secret("r")
    assert time.slept == [5, 5, 10, 10]
    assert entra.seen[-1].form["grant_type"] == "urn:ietf:params:oauth:grant-type:device_code"
    assert "client_secret" not in entra.seen[-1].form


def test_a_device_code_that_is_declined_or_forgotten_ends(
    app: OAuthApp, entra: Any, transport: Transport, kit: Any, time: Any
) -> None:
    code = {"device_code": "d", "user_code": "A", "verification_uri": "https://x.example", "expires_in": 20}
    entra.put("/common/oauth2/v2.0/devicecode", kit.json(code))
    pending = begin_device_code(app, transport, patience=time.patience())
    entra.put(kit.token_path, refusal(kit, "authorization_pending", 70016))
    with pytest.raises(SignInError, match="before the code expired"):
        poll_device_code(app, transport, pending, patience=time.patience())
    entra.put(kit.token_path, refusal(kit, "authorization_declined"))
    with pytest.raises(SignInError, match="declined"):
        poll_device_code(app, transport, pending, patience=time.patience())
