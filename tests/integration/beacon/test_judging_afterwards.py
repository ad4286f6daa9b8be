"""What becomes current is judged without anybody asking, and a fault of it harms nothing else."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from tests.connecting import connect

from seatbeacon.beacon.audit import COMMAND_LINE
from seatbeacon.beacon.imports.execute import run_import
from seatbeacon.beacon.imports.going_back import go_back
from seatbeacon.beacon.imports.versions import choose_version, version_path
from seatbeacon.beacon.models import InventoryVersion, Reckoning, RunState, SavingsDay, Trigger
from seatbeacon.beacon.runs.cancel import request_cancel
from seatbeacon.beacon.runs.queued import queue_run
from seatbeacon.beacon.savings import evaluate
from seatbeacon.beacon.savings.afterwards import AGAIN, PATIENCE, judge, unjudged
from seatbeacon.beacon.savings.evaluate import recommendations_of
from seatbeacon.beacon.savings.places import results_folder
from seatbeacon.beacon.savings.rule_settings import GivenRule, set_rule
from seatbeacon.optimization import read_outcome, recommend
from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seatbeacon.beacon.models import Connection
    from seatbeacon.beacon.settings import Settings


@pytest.fixture
def connection(home: Settings) -> Iterator[Connection]:
    with Simulator(TenantOptions(users=60)) as running:
        yield connect(home, running)


def test_an_import_and_a_step_back_are_judged_once_each(home: Settings, connection: Connection) -> None:
    assert judge(home) == 0
    run_import(home, connection, Trigger.CLI)
    first = choose_version(None)
    assert unjudged() == [first]
    assert judge(home) == 1
    assert Reckoning.objects.get().version == first.pk
    assert SavingsDay.objects.exists()
    assert judge(home) == 0
    run_import(home, connection, Trigger.CLI)
    assert judge(home) == 1
    go_back(home, InventoryVersion.objects.get(pk=first.pk))
    assert judge(home) == 1
    assert Reckoning.objects.get().version == first.pk


def test_imports_that_wait_come_before_judging_but_not_for_ever(
    home: Settings, connection: Connection
) -> None:
    run_import(home, connection, Trigger.CLI)
    waiting = queue_run(connection, Trigger.SCHEDULE)
    assert judge(home) == 0
    version = choose_version(None)
    assert version.published_at is not None
    InventoryVersion.objects.update(published_at=version.published_at - PATIENCE)
    assert judge(home) == 1
    request_cancel(waiting, actor=COMMAND_LINE)


def test_a_fault_is_told_with_its_tenant_and_tried_again_after_a_while(
    home: Settings, connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    run = run_import(home, connection, Trigger.CLI)
    version = choose_version(None)
    file = version_path(home, version)
    aside = file.rename(file.with_suffix(".aside"))
    assert judge(home) == 0
    assert version.tenant.display_name in caplog.text
    assert "Traceback" not in caplog.text
    run.refresh_from_db()
    assert run.state in (RunState.SUCCEEDED, RunState.SUCCEEDED_WITH_PROBLEMS)
    aside.rename(file)
    assert judge(home) == 0
    told = Reckoning.objects.get()
    assert "does not exist" in told.fault
    assert told.failed_at is not None
    Reckoning.objects.update(failed_at=told.failed_at - AGAIN)
    assert judge(home) == 1
    assert Reckoning.objects.get().fault == ""


def test_a_rule_that_is_set_is_judged_by_soon(home: Settings, connection: Connection) -> None:
    run_import(home, connection, Trigger.CLI)
    version = choose_version(None)
    assert judge(home) == 1
    found = {one.rule for one in recommendations_of(home, version).statuses if one.told == "off"}
    assert found == set()
    set_rule(home, "inactive", GivenRule(off=True), tenant_id=None, actor=COMMAND_LINE)
    assert unjudged() == [version]
    assert judge(home) == 1
    assert unjudged() == []
    found = {one.rule for one in recommendations_of(home, version).statuses if one.told == "off"}
    assert found == {"inactive"}


def test_what_is_set_while_it_is_judged_is_judged_by_next(
    home: Settings, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_import(home, connection, Trigger.CLI)
    version = choose_version(None)

    def meanwhile(*given: Any) -> Any:
        outcome = recommend(*given)
        set_rule(home, "inactive", GivenRule(off=True), tenant_id=None, actor=COMMAND_LINE)
        return outcome

    with monkeypatch.context() as patch:
        patch.setattr(evaluate, "recommend", meanwhile)
        judge(home)
    assert unjudged() == [version]
    judge(home)
    assert unjudged() == []
    found = {one.rule for one in recommendations_of(home, version).statuses if one.told == "off"}
    assert found == {"inactive"}


def test_a_judging_that_is_killed_leaves_the_last_results_and_is_done_again(
    home: Settings, connection: Connection
) -> None:
    run_import(home, connection, Trigger.CLI)
    version = choose_version(None)
    judge(home)
    before = Reckoning.objects.get()
    set_rule(home, "inactive", GivenRule(off=True), tenant_id=None, actor=COMMAND_LINE)
    killed = subprocess.run([sys.executable, "-c", _KILLED], check=False, capture_output=True)  # noqa: S603 - our own
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    after = Reckoning.objects.get()
    assert (after.results, after.stale) == (before.results, True)
    assert (
        read_outcome(results_folder(home, version.tenant_id) / after.results).tenant_id == version.tenant_id
    )
    assert judge(home) == 1
    assert Reckoning.objects.get().results != before.results


_KILLED = """
import os, signal
from seatbeacon.beacon.start import start
settings = start()
from seatbeacon.optimization import evaluate
from seatbeacon.beacon.savings.afterwards import judge
evaluate.Evaluation.run = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
judge(settings)
"""
