"""What is too old or nobody's goes; what a run may still need stays."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from seatbeacon.beacon.chores import clockwork
from seatbeacon.beacon.chores.clockwork import Chore, start_chores
from seatbeacon.beacon.chores.housekeeping import keep_house
from seatbeacon.beacon.models import ImportRun, RunLogLine, RunState, SavingsDay, Tenant, Trigger

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from seatbeacon.beacon.settings import Settings

NOW = datetime(2026, 3, 31, tzinfo=UTC)


def make_run(state: RunState) -> ImportRun:
    return ImportRun.objects.create(trigger=Trigger.CLI, state=state, queued_at=NOW)


def make_package(home: Settings, name: str) -> Path:
    folder = home.home / "packages" / name
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    return folder


def test_lines_older_than_the_setting_go(home: Settings) -> None:
    run = make_run(RunState.SUCCEEDED)
    for days in (0, 29, 31, 400):
        RunLogLine.objects.create(run=run, at=NOW - timedelta(days=days), level="INFO", text=str(days))
    keep_house(home, NOW)
    assert list(RunLogLine.objects.values_list("text", flat=True)) == ["0", "29"]


def test_sums_of_savings_older_than_thirteen_months_go(home: Settings) -> None:
    tenant = Tenant.objects.create(
        id="9a7c1e6e-0000-4000-8000-000000000001", display_name="Contoso", created_at=NOW
    )
    for days in (0, 399, 401):
        day = (NOW - timedelta(days=days)).date()
        SavingsDay.objects.create(
            tenant=tenant,
            day=day,
            rule="never-used",
            recommendations=days,
            yearly=1,
            realised=0,
            currency="EUR",
        )
    keep_house(home, NOW)
    assert set(SavingsDay.objects.values_list("recommendations", flat=True)) == {0, 399}


def test_packages_that_no_run_names_go_and_others_stay(home: Settings) -> None:
    going_on = (RunState.QUEUED, RunState.RUNNING, RunState.INTERRUPTED, RunState.HELD)
    stays = [make_package(home, f"run-{make_run(state).pk}") for state in going_on]
    named = make_run(RunState.SUCCEEDED)
    stays.append(make_package(home, f"run-{named.pk}"))
    ImportRun.objects.filter(pk=named.pk).update(package=str(stays[-1]))
    stays.append(make_package(home, "mine"))
    goes = [make_package(home, "run-987654"), make_package(home, f"run-{make_run(RunState.FAILED).pk}")]
    keep_house(home, NOW)
    assert all(folder.exists() for folder in stays)
    assert not any(folder.exists() for folder in goes)


def test_a_package_goes_of_which_a_killed_process_had_removed_a_part(home: Settings) -> None:
    failed = make_run(RunState.FAILED)
    folder = make_package(home, f"run-{failed.pk}-3")
    (folder / "manifest.json").unlink()
    ImportRun.objects.filter(pk=failed.pk).update(package=str(folder))
    keep_house(home, NOW)
    assert not folder.exists()


def test_a_chore_that_fails_is_done_again_and_keeps_no_other_from_its_turn(
    monkeypatch: pytest.MonkeyPatch, home: Settings
) -> None:
    monkeypatch.setattr(clockwork, "LOOK_SECONDS", 0.01)
    failed, done, stopping = threading.Semaphore(0), threading.Semaphore(0), threading.Event()

    def fail() -> None:
        failed.release()
        raise RuntimeError("no")

    thread = start_chores((Chore("fails", 0, fail), Chore("works", 0, done.release)), stopping)
    for _ in range(3):
        assert failed.acquire(timeout=60)
        assert done.acquire(timeout=60)
    stopping.set()
    thread.join(60)
    assert not thread.is_alive()
