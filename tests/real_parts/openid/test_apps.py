"""An app signs in by itself, by its secret or by its certificate; the provider checks both itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seatbeacon.graph.errors import SignInError
from seatbeacon.graph.oauth import ClientCredentialsSource, ClientSecret
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from tests.real_parts.openid.provider import Provider

    from seatbeacon.graph.oauth import ClientCertificate
    from seatbeacon.graph.transport import Transport

DEFAULT_SCOPE = "https://graph.microsoft.com/.default"


def test_a_secret_is_accepted(provider: Provider, transport: Transport) -> None:
    app = provider.app(provider.secret_client)
    source = ClientCredentialsSource(app, transport, ClientSecret(Secret(provider.secret)))
    first = source.token()
    assert source.token() == first
    assert source.renew(first) != first
    assert source.tokens is not None
    assert source.tokens.scope == DEFAULT_SCOPE
    assert source.tokens.refresh_token is None


def test_a_wrong_secret_is_refused_without_being_told(provider: Provider, transport: Transport) -> None:
    app = provider.app(provider.secret_client)
    source = ClientCredentialsSource(app, transport, ClientSecret(Secret("not-the-secret")))
    with pytest.raises(SignInError) as refused:
        source.token()
    assert refused.value.error == "invalid_client"
    assert refused.value.remedy
    assert "not-the-secret" not in str(refused.value) + repr(refused.value) + refused.value.remedy


def test_a_certificate_is_accepted_and_named_by_its_thumbprint(
    provider: Provider, transport: Transport, certificate: ClientCertificate
) -> None:
    source = ClientCredentialsSource(provider.app(provider.certificate_client), transport, certificate)
    first = source.token()
    assert source.renew(first) != first
    # The provider verified signatures and claims, and reckoned the thumbprint from the certificate itself.
    one, other = provider.journal()["assertions"]
    assert one["header"] == {"alg": "PS256", "typ": "JWT", "x5t#S256": certificate.x5t_s256}
    assert one["claims"]["aud"] == provider.token_endpoint
    assert one["claims"]["iss"] == one["claims"]["sub"] == provider.certificate_client
    assert 300 <= one["claims"]["exp"] - one["claims"]["iat"] <= 600
    assert one["claims"]["jti"] != other["claims"]["jti"]


def test_another_certificate_is_refused(
    provider: Provider, transport: Transport, other_certificate: ClientCertificate
) -> None:
    source = ClientCredentialsSource(provider.app(provider.certificate_client), transport, other_certificate)
    with pytest.raises(SignInError) as refused:
        source.token()
    assert refused.value.error == "invalid_client"
    assert provider.journal()["assertions"] == []
