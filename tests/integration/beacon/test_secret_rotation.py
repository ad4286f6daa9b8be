"""Keys are rotated, lost and found again; a secret opens at its own place only."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.secret_search import planted

from seatbeacon.beacon.audit import COMMAND_LINE
from seatbeacon.beacon.authorization.begin import begin
from seatbeacon.beacon.authorization.finish import finish
from seatbeacon.beacon.connections.drafts import Given
from seatbeacon.beacon.connections.services import GivenSecrets, add_connection
from seatbeacon.beacon.connections.warnings import connection_warnings
from seatbeacon.beacon.errors import KeyLost, SecretDamaged
from seatbeacon.beacon.models import Connection, SecretField, StoredSecret
from seatbeacon.beacon.secrets import rotation
from seatbeacon.beacon.secrets.inspection import inspect_secrets
from seatbeacon.beacon.secrets.keys import KeyRing, load_key_ring, write_key_file
from seatbeacon.beacon.secrets.rotation import rotate_keys
from seatbeacon.beacon.secrets.store import get_secret, put_secret
from seatbeacon.beacon.settings.loading import KEY_FILE
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.settings import Settings

TOKEN, PASSWORD = planted("token-of-contoso"), planted("password-of-the-proxy")
ROTATED = Secret(planted("rotated"))


@pytest.fixture
def ring(home: Settings) -> KeyRing:
    return load_key_ring(home)


@pytest.fixture
def connection(ring: KeyRing) -> Connection:
    secrets = GivenSecrets(refresh_token=Secret(TOKEN), proxy_password=Secret(PASSWORD))
    return add_connection(ring, "Contoso", Given(proxy="proxy.example:8080"), secrets)


def _values(ring: KeyRing, connection: Connection) -> list[str | None]:
    fields = (SecretField.REFRESH_TOKEN, SecretField.PROXY_PASSWORD)
    found = [get_secret(ring, connection, field) for field in fields]
    return [secret.reveal() if secret else None for secret in found]


def test_a_secret_moved_to_another_field_or_row_does_not_open(ring: KeyRing, connection: Connection) -> None:
    other = add_connection(ring, "Other", Given(), GivenSecrets(refresh_token=Secret(planted("another"))))
    moved = StoredSecret.objects.get(connection=connection, field=SecretField.REFRESH_TOKEN).sealed
    StoredSecret.objects.filter(connection=other).update(sealed=moved)
    with pytest.raises(SecretDamaged, match="belongs to another connection"):
        get_secret(ring, other, SecretField.REFRESH_TOKEN)
    StoredSecret.objects.filter(connection=connection, field=SecretField.PROXY_PASSWORD).update(sealed=moved)
    with pytest.raises(SecretDamaged):
        get_secret(ring, connection, SecretField.PROXY_PASSWORD)
    assert get_secret(ring, connection, SecretField.REFRESH_TOKEN) == Secret(TOKEN)


def test_a_rotation_seals_everything_anew_and_drops_the_old_key(
    home: Settings, ring: KeyRing, connection: Connection, audit: Callable[[], Any]
) -> None:
    before = {bytes(row.sealed) for row in StoredSecret.objects.all()}
    done = rotate_keys(home, actor=COMMAND_LINE)
    assert (done.source, done.resealed, done.lost) == ("file", 2, ())
    assert done.dropped == (ring.sealing.id.hex(),)
    assert not before & {bytes(row.sealed) for row in StoredSecret.objects.all()}
    fresh = load_key_ring(home)
    assert [key.id.hex() for key in fresh.keys] == [done.sealing_key_id]
    assert fresh.find(ring.sealing.id) is None
    assert (home.home / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert _values(fresh, connection) == [TOKEN, PASSWORD]
    assert audit()[-1][0] == "secrets.rotated"
    assert not list(home.home.glob(f"{KEY_FILE}.*"))


def test_a_process_that_holds_the_old_keys_goes_on_after_a_rotation(
    home: Settings, ring: KeyRing, connection: Connection
) -> None:
    rotate_keys(home, actor=COMMAND_LINE)
    assert _values(ring, connection) == [TOKEN, PASSWORD]
    put_secret(ring, connection, SecretField.REFRESH_TOKEN, ROTATED)
    assert get_secret(load_key_ring(home), connection, SecretField.REFRESH_TOKEN) == ROTATED
    assert inspect_secrets(home).lost == ()


def test_a_sign_in_under_way_survives_a_rotation(home: Settings, form: Given, browser: Any) -> None:
    begun = begin(home, given=form, asker="me", actor=COMMAND_LINE)
    rotate_keys(home, actor=COMMAND_LINE)
    address = browser.sign_in(begun.url)
    assert finish(home, address, asker="me", actor=COMMAND_LINE).facts.tenant_id


@pytest.mark.parametrize("writes", [1, 2])
def test_a_rotation_that_is_killed_loses_nothing(
    home: Settings, connection: Connection, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    original, written = write_key_file, 0

    def dying(path: Any, keys: Any) -> None:
        nonlocal written
        written += 1
        if written == writes:
            raise KeyboardInterrupt
        original(path, keys)

    monkeypatch.setattr(rotation, "write_key_file", dying)
    with pytest.raises(KeyboardInterrupt):
        rotate_keys(home, actor=COMMAND_LINE)
    monkeypatch.undo()
    assert _values(load_key_ring(home), connection) == [TOKEN, PASSWORD]
    assert rotate_keys(home, actor=COMMAND_LINE).lost == ()
    assert len(load_key_ring(home).keys) == 1
    assert _values(load_key_ring(home), connection) == [TOKEN, PASSWORD]


def test_keys_in_the_environment_are_used_and_what_to_set_is_told(
    home: Settings, connection: Connection
) -> None:
    old = (home.home / KEY_FILE).read_text().strip()
    one = replace(home, secret_keys=old)
    told = rotate_keys(one, actor=COMMAND_LINE)
    assert told.source == "environment"
    assert any("SEATBEACON_SECRET_KEYS" in step for step in told.next_steps)
    new = base64.b64encode(os.urandom(32)).decode()
    both = replace(home, secret_keys=f"{new},{old}")
    done = rotate_keys(both, actor=COMMAND_LINE)
    assert (done.resealed, done.dropped) == (2, ())
    assert [key.used_by for key in inspect_secrets(both).keys] == [2, 0]
    alone = load_key_ring(replace(home, secret_keys=new))
    assert _values(alone, connection) == [TOKEN, PASSWORD]


def test_a_lost_key_names_the_connections_that_need_their_secrets_again(
    home: Settings, ring: KeyRing, connection: Connection
) -> None:
    (home.home / KEY_FILE).unlink()
    fresh = load_key_ring(home)
    other = add_connection(fresh, "Other", Given(), GivenSecrets(refresh_token=Secret(planted("another"))))
    with pytest.raises(KeyLost, match=ring.sealing.id.hex()):
        get_secret(fresh, connection, SecretField.REFRESH_TOKEN)
    report = inspect_secrets(home)
    assert {(one.connection, one.label) for one in report.lost} == {
        ("Contoso", "Refresh Token"),
        ("Contoso", "Proxy Password"),
    }
    commands = {one.remedy for one in report.lost}
    assert 'seatbeacon connection authorize "Contoso"' in commands
    assert 'seatbeacon connection edit "Contoso" --proxy-password-file FILE' in commands
    kinds = [warn.kind for warn in connection_warnings(connection, ring=fresh)]
    assert kinds == ["secret-lost", "secret-lost"]
    done = rotate_keys(home, actor=COMMAND_LINE)
    assert {lost.connection for lost in done.lost} == {"Contoso"}
    assert get_secret(load_key_ring(home), other, SecretField.REFRESH_TOKEN) == Secret(planted("another"))


def test_a_rotation_and_a_process_that_stores_tokens_do_not_lose_one(
    home: Settings, connection: Connection
) -> None:
    """Another process stores tokens all the while the keys are rotated; the last one opens."""
    program = textwrap.dedent("""
        import sys
        from seatbeacon.beacon.start import start
        settings = start()
        from seatbeacon.beacon.models import Connection, SecretField
        from seatbeacon.beacon.secrets.keys import load_key_ring
        from seatbeacon.beacon.secrets.store import get_secret, put_secret
        from seatbeacon.graph.secret import Secret
        ring = load_key_ring(settings)
        connection = Connection.objects.get()
        print("ready", flush=True)
        for number in range(40):
            token = Secret(f"{sys.argv[1]}-{number}")
            put_secret(ring, connection, SecretField.REFRESH_TOKEN, token)
            assert get_secret(ring, connection, SecretField.REFRESH_TOKEN) == token
    """)
    environ = os.environ | {"SEATBEACON_HOME": str(home.home)}
    command = [sys.executable, "-c", program, planted("token")]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        rotations = 0
        while process.poll() is None and rotations < 20:
            assert rotate_keys(home, actor=COMMAND_LINE).lost == ()
            rotations += 1
        process.communicate()
    assert process.returncode == 0
    assert get_secret(load_key_ring(home), connection, SecretField.REFRESH_TOKEN) == Secret(
        planted("token-39")
    )
