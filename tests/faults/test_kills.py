"""SIGKILL at any moment: what was published stays, the next import is whole, and nothing is left over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.faults import doomed
from tests.faults.listings import differences, listed, true_listings
from tests.faults.stage import NAME

from seatbeacon.beacon.models import ImportRun, RunState

if TYPE_CHECKING:
    from tests.faults.stage import Stage

    from seatbeacon.simulator.faults import Fault
    from seatbeacon.simulator.reply import Request

EARLIER, TODAY = 0, 30
REQUESTS = range(1, 62, 5)
"""Of the 62 requests of a run."""
MOMENTS = 24
SPREAD = 4
SHARES = (0.0, 0.2, 0.6, 0.95)
"""Of the bytes of the version that an import without a kill writes."""


def start(stage: Stage, moment: str) -> subprocess.Popen[str]:
    """`seatbeacon import run` in a process of its own, that ends itself at `moment`."""
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, doomed.__file__, moment, "import", "run", NAME],
        env={**os.environ, "SEATBEACON_HOME": str(stage.home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit status and standard error of `process`."""
    _, told = process.communicate()
    return process.returncode, told


def check_recovery(stage: Stage, at: str, *, killed: bool) -> None:
    """What must hold after a kill, and after the next import."""
    tenant = stage.simulator.tenant
    before, today = true_listings(tenant, EARLIER), true_listings(tenant, TODAY, earlier=[EARLIER])
    found = listed()
    published = ImportRun.objects.latest("pk").state == RunState.SUCCEEDED
    wrong = differences(found, today if published else before)
    assert not wrong, f"killed {at}, and the listings are not those of before: {wrong}"
    assert published or killed
    next_run = stage.imported()
    assert next_run.status == 0, f"killed {at}, and the next import fails: {next_run.told}"
    assert differences(listed(), today) == [], f"killed {at}"
    stage.check_nothing_left()
    states = {run.state for run in ImportRun.objects.all()}
    assert states <= {RunState.SUCCEEDED, RunState.INTERRUPTED}
    assert stage.simulator.violations == []
    stage.put_back()


@pytest.mark.parametrize("number", REQUESTS)
def test_a_kill_while_collecting(stage: Stage, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    simulator = stage.simulator
    simulator.journal.clear()
    process = start(stage, "count")
    answered = simulator.answered

    def kill_at_the_nth(request: Request, status: int, size: int, fault: Fault | None) -> None:
        answered(request, status, size, fault)
        if simulator.journal.requests == number:
            process.send_signal(signal.SIGKILL)

    monkeypatch.setattr(simulator, "answered", kill_at_the_nth)
    status, told = ended(process)
    monkeypatch.undo()
    assert status == -signal.SIGKILL, told
    check_recovery(stage, f"after request {number}", killed=True)


@pytest.fixture(scope="module")
def moments(stage: Stage) -> int:
    """How many moments the writing of a version has."""
    status, told = ended(start(stage, "count"))
    assert status == 0, told
    return int(told.rpartition("moments: ")[2])


@pytest.mark.parametrize("part", range(MOMENTS))
def test_a_kill_at_any_step_of_importing(stage: Stage, moments: int, part: int) -> None:
    stage.put_back()
    # The last moments, when the version is named and published, are tried one by one.
    late = MOMENTS // 2
    moment = moments - part if part < late else 1 + (part - late) * (moments - late) // (MOMENTS - late)
    status, told = ended(start(stage, str(moment)))
    # The number differs by a few from run to run: the very last ones may not come.
    assert status == -signal.SIGKILL or (status == 0 and part < SPREAD), told
    check_recovery(stage, f"at moment {moment} of {moments}", killed=status != 0)


@pytest.fixture(scope="module")
def whole(stage: Stage) -> int:
    """How many bytes the version has that is written."""
    stage.put_back()
    assert stage.imported().status == 0
    return stage.published.stat().st_size


@pytest.mark.parametrize("share", SHARES)
def test_a_kill_in_the_middle_of_writing_a_version(stage: Stage, whole: int, share: float) -> None:
    stage.put_back()
    size = 1 + int(share * whole)
    status, told = ended(start(stage, f"size:{size}"))
    assert status in {-signal.SIGKILL, 0}, told
    check_recovery(stage, f"when {size} of {whole} bytes were written", killed=status != 0)
