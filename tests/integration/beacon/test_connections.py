from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.secret_search import planted

from seatbeacon.beacon.connections.drafts import Given
from seatbeacon.beacon.connections.overview import details, overview
from seatbeacon.beacon.connections.services import (
    GivenSecrets,
    add_connection,
    delete_connection,
    edit_connection,
    find_connection,
)
from seatbeacon.beacon.errors import InvalidConnection, NoSuchConnection, RunIsActive, SecretDamaged
from seatbeacon.beacon.models import Connection, SecretField, StoredSecret, Trigger
from seatbeacon.beacon.runs.states import create_run
from seatbeacon.beacon.secrets.keys import KeyRing, load_key_ring
from seatbeacon.beacon.secrets.store import get_secret, stored_at
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.settings import Settings

TENANT = "11111111-2222-3333-4444-555555555555"
APP = "66666666-7777-8888-9999-aaaaaaaaaaaa"
TOKEN = GivenSecrets(refresh_token=Secret(planted("refresh-1")))
APP_SECRET = GivenSecrets(client_secret=Secret(planted("s")))


@pytest.fixture
def ring(home: Settings) -> KeyRing:
    return load_key_ring(home)


def _add(ring: KeyRing, name: str = "Contoso", **fields: str) -> Connection:
    return add_connection(ring, name, Given(**fields), TOKEN)


def test_a_connection_is_found_in_whichever_case(ring: KeyRing) -> None:
    _add(ring)
    assert find_connection("cONTOSO").name == "Contoso"
    with pytest.raises(NoSuchConnection, match="There are: Contoso"):
        find_connection("Fabrikam")


def test_a_name_is_taken_in_every_case(ring: KeyRing) -> None:
    _add(ring)
    with pytest.raises(InvalidConnection, match="already"):
        _add(ring, "CONTOSO")
    assert Connection.objects.count() == 1


def test_secrets_are_sealed_and_come_back(ring: KeyRing) -> None:
    connection = _add(ring)
    sealed = bytes(StoredSecret.objects.get().sealed)
    assert b"refresh-1" not in sealed
    assert get_secret(ring, connection, SecretField.REFRESH_TOKEN) == Secret(planted("refresh-1"))


def test_a_secret_moved_to_another_row_does_not_open(ring: KeyRing) -> None:
    connection, other = _add(ring), _add(ring, "Other")
    sealed = StoredSecret.objects.get(connection=connection).sealed
    StoredSecret.objects.filter(connection=other).update(sealed=sealed)
    with pytest.raises(SecretDamaged, match="Other"):
        get_secret(ring, other, SecretField.REFRESH_TOKEN)


def test_a_secret_moved_to_another_field_does_not_open(ring: KeyRing) -> None:
    connection = _add(ring)
    StoredSecret.objects.update(field=SecretField.CLIENT_SECRET)
    with pytest.raises(SecretDamaged):
        get_secret(ring, connection, SecretField.CLIENT_SECRET)


def test_bad_input_changes_nothing(ring: KeyRing) -> None:
    connection = _add(ring)
    with pytest.raises(InvalidConnection):
        edit_connection(
            ring,
            connection,
            Given(graph_root="ftp://x"),
            APP_SECRET,
            "New",
        )
    connection.refresh_from_db()
    assert connection.name == "Contoso"
    assert set(stored_at(connection)) == {SecretField.REFRESH_TOKEN}


@pytest.mark.parametrize(
    "given",
    [
        Given(client_id=APP),
        Given(token_endpoint="https://login.example/common/oauth2/v2.0/token"),
        Given(graph_root="https://graph.example"),
        Given(cloud="china"),
    ],
)
def test_a_refresh_token_is_forgotten_with_what_it_was_given_for(ring: KeyRing, given: Given) -> None:
    connection = _add(ring)
    assert edit_connection(ring, connection, given, GivenSecrets()) == [SecretField.REFRESH_TOKEN]
    assert not stored_at(connection)


def test_a_refresh_token_given_along_stays(ring: KeyRing) -> None:
    connection = _add(ring)
    secrets = GivenSecrets(refresh_token=Secret(planted("refresh-2")))
    assert edit_connection(ring, connection, Given(client_id=APP), secrets) == []
    connection.refresh_from_db()
    assert get_secret(ring, connection, SecretField.REFRESH_TOKEN) == Secret(planted("refresh-2"))


def test_another_name_or_proxy_keeps_the_refresh_token(ring: KeyRing) -> None:
    connection = _add(ring)
    assert edit_connection(ring, connection, Given(proxy="proxy.example:8080"), GivenSecrets(), "New") == []
    assert find_connection("New").proxy_url == "http://proxy.example:8080"


def test_a_certificate_takes_the_place_of_a_client_secret(
    ring: KeyRing, certificate: Callable[..., Secret]
) -> None:
    given = Given(flow="client-credentials", client_id=APP, tenant_id=TENANT)
    connection = add_connection(ring, "App", given, APP_SECRET)
    edit_connection(ring, connection, Given(), GivenSecrets(certificate=certificate()))
    assert set(stored_at(connection)) == {SecretField.CERTIFICATE}


def test_client_credentials_without_a_credential_are_refused(ring: KeyRing) -> None:
    given = Given(flow="client-credentials", client_id=APP, tenant_id=TENANT)
    with pytest.raises(InvalidConnection, match="--client-secret-file or --certificate"):
        add_connection(ring, "App", given, GivenSecrets())


def test_what_is_shown_holds_no_secret(ring: KeyRing) -> None:
    connection = _add(ring)
    shown = repr([(one.label, one.value) for one in details(lambda: ring, connection)]) + repr(overview())
    assert "refresh-1" not in shown
    assert "stored " in shown


def test_a_connection_with_a_run_under_way_is_not_deleted(ring: KeyRing) -> None:
    connection = _add(ring)
    create_run(connection, Trigger.CLI)
    with pytest.raises(RunIsActive):
        delete_connection(connection)
    assert Connection.objects.exists()


def test_deleting_a_connection_deletes_its_secrets(ring: KeyRing) -> None:
    delete_connection(_add(ring))
    assert not StoredSecret.objects.exists()
