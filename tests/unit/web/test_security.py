from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from seatbeacon.beacon.settings import load_settings
from seatbeacon.web.security import allowed_hosts, content_security_policy, web_secret_keys

if TYPE_CHECKING:
    from pathlib import Path


def test_signing_keys_are_made_from_the_key_ring_and_are_not_its_keys(tmp_path: Path) -> None:
    first, second = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
    environ = {"SEATBEACON_HOME": str(tmp_path), "SEATBEACON_SECRET_KEYS": f"{first},{second}"}
    keys = web_secret_keys(load_settings(environ))
    assert len(set(keys)) == 2
    assert not {first, second} & set(keys)
    assert keys == web_secret_keys(load_settings(environ))


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://beacon.example", "beacon.example"),
        ("https://Beacon.example:8443/", "beacon.example"),
        ("http://[2001:db8::1]:8365", "[2001:db8::1]"),
    ],
)
def test_the_pages_answer_to_the_host_of_their_own_address(tmp_path: Path, address: str, host: str) -> None:
    settings = load_settings({"SEATBEACON_HOME": str(tmp_path), "SEATBEACON_BASE_URL": address})
    assert host in allowed_hosts(settings)
    assert "*" not in allowed_hosts(settings)


def test_further_hosts_are_added_by_a_setting(tmp_path: Path) -> None:
    settings = load_settings(
        {"SEATBEACON_HOME": str(tmp_path), "SEATBEACON_ALLOWED_HOSTS": "a.example, .b.example"}
    )
    assert allowed_hosts(settings)[-2:] == ["a.example", ".b.example"]


def test_the_policy_lets_nothing_inline_or_foreign_in() -> None:
    sources = [source for part in content_security_policy()["DIRECTIVES"].values() for source in part]
    assert set(sources) == {"'none'", "'self'", "data:"}
