"""What is about to end is warned of in time, and says which day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.secret_search import planted

from seatbeacon.beacon.connections.drafts import Given
from seatbeacon.beacon.connections.facts import Facts, authorized_facts, credential_facts
from seatbeacon.beacon.connections.overview import details, overview
from seatbeacon.beacon.connections.services import GivenSecrets, add_connection, edit_connection
from seatbeacon.beacon.connections.warnings import all_warnings, connection_warnings
from seatbeacon.beacon.errors import InvalidConnection
from seatbeacon.beacon.models import Connection, SecretField
from seatbeacon.beacon.secrets.keys import KeyRing, load_key_ring
from seatbeacon.beacon.secrets.store import note_facts
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.settings import Settings

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
APP = {
    "flow": "client-credentials",
    "client_id": "66666666-7777-8888-9999-aaaaaaaaaaaa",
    "tenant_id": "11111111-2222-3333-4444-555555555555",
}


@pytest.fixture
def ring(home: Settings) -> KeyRing:
    return load_key_ring(home)


def _unused(ring: KeyRing, days: int) -> Connection:
    connection = add_connection(ring, "Contoso", Given(), GivenSecrets(refresh_token=Secret(planted("t"))))
    used = NOW - timedelta(days=days)
    facts = Facts(obtained_at=used, last_used_at=used).to_json()
    note_facts(connection, SecretField.REFRESH_TOKEN, facts)
    return connection


def _kinds(connection: Connection) -> list[tuple[str, str]]:
    return [(warn.kind, warn.level) for warn in connection_warnings(connection, now=NOW)]


@pytest.mark.parametrize(
    ("days", "kinds"),
    [
        (0, []),
        (59, []),
        (60, [("refresh-token-unused", "warning")]),
        (89, [("refresh-token-unused", "warning")]),
        (90, [("refresh-token-dead", "error")]),
    ],
)
def test_a_token_that_nobody_uses_is_warned_of(
    ring: KeyRing, days: int, kinds: list[tuple[str, str]]
) -> None:
    connection = _unused(ring, days)
    assert _kinds(connection) == kinds
    dies = (NOW - timedelta(days=days) + timedelta(days=90)).date()
    for warn in connection_warnings(connection, now=NOW):
        assert warn.on == dies
        assert str(dies) in warn.text


def test_a_connection_without_a_token_is_told(ring: KeyRing) -> None:
    connection = add_connection(ring, "Contoso", Given(), GivenSecrets())
    assert _kinds(connection) == [("refresh-token-missing", "error")]


@pytest.mark.parametrize(
    ("days", "kinds"),
    [
        (31, []),
        (30, [("client-secret-ends", "warning")]),
        (1, [("client-secret-ends", "warning")]),
        (0, [("client-secret-ends", "warning")]),
        (-1, [("client-secret-ended", "error")]),
    ],
)
def test_a_client_secret_near_its_end_is_warned_of(
    ring: KeyRing, days: int, kinds: list[tuple[str, str]]
) -> None:
    ends = NOW.date() + timedelta(days=days)
    secrets = GivenSecrets(client_secret=Secret(planted("s")), client_secret_expires=ends)
    assert _kinds(add_connection(ring, "App", Given(**APP), secrets)) == kinds


@pytest.mark.parametrize(("days", "kind"), [(10, "certificate-ends"), (-3, "certificate-ended")])
def test_a_certificate_near_its_end_is_warned_of(
    ring: KeyRing, certificate: Callable[..., Secret], days: int, kind: str
) -> None:
    connection = add_connection(ring, "App", Given(**APP), GivenSecrets(certificate=certificate(days)))
    (warn,) = connection_warnings(connection)
    assert warn.kind == kind
    facts = credential_facts(connection)
    assert facts.certificate_subject == "CN=beacon"
    assert warn.on == (facts.certificate_not_after or NOW).date()


def test_the_end_of_a_secret_can_be_given_later(ring: KeyRing) -> None:
    connection = add_connection(ring, "App", Given(**APP), GivenSecrets(client_secret=Secret(planted("s"))))
    ends = NOW.date()
    edit_connection(ring, connection, Given(), GivenSecrets(client_secret_expires=ends))
    assert credential_facts(connection).client_secret_expires == ends
    edit_connection(ring, connection, Given(), GivenSecrets(client_secret=Secret(planted("next"))))
    assert credential_facts(connection).client_secret_expires is None


def test_an_end_needs_a_client_secret(ring: KeyRing) -> None:
    with pytest.raises(InvalidConnection, match="holds no client secret"):
        add_connection(ring, "Contoso", Given(), GivenSecrets(client_secret_expires=NOW.date()))
    assert not Connection.objects.exists()


def test_the_list_has_the_warnings_of_all_connections(ring: KeyRing) -> None:
    dead = _unused(ring, 400)
    fine = add_connection(ring, "Fine", Given(), GivenSecrets(refresh_token=Secret(planted("t"))))
    assert set(all_warnings()) == {dead.pk}
    assert connection_warnings(fine) == []
    by_name = {row[0]: row[-1] for row in overview()}
    assert by_name["Fine"] == []
    assert "died on" in str(by_name["Contoso"])


def test_a_connection_shows_who_signed_in_and_until_when_it_lives(ring: KeyRing) -> None:
    connection = _unused(ring, 0)
    facts = authorized_facts(connection)
    assert facts is not None
    known = Facts(
        username="ada@contoso.example",
        display_name="Ada",
        scopes=("Directory.Read.All",),
        obtained_at=NOW,
        last_used_at=NOW,
    )
    note_facts(connection, SecretField.REFRESH_TOKEN, known.to_json())
    shown = {detail.key: detail.value for detail in details(lambda: ring, connection)}
    assert shown["signed_in"] == "Ada (ada@contoso.example)"
    assert shown["permissions"] == ["Directory.Read.All"]
    assert str(shown["token_dies_on"]) == "2026-08-30"
