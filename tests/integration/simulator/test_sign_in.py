"""Every grant, and the pages that a browser walks through."""

from __future__ import annotations

import json
import re
import time
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.simulator.server import Simulator

VERIFIER = "a-verifier-of-more-than-forty-three-characters-0123456789"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


CHALLENGE = b64(sha256(VERIFIER.encode()).digest())


def ask(url: str, **form: str) -> requests.Response:
    return requests.post(url, data=form, timeout=20)


def scope(simulator: Simulator, *more: str) -> str:
    names = ("Directory.Read.All", "Reports.Read.All")
    return " ".join([*(f"{simulator.graph_root}/{name}" for name in names), "offline_access", *more])


def authorize(simulator: Simulator, **more: str) -> requests.Response:
    query = {
        "client_id": simulator.multi_tenant_client_id,
        "response_type": "code",
        "redirect_uri": simulator.redirect_uri,
        "scope": scope(simulator, "openid", "profile"),
        "state": "s t/1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "prompt": "select_account",
    }
    endpoint = simulator.authorization_endpoint
    return requests.get(endpoint, params=query | more, timeout=20, allow_redirects=False)


def press(simulator: Simulator, page: requests.Response, **buttons: str) -> requests.Response:
    """Send the form of a page, as a browser would."""
    assert "<script" not in page.text
    context = re.search(r'name="ctx" value="([^"]+)"', page.text)
    assert context
    return requests.post(
        f"{simulator.login_root}/common/login",
        data={"ctx": context[1], **buttons},
        timeout=20,
        allow_redirects=False,
    )


def walk(simulator: Simulator, account: str = "reports-reader", **more: str) -> requests.Response:
    """Pick an account and give its password."""
    return press(
        simulator, press(simulator, authorize(simulator, **more), account=account), passwd="any", signin="1"
    )


def answer_of(response: requests.Response) -> dict[str, str]:
    assert response.status_code == 302
    return {key: values[0] for key, values in parse_qs(urlsplit(response.headers["Location"]).query).items()}


def redeem(simulator: Simulator, code: str, **more: str) -> requests.Response:
    form = {
        "grant_type": "authorization_code",
        "client_id": simulator.multi_tenant_client_id,
        "code": code,
        "redirect_uri": simulator.redirect_uri,
        "code_verifier": VERIFIER,
    }
    return ask(simulator.token_endpoint, **(form | more))


def aadsts(response: requests.Response) -> int:
    body = response.json()
    (code,) = body["error_codes"]
    assert body["error_description"].startswith(f"AADSTS{code}: ")
    assert {"error", "timestamp", "trace_id", "correlation_id", "error_uri"} <= set(body)
    return int(code)


@pytest.fixture
def simulator(start: Callable[..., Any]) -> Simulator:
    found: Simulator = start().simulator
    return found


def test_the_whole_way_through_the_pages_ends_with_tokens(simulator: Simulator) -> None:
    first = authorize(simulator)
    assert "Pick an account" in first.text
    consent = walk(simulator)
    assert "Permissions requested" in consent.text
    assert "Consent on behalf of your organization" in consent.text
    back = press(simulator, consent, accept="1", consent_all="1")
    assert back.headers["Location"].startswith(simulator.redirect_uri)
    assert requests.get(back.headers["Location"], timeout=20).content == b""
    answer = answer_of(back)
    assert answer["state"] == "s t/1"
    tokens = redeem(simulator, answer["code"]).json()
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 4000
    assert tokens["id_token"].count(".") == 2
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert requests.get(f"{simulator.graph_root}/v1.0/users?$top=1", headers=headers, timeout=20).ok
    again = walk(simulator, "ordinary")
    assert "code" in answer_of(again), "the organization has consented, so nobody is asked again"


def test_a_code_works_once_with_its_verifier_at_its_own_endpoint(simulator: Simulator) -> None:
    code = answer_of(press(simulator, walk(simulator), accept="1"))["code"]
    assert aadsts(redeem(simulator, code, code_verifier="wrong")) == 501481
    assert aadsts(redeem(simulator, code, client_secret="any")) == 700025
    other = simulator.tenant_token_endpoint
    form = {"grant_type": "authorization_code", "client_id": simulator.multi_tenant_client_id, "code": code}
    assert aadsts(ask(other, **form)) == 700005
    assert redeem(simulator, code).ok
    assert aadsts(redeem(simulator, code)) == 54005
    assert aadsts(redeem(simulator, "nonsense")) == 70000


def test_cancelling_declining_and_not_being_allowed_come_back_as_errors(simulator: Simulator) -> None:
    declined = answer_of(press(simulator, walk(simulator), cancel="1"))
    assert declined["error"] == "access_denied"
    assert "AADSTS65004" in declined["error_description"]
    blocked = walk(simulator, "ordinary")
    assert "Need admin approval" in blocked.text
    assert "AADSTS90094" in answer_of(press(simulator, blocked, denied="1"))["error_description"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"redirect_uri": "https://evil.example/"}, "AADSTS50011"),
        ({"client_id": "11111111-2222-3333-4444-555555555555"}, "AADSTS700016"),
    ],
)
def test_what_cannot_be_sent_back_is_shown_as_a_page(
    simulator: Simulator, more: dict[str, str], code: str
) -> None:
    page = authorize(simulator, **more)
    assert page.status_code == 400
    assert code in page.text


def test_a_single_tenant_app_needs_the_tenants_own_endpoint(simulator: Simulator) -> None:
    assert "AADSTS50194" in authorize(simulator, client_id=simulator.own_client_id).text
    form = {"grant_type": "client_credentials", "client_id": simulator.own_client_id}
    assert aadsts(ask(simulator.token_endpoint, **form)) == 50194


def test_a_loopback_redirect_may_have_any_port_and_an_unknown_scope_goes_back(simulator: Simulator) -> None:
    page = authorize(simulator, redirect_uri="http://localhost:54321/callback")
    assert page.status_code == 200
    assert answer_of(authorize(simulator, scope="planets.read"))["error"] == "invalid_scope"


def test_refresh_tokens_rotate_and_the_old_one_keeps_working(simulator: Simulator) -> None:
    old = simulator.issue_refresh_token()
    form = {"grant_type": "refresh_token", "client_id": simulator.multi_tenant_client_id}
    seen = {old}
    for token in (old, old):
        answer = ask(simulator.token_endpoint, refresh_token=token, scope=scope(simulator), **form).json()
        seen.add(answer["refresh_token"])
    assert len(seen) == 3


def test_refresh_tokens_are_refused_for_what_is_wrong_with_them(simulator: Simulator) -> None:
    form = {"grant_type": "refresh_token", "client_id": simulator.multi_tenant_client_id}
    endpoint, good = simulator.token_endpoint, simulator.issue_refresh_token()
    assert aadsts(ask(endpoint, refresh_token="junk", **form)) == 70000
    assert aadsts(ask(endpoint, refresh_token=simulator.issue_refresh_token(age_days=91), **form)) == 700082
    assert (
        aadsts(ask(endpoint, refresh_token=good, scope=scope(simulator, "AuditLog.Read.All"), **form))
        == 65001
    )
    assert aadsts(ask(endpoint.replace("common", "elsewhere.example"), refresh_token=good, **form)) == 90002
    simulator.directory.assignment_required = True
    assert aadsts(ask(endpoint, refresh_token=good, **form)) == 50105
    simulator.directory.refresh_revoked_before = time.time() + 1
    assert aadsts(ask(endpoint, refresh_token=good, **form)) == 50173


def test_tokens_outlive_a_restart_with_the_same_seed(simulator: Simulator, start: Callable[..., Any]) -> None:
    form = {"grant_type": "refresh_token", "client_id": simulator.multi_tenant_client_id}
    reborn: Simulator = start().simulator
    assert ask(reborn.token_endpoint, refresh_token=simulator.issue_refresh_token(), **form).ok
    other: Simulator = start(seed=2).simulator
    assert aadsts(ask(other.token_endpoint, refresh_token=simulator.issue_refresh_token(), **form)) == 70000


def test_an_access_token_expires(start: Callable[..., Any]) -> None:
    client = start(access_token_seconds=0)
    answer = client.get("/users?$top=1")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")


def test_client_credentials_want_the_secret_itself(simulator: Simulator) -> None:
    endpoint, own = simulator.tenant_token_endpoint, simulator.directory.own
    form = {"grant_type": "client_credentials", "client_id": own.client_id}
    form["scope"] = f"{simulator.graph_root}/.default"
    assert ask(endpoint, client_secret=simulator.client_secret, **form).ok
    assert aadsts(ask(endpoint, client_secret=own.secret_id or "", **form)) == 7000215
    assert aadsts(ask(endpoint, client_secret=own.expired_secret or "", **form)) == 7000222
    assert aadsts(ask(endpoint, **form)) == 7000218
    form["scope"] = f"{simulator.graph_root}/Directory.Read.All"
    assert aadsts(ask(endpoint, client_secret=simulator.client_secret, **form)) == 70011


def certificate() -> tuple[rsa.RSAPrivateKey, bytes]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, SHA256())
    )
    return key, made.public_bytes(Encoding.DER)


def assertion(simulator: Simulator, key: rsa.RSAPrivateKey, der: bytes, **changes: Any) -> str:
    head = {"alg": "PS256", "typ": "JWT", "x5t#S256": b64(sha256(der).digest())}
    now, own = int(time.time()), simulator.own_client_id
    body = {
        "aud": simulator.tenant_token_endpoint,
        "iss": own,
        "sub": own,
        "jti": "1",
        "nbf": now,
        "exp": now + 300,
    }
    signed = f"{b64(json.dumps(head).encode())}.{b64(json.dumps(body | changes).encode())}"
    pss = padding.PSS(padding.MGF1(SHA256()), SHA256.digest_size)
    return f"{signed}.{b64(key.sign(signed.encode(), pss, SHA256()))}"


def test_a_registered_certificate_proves_the_app(simulator: Simulator) -> None:
    (key, der), (stranger, _) = certificate(), certificate()
    form = {"grant_type": "client_credentials", "client_id": simulator.own_client_id}
    form["scope"] = f"{simulator.graph_root}/.default"
    endpoint = simulator.tenant_token_endpoint
    assert aadsts(ask(endpoint, client_assertion=assertion(simulator, key, der), **form)) == 700027
    simulator.register_certificate(der)
    assert ask(endpoint, client_assertion=assertion(simulator, key, der), **form).ok
    assert aadsts(ask(endpoint, client_assertion=assertion(simulator, stranger, der), **form)) == 700027
    late = assertion(simulator, key, der, exp=1)
    assert aadsts(ask(endpoint, client_assertion=late, **form)) == 50012
    astray = assertion(simulator, key, der, aud="https://elsewhere.example")
    assert aadsts(ask(endpoint, client_assertion=astray, **form)) == 50012


def test_a_device_code_waits_for_its_sign_in(simulator: Simulator) -> None:
    client = simulator.multi_tenant_client_id
    start = ask(
        simulator.token_endpoint.replace("/token", "/devicecode"), client_id=client, scope=scope(simulator)
    )
    told = start.json()
    form = {"grant_type": DEVICE, "client_id": client, "device_code": told["device_code"]}
    pending = ask(simulator.token_endpoint, **form)
    assert (aadsts(pending), pending.json()["error"]) == (70016, "authorization_pending")
    page = ask(told["verification_uri"], otc=told["user_code"].lower())
    consent = press(simulator, press(simulator, page, account="cloud-admin"), passwd="x")
    assert "You have signed in" in press(simulator, consent, accept="1").text
    assert "refresh_token" in ask(simulator.token_endpoint, **form).json()
    assert aadsts(ask(simulator.token_endpoint, **form)) == 70018


def test_a_declined_and_an_old_device_code_say_so(simulator: Simulator) -> None:
    client = simulator.multi_tenant_client_id
    endpoint = simulator.token_endpoint.replace("/token", "/devicecode")
    for error in ("authorization_declined", "expired_token"):
        code = ask(endpoint, client_id=client, scope=scope(simulator)).json()["device_code"]
        entry = simulator.directory.device_codes[code]
        if error == "authorization_declined":
            entry.declined = True
        else:
            entry.expires = 0
        answer = ask(simulator.token_endpoint, grant_type=DEVICE, client_id=client, device_code=code)
        assert answer.json()["error"] == error


def test_an_administrator_consents_for_everybody(simulator: Simulator) -> None:
    query = {
        "client_id": simulator.multi_tenant_client_id,
        "redirect_uri": simulator.redirect_uri,
        "scope": scope(simulator),
        "state": "7",
    }
    url = f"{simulator.login_root}/organizations/v2.0/adminconsent"
    page = requests.get(url, params=query, timeout=20)
    consent = press(simulator, press(simulator, page, account="cloud-admin"), passwd="x")
    answer = answer_of(press(simulator, consent, accept="1"))
    assert (answer["admin_consent"], answer["tenant"], answer["state"]) == ("True", simulator.tenant.id, "7")


def test_discovery_names_the_endpoints(simulator: Simulator) -> None:
    found = requests.get(
        f"{simulator.login_root}/common/v2.0/.well-known/openid-configuration", timeout=20
    ).json()
    assert found["token_endpoint"] == simulator.token_endpoint
    assert found["authorization_endpoint"] == simulator.authorization_endpoint


def test_a_subprocess_can_be_driven_over_http(simulator: Simulator) -> None:
    root = f"{simulator.login_root}/_simulator"
    state = requests.post(f"{root}/day", json={"day": 3}, timeout=20).json()
    assert (state["day"], state["today"]) == (3, "2026-09-04")
    requests.post(f"{root}/faults", json={"faults": ["429:path=/users,times=always"]}, timeout=20)
    told = requests.get(f"{root}/truth", timeout=20).json()
    assert told["day"] == 3
    assert {"users", "licenses", "assignments", "applications", "usage"} <= set(told)
    assert requests.get(f"{root}/state", timeout=20).json()["faults"][0]["kind"] == "429"
    assert requests.post(f"{root}/day", json={"day": -1}, timeout=20).status_code == 400
    assert requests.get(f"{root}/planets", timeout=20).status_code == 404
    assert simulator.journal.requests == 0
