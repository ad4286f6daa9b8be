from __future__ import annotations

import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from seatbeacon.beacon.errors import BadSecretKeys, KeyLost, SecretDamaged
from seatbeacon.beacon.secrets.keys import KeyRing, SecretKey, load_key_ring, parse_keys
from seatbeacon.beacon.secrets.sealing import open_sealed, seal
from seatbeacon.beacon.settings import Settings, load_settings

if TYPE_CHECKING:
    from pathlib import Path


def _key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def _settings(home: Path, keys: str = "") -> Settings:
    return load_settings({"SEATBEACON_HOME": str(home), "SEATBEACON_SECRET_KEYS": keys})


def test_a_key_file_is_made_at_first_use_for_its_owner_alone(tmp_path: Path) -> None:
    ring = load_key_ring(_settings(tmp_path))
    path = tmp_path / "secret-keys"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key_ring(_settings(tmp_path)) == ring
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret-keys"]


def test_everybody_who_makes_the_key_file_at_once_gets_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: load_key_ring(_settings(tmp_path)), range(16)))
    assert len({ring.sealing.value for ring in rings}) == 1


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    load_key_ring(_settings(tmp_path))
    (tmp_path / "secret-keys").chmod(0o644)
    with pytest.raises(BadSecretKeys, match="chmod 600"):
        load_key_ring(_settings(tmp_path))


def test_keys_of_the_environment_make_no_file(tmp_path: Path) -> None:
    ring = load_key_ring(_settings(tmp_path, f"{_key()}, {_key()}"))
    assert len(ring.keys) == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["", ",", "c2hvcnQ=", "not base64!"])
def test_a_key_that_is_none_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(BadSecretKeys, match="openssl rand -base64 32") as caught:
        parse_keys(text, "the test")
    assert not text.strip(",") or text not in str(caught.value)


def test_a_sealed_secret_opens_at_its_place_only() -> None:
    ring = parse_keys(_key(), "the test")
    sealed = seal(ring, b"hunter2", b"connection/1/refresh-token")
    assert b"hunter2" not in sealed
    assert open_sealed(ring, sealed, b"connection/1/refresh-token", "token") == b"hunter2"
    for place in (b"connection/2/refresh-token", b"connection/1/client-secret"):
        with pytest.raises(SecretDamaged, match="token"):
            open_sealed(ring, sealed, place, "token")


def test_a_changed_secret_does_not_open() -> None:
    ring = parse_keys(_key(), "the test")
    sealed = bytearray(seal(ring, b"hunter2", b"here"))
    sealed[-1] ^= 1
    with pytest.raises(SecretDamaged):
        open_sealed(ring, bytes(sealed), b"here", "token")


def test_an_older_key_still_opens_and_the_first_one_seals() -> None:
    old, new = _key(), _key()
    sealed = seal(parse_keys(old, "the test"), b"hunter2", b"here")
    both = parse_keys(f"{new},{old}", "the test")
    assert open_sealed(both, sealed, b"here", "token") == b"hunter2"
    with pytest.raises(KeyLost, match="token"):
        open_sealed(parse_keys(old, "the test"), seal(both, b"hunter2", b"here"), b"here", "token")


def test_a_key_ring_does_not_print_its_keys() -> None:
    key = os.urandom(32)
    assert repr(key)[2:-1] not in repr(KeyRing((SecretKey(key),), "the test"))
