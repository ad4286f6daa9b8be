"""What becomes current is prepared by the worker where it is large, and so is a day that somebody looks at; a
fault of it harms nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from seatbeacon.beacon.connections.services import GivenSecrets, add_connection
from seatbeacon.beacon.imports import days, preparing
from seatbeacon.beacon.imports.days import want_day, wanted_days
from seatbeacon.beacon.imports.execute import run_import
from seatbeacon.beacon.imports.preparing import AGAIN, Preparing
from seatbeacon.beacon.imports.prune import remove_version
from seatbeacon.beacon.imports.versions import choose_version, version_path
from seatbeacon.beacon.locks import file_lock
from seatbeacon.beacon.models import Trigger, WantedDay
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.graph.secret import Secret
from seatbeacon.inventory.engine import is_prepared
from seatbeacon.inventory.errors import Unwritable
from seatbeacon.inventory.preparing import prepare as making
from seatbeacon.inventory.preparing.day import MOST
from seatbeacon.inventory.query import moment_of
from seatbeacon.inventory.querying.told import told_by

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


def _fails(*_: object, **__: object) -> bool:
    raise Unwritable("It could not be written.", "Check the folder.")


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
    monkeypatch.setattr(making, "SMALL", 0)
    now = [0.0]
    chore = Preparing(home, clock=lambda: now[0])
    with monkeypatch.context() as patched:
        patched.setattr(preparing, "prepare", _fails)
        assert chore.prepare() == 0
    assert "could not be prepared, and its pages take longer" in caplog.text
    assert chore.prepare() == 0
    now[0] = AGAIN + 1
    assert chore.prepare() == 1
    assert is_prepared(version)


def test_a_day_that_is_looked_at_is_put_together(
    home: Settings, version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = datetime.now(UTC).date()
    end, current = moment_of(str(today)), choose_version(None)
    want_day(home, current, end)
    assert not WantedDay.objects.exists()  # small
    monkeypatch.setattr(making, "SMALL", 0)
    for _ in range(2):
        want_day(home, current, end)
    assert Preparing(home).prepare() == 2  # the version and the day
    assert not WantedDay.objects.exists()
    assert told_by(version, "users", end)[0].name.endswith(f"{today}.duckdb")
    want_day(home, current, end)
    assert not WantedDay.objects.exists()


def test_a_day_that_fails_is_not_tried_at_once_again(
    home: Settings, version: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(making, "SMALL", 0)
    end, current, now = moment_of(str(datetime.now(UTC).date())), choose_version(None), [0.0]
    chore = Preparing(home, clock=lambda: now[0])
    chore.prepare()
    with monkeypatch.context() as patched:
        patched.setattr(days, "make_day", _fails)
        want_day(home, current, end)
        assert chore.prepare() == 0
    assert "could not be prepared, and its pages take longer" in caplog.text
    assert not WantedDay.objects.exists()
    want_day(home, current, end)
    assert chore.prepare() == 0
    now[0] = AGAIN + 1
    assert chore.prepare() == 1


def test_nothing_is_prepared_where_the_disk_would_be_left_with_too_little(
    home: Settings, version: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(making, "SMALL", 0)
    want_day(home, choose_version(None), moment_of(str(datetime.now(UTC).date())))
    assert Preparing(replace(home, least_free="1000000GB")).prepare() == 0
    assert caplog.text.count("what is to be prepared needs about") == 2
    assert not WantedDay.objects.exists()
    assert not is_prepared(version)


def test_of_many_days_the_last_ones_that_were_looked_at_are_put_together(
    home: Settings, version: Path
) -> None:
    current, now = choose_version(None), datetime.now(UTC)
    for n in range(MOST + 2):
        WantedDay.objects.create(
            version=current, day=now.date() - timedelta(days=n), wanted_at=now + timedelta(seconds=n)
        )
    assert [wish.day for wish in wanted_days()] == [
        now.date() - timedelta(days=n) for n in reversed(range(2, MOST + 2))
    ]
    assert WantedDay.objects.count() == MOST
