"""What becomes current is prepared by the worker where it is large; a fault of it harms nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seatbeacon.beacon.connections.services import GivenSecrets, add_connection
from seatbeacon.beacon.imports import preparing
from seatbeacon.beacon.imports.execute import run_import
from seatbeacon.beacon.imports.preparing import AGAIN, Preparing
from seatbeacon.beacon.imports.prune import remove_version
from seatbeacon.beacon.imports.versions import choose_version, version_path
from seatbeacon.beacon.locks import file_lock
from seatbeacon.beacon.models import Trigger
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.graph.secret import Secret
from seatbeacon.inventory.engine import is_prepared
from seatbeacon.inventory.errors import Unwritable
from seatbeacon.inventory.preparing import prepare as making

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.connections.drafts import Given
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.simulator.server import Simulator


@pytest.fixture
def version(home: Settings, form: Given, simulator: Simulator) -> Path:
    secrets = GivenSecrets(refresh_token=Secret(simulator.issue_refresh_token()))
    connection = add_connection(load_key_ring(home), "Contoso", form, secrets)
    run_import(home, connection, Trigger.CLI)
    return version_path(home, choose_version(None))


def test_a_small_version_is_read_as_it_is(home: Settings, version: Path) -> None:
    assert Preparing(home).prepare() == 0
    assert not is_prepared(version)


def test_a_large_version_is_prepared_once_and_it_goes_with_it(
    home: Settings, version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "SMALL", 0)
    with file_lock(home.home / "locks" / "preparing"):
        assert Preparing(home).prepare() == 0
    assert Preparing(home).prepare() == 1
    assert is_prepared(version)
    assert Preparing(home).prepare() == 0
    remove_version(home, choose_version(None))
    assert not (version.parent / "prepared").exists()


def test_what_fails_is_tried_again_after_a_while(
    home: Settings, version: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> bool:
        raise Unwritable("It could not be written.", "Check the folder.")

    monkeypatch.setattr(making, "SMALL", 0)
    now = [0.0]
    chore = Preparing(home, clock=lambda: now[0])
    with monkeypatch.context() as patched:
        patched.setattr(preparing, "prepare", fails)
        assert chore.prepare() == 0
    assert "could not be prepared, and its pages take longer" in caplog.text
    assert chore.prepare() == 0
    now[0] = AGAIN + 1
    assert chore.prepare() == 1
    assert is_prepared(version)
