from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import msgspec
import pytest
from tests.secret_search import planted

from seatbeacon.beacon.connections.drafts import Given
from seatbeacon.beacon.connections.services import GivenSecrets, add_connection
from seatbeacon.beacon.connections.tokens import token_source
from seatbeacon.beacon.errors import SecretMissing
from seatbeacon.beacon.models import Connection, SecretField
from seatbeacon.beacon.secrets.keys import KeyRing, load_key_ring
from seatbeacon.beacon.secrets.store import forget_secret, get_secret, put_secret
from seatbeacon.graph.messages import Reply, Request
from seatbeacon.graph.oauth.token_request import Patience
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.graph.tokens import TokenSource


class FakeEntra:
    """A token endpoint that rotates refresh tokens, and refuses one that it did not give last."""

    def __init__(self) -> None:
        self.number = 1
        self.redeemed: list[str] = []

    def send(self, request: Request) -> Reply:
        assert request.form is not None
        (token,) = parse_qs(request.form.reveal())["refresh_token"]
        self.redeemed.append(token)
        assert token == planted(f"refresh-{self.number}")
        self.number += 1
        body = {
            "access_token": planted(f"access-{self.number}"),
            "refresh_token": planted(f"refresh-{self.number}"),
            "expires_in": 4000,
            "token_type": "Bearer",
        }
        return Reply(status=200, headers={"content-type": "application/json"}, body=msgspec.json.encode(body))


@pytest.fixture
def ring(home: Settings) -> KeyRing:
    return load_key_ring(home)


@pytest.fixture
def connection(ring: KeyRing, now: datetime) -> Connection:
    return add_connection(ring, "Contoso", Given(), GivenSecrets(refresh_token=Secret(planted("refresh-1"))))


@pytest.fixture
def entra() -> FakeEntra:
    return FakeEntra()


@pytest.fixture
def source(
    home: Settings, ring: KeyRing, connection: Connection, entra: FakeEntra
) -> Callable[[], TokenSource]:
    transport = SimpleNamespace(send=entra.send)
    return lambda: token_source(home.home, ring, connection, transport, Patience())  # type: ignore[arg-type] # a stand-in


def _stored(ring: KeyRing, connection: Connection) -> str | None:
    secret = get_secret(ring, connection, SecretField.REFRESH_TOKEN)
    return None if secret is None else secret.reveal()


def test_a_rotated_refresh_token_is_stored_before_its_access_token_is_handed_out(
    ring: KeyRing, connection: Connection, source: Callable[[], TokenSource]
) -> None:
    assert source().token() == Secret(planted("access-2"))
    assert _stored(ring, connection) == planted("refresh-2")


def test_an_access_token_whose_refresh_token_could_not_be_stored_is_not_used(
    ring: KeyRing,
    connection: Connection,
    source: Callable[[], TokenSource],
    entra: FakeEntra,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from seatbeacon.beacon.connections import tokens  # noqa: PLC0415 - patched below

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    made = source()
    with monkeypatch.context() as patched:
        patched.setattr(tokens, "put_secret", full)
        with pytest.raises(OSError, match="No space"):
            made.token()
    assert _stored(ring, connection) == planted("refresh-1")
    assert made.token() == Secret(planted("access-3"))
    assert entra.redeemed == [planted("refresh-1"), planted("refresh-2")]
    assert _stored(ring, connection) == planted("refresh-3")


def test_what_another_process_stored_meanwhile_is_redeemed(
    source: Callable[[], TokenSource], entra: FakeEntra
) -> None:
    one, other = source(), source()
    first = one.token()
    assert other.token() == Secret(planted("access-3"))
    assert one.renew(first) == Secret(planted("access-4"))
    assert entra.redeemed == [planted("refresh-1"), planted("refresh-2"), planted("refresh-3")]


def test_a_token_that_is_good_is_not_asked_for_again(
    source: Callable[[], TokenSource], entra: FakeEntra
) -> None:
    made = source()
    assert made.token() == made.token()
    assert len(entra.redeemed) == 1


def test_without_a_refresh_token_it_says_how_to_give_one(
    connection: Connection, source: Callable[[], TokenSource]
) -> None:
    forget_secret(connection, SecretField.REFRESH_TOKEN)
    with pytest.raises(SecretMissing, match="--refresh-token-file"):
        source()


def test_a_new_refresh_token_of_a_person_is_taken_up_in_the_middle_of_a_run(
    ring: KeyRing, connection: Connection, source: Callable[[], TokenSource], entra: FakeEntra
) -> None:
    made = source()
    first = made.token()
    entra.number = 7
    put_secret(ring, connection, SecretField.REFRESH_TOKEN, Secret(planted("refresh-7")))
    assert made.renew(first) == Secret(planted("access-8"))
