"""An import that would leave too little of the disk does not begin, or stops, and says so."""

from __future__ import annotations

import shutil
from collections import namedtuple
from typing import TYPE_CHECKING

import pytest

from seatbeacon.beacon.connections.services import GivenSecrets, add_connection
from seatbeacon.beacon.errors import LowDiskSpace
from seatbeacon.beacon.imports import space
from seatbeacon.beacon.imports.execute import run_import
from seatbeacon.beacon.models import Connection, ImportRun, InventoryVersion, RunState, Trigger
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from seatbeacon.beacon.connections.drafts import Given
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.simulator.server import Simulator

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as shutil's own


@pytest.fixture
def connection(home: Settings, form: Given, simulator: Simulator) -> Connection:
    secrets = GivenSecrets(refresh_token=Secret(simulator.issue_refresh_token()))
    return add_connection(load_key_ring(home), "Contoso", form, secrets)


def test_an_import_does_not_begin_where_too_little_is_free(
    home: Settings, connection: Connection, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, 10**8))
    with pytest.raises(LowDiskSpace, match=r"100 MB free.*500MB.*Make room"):
        run_import(home, connection, Trigger.CLI)
    run = ImportRun.objects.get()
    assert (run.state, run.requests) == (RunState.FAILED, 0)
    assert "Make room there" in run.problem


def test_an_import_stops_where_the_disk_fills_meanwhile_and_the_last_version_stays(
    home: Settings, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_import(home, connection, Trigger.CLI)
    published = InventoryVersion.objects.get(current=True)
    left = iter([10**12] * 8)
    with monkeypatch.context() as patch:
        patch.setattr(space, "INTERVAL", 0.0)
        patch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, next(left, 10**8)))
        with pytest.raises(LowDiskSpace):
            run_import(home, connection, Trigger.CLI)
    failed = ImportRun.objects.order_by("-pk")[0]
    assert failed.state == RunState.FAILED
    assert InventoryVersion.objects.get(current=True) == published
    assert not list((home.home / "packages").glob(f"run-{failed.pk}*"))
    assert run_import(home, connection, Trigger.CLI).state == RunState.SUCCEEDED


def test_the_size_of_the_version_counts(
    home: Settings, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_import(home, connection, Trigger.CLI)
    connection.refresh_from_db()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, 500_000_001))
    with pytest.raises(LowDiskSpace, match="this import needs about"):
        space.require_space(home, connection)
