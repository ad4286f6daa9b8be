"""A person signs in: PKCE, state, refusals, and what the tokens then open."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from seatbeacon.graph.errors import SignInError
from seatbeacon.graph.messages import Request
from seatbeacon.graph.oauth import (
    ClientSecret,
    RefreshTokenSource,
    begin_authorization,
    begin_device_code,
    poll_device_code,
    redeem_code,
)
from seatbeacon.graph.oauth.token_request import Patience
from seatbeacon.graph.retry import Runtime
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from tests.real_parts.openid.provider import Provider

    from seatbeacon.graph.oauth import ClientCertificate, TokenSet
    from seatbeacon.graph.transport import Transport

# Without `consent` an OpenID provider gives no refresh token (OpenID Connect Core §11); Entra ID does.
PROMPT = "select_account consent"


def _opens(provider: Provider, transport: Transport, tokens: TokenSet) -> str:
    reply = transport.send(Request(url=f"{provider.issuer}/me", bearer=tokens.access_token))
    assert reply.status == 200
    return str(msgspec.json.decode(reply.body)["sub"])


@pytest.mark.parametrize("redirect", ["loopback", "native"])
def test_a_person_signs_in_and_the_code_is_redeemed(
    provider: Provider, transport: Transport, redirect: str
) -> None:
    app = provider.app(redirect_uri=getattr(provider, redirect))
    pending = begin_authorization(app, prompt=PROMPT)
    *pages, address = provider.browse(pending.url)
    assert pages == ["select_account", "login", "consent"]
    assert address.startswith(f"{app.redirect_uri}?")
    tokens = redeem_code(app, transport, pending, address)
    assert tokens.refresh_token
    assert tokens.id_claims.preferred_username == "adele@contoso.com"
    assert tokens.id_claims.name == "Adele Vance"
    assert set(app.scopes.split()) == set(tokens.scope.split())
    assert _opens(provider, transport, tokens) == "adele@contoso.com"


def test_a_wrong_verifier_is_refused(provider: Provider, transport: Transport) -> None:
    app = provider.app()
    pending = begin_authorization(app, prompt=PROMPT)
    address = provider.browse(pending.url)[-1]
    other = msgspec.structs.replace(pending, code_verifier=begin_authorization(app).code_verifier)
    with pytest.raises(SignInError) as refused:
        redeem_code(app, transport, other, address)
    assert refused.value.error == "invalid_grant"
    assert "code_verifier does not match" in provider.journal()["refused"][0]


def test_an_authorization_without_pkce_is_refused(provider: Provider, transport: Transport) -> None:
    app = provider.app()
    pending = begin_authorization(app, prompt=PROMPT)
    start = pending.url.partition("&code_challenge=")[0]
    address = provider.browse(start)[-1]
    assert "PKCE" in parse_qs(urlsplit(address).query)["error_description"][0]


def test_the_state_of_another_sign_in_is_refused_before_anything_is_sent(
    provider: Provider, transport: Transport
) -> None:
    app = provider.app()
    mine, other = (begin_authorization(app, prompt=PROMPT) for _ in range(2))
    address = provider.browse(other.url)[-1]
    with pytest.raises(SignInError, match="another sign-in"):
        redeem_code(app, transport, mine, address)
    assert provider.journal()["issued"] == provider.journal()["refused"] == []
    assert redeem_code(app, transport, other, address).refresh_token


def test_a_code_is_good_once_and_its_second_use_kills_what_it_gave(
    provider: Provider, transport: Transport
) -> None:
    app = provider.app()
    pending = begin_authorization(app, prompt=PROMPT)
    address = provider.browse(pending.url)[-1]
    tokens = redeem_code(app, transport, pending, address)
    with pytest.raises(SignInError):
        redeem_code(app, transport, pending, address)
    assert tokens.refresh_token is not None
    source = RefreshTokenSource(app, transport, tokens.refresh_token, store=lambda _: None)
    with pytest.raises(SignInError):
        source.token()


@pytest.mark.parametrize("at", ["select_account", "login", "consent"])
def test_a_declined_sign_in_says_so(provider: Provider, transport: Transport, at: str) -> None:
    app = provider.app()
    pending = begin_authorization(app, prompt=PROMPT)
    address = provider.browse(pending.url, decline=at)[-1]
    with pytest.raises(SignInError) as refused:
        redeem_code(app, transport, pending, address)
    assert refused.value.aadsts == 65004
    assert refused.value.remedy
    assert provider.journal()["issued"] == []


def test_an_app_with_a_secret_redeems_a_code_with_it(provider: Provider, transport: Transport) -> None:
    app = provider.app(provider.secret_client, provider.callback)
    pending = begin_authorization(app, prompt=PROMPT)
    address = provider.browse(pending.url)[-1]
    right = ClientSecret(Secret(provider.secret))
    with pytest.raises(SignInError) as refused:
        redeem_code(app, transport, pending, address, ClientSecret(Secret("another")))
    assert refused.value.error == "invalid_client"
    tokens = redeem_code(app, transport, pending, address, right)
    assert tokens.refresh_token is not None
    source = RefreshTokenSource(app, transport, tokens.refresh_token, right, store=lambda _: None)
    assert source.token() != tokens.access_token


def test_an_app_with_a_certificate_redeems_a_code_with_it(
    provider: Provider, transport: Transport, certificate: ClientCertificate
) -> None:
    app = provider.app(provider.certificate_client, provider.callback)
    pending = begin_authorization(app, prompt=PROMPT)
    tokens = redeem_code(app, transport, pending, provider.browse(pending.url)[-1], certificate)
    assert tokens.refresh_token is not None
    source = RefreshTokenSource(app, transport, tokens.refresh_token, certificate, store=lambda _: None)
    assert source.token() != tokens.access_token
    assert len({one["claims"]["jti"] for one in provider.journal()["assertions"]}) == 2


@pytest.mark.parametrize("decline", [None, "consent"])
def test_a_person_signs_in_on_another_device(
    provider: Provider, transport: Transport, decline: str | None
) -> None:
    app = provider.app()
    pending = begin_device_code(app, transport)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        """The person signs in between the first poll and the second."""
        waits.append(seconds)
        if len(waits) == 2:
            provider.browse(pending.verification_uri, user_code=pending.user_code, decline=decline)

    patience = Patience(runtime=Runtime(sleep=wait))
    if decline:
        with pytest.raises(SignInError) as refused:
            poll_device_code(app, transport, pending, patience=patience)
        assert refused.value.error == "access_denied"
        return
    tokens = poll_device_code(app, transport, pending, patience=patience)
    assert len(waits) == 2
    assert any("authorization_pending" in one for one in provider.journal()["refused"])
    assert _opens(provider, transport, tokens) == "adele@contoso.com"
