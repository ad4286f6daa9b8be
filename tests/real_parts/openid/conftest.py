"""An OpenID provider that we did not write, in Entra ID's place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest
from tests.real_parts.openid.provider import Provider, made_certificate, running

from seatbeacon.graph.oauth import ClientCertificate, load_certificate
from seatbeacon.graph.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def other_certificate() -> ClientCertificate:
    """One that the provider does not know."""
    return load_certificate(made_certificate())


@pytest.fixture(scope="session")
def certificate_pem() -> bytes:
    """The certificate of the provider's third client, with its key."""
    return made_certificate()


@pytest.fixture(scope="session")
def certificate(certificate_pem: bytes) -> ClientCertificate:
    """The same, loaded."""
    return load_certificate(certificate_pem)


@pytest.fixture(scope="session")
def running_provider(certificate_pem: bytes, missing: Callable[[str], NoReturn]) -> Iterator[Provider]:
    """The provider, started once."""
    with running(certificate_pem, missing) as provider:
        yield provider


@pytest.fixture
def provider(running_provider: Provider) -> Provider:
    """The provider, its journal empty."""
    running_provider.forget()
    return running_provider


@pytest.fixture
def transport() -> Iterator[Transport]:
    """A transport without a proxy."""
    with Transport() as opened:
        yield opened
