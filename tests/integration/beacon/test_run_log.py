"""What happens in a run is kept as its log, whichever thread it happened in, and tells no secret."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from seatbeacon.beacon.connections.services import GivenSecrets, add_connection
from seatbeacon.beacon.imports.execute import run_import
from seatbeacon.beacon.logs import run_log as run_log_module
from seatbeacon.beacon.logs.run_log import log_text, run_log
from seatbeacon.beacon.models import Connection, ImportRun, RunLogLine, Trigger
from seatbeacon.beacon.runs.states import create_run
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.graph.errors import GraphError
from seatbeacon.graph.secret import Secret
from seatbeacon.simulator.faults import Fault

if TYPE_CHECKING:
    from seatbeacon.beacon.connections.drafts import Given
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.simulator.server import Simulator

logger = logging.getLogger("seatbeacon.tests")


@pytest.fixture
def connection(home: Settings, form: Given, simulator: Simulator) -> Connection:
    secrets = GivenSecrets(refresh_token=Secret(simulator.issue_refresh_token()))
    return add_connection(load_key_ring(home), "Contoso", form, secrets)


def test_an_import_tells_each_dataset_and_how_it_ended(
    home: Settings, connection: Connection, simulator: Simulator
) -> None:
    simulator.faults.add(Fault(kind="429", match="/v1.0/subscribedSkus", retry_after="0.2"))
    run = run_import(home, connection, Trigger.CLI)
    log = "".join(log_text(run))
    assert "Signed in to Microsoft" in log
    assert "users: collected, 20 in" in log
    assert "subscribedSkus" in log
    assert "429" in log
    assert "Trying again in" in log
    assert "Published" in log
    assert run.requests == 0  # this object is of before
    kept = ImportRun.objects.get(pk=run.pk)
    assert kept.requests > 20
    assert kept.throttled_seconds > 0


def test_a_failure_is_its_last_line(home: Settings, connection: Connection, simulator: Simulator) -> None:
    simulator.faults.add(Fault(kind="403", match="/v1.0/organization", times=100))
    with pytest.raises(GraphError):
        run_import(home, connection, Trigger.CLI)
    last = RunLogLine.objects.order_by("-pk").first()
    assert last is not None
    assert last.level == "ERROR"
    assert last.text.startswith("It failed. ")


def test_lines_are_kept_for_the_run_that_they_are_of_and_for_no_other(connection: Connection) -> None:
    run = create_run(connection, Trigger.CLI)
    logger.info("before")
    with run_log(run):
        logger.info("within")
        logger.debug("too small")
    logger.info("after")
    assert [line.split(" ", 2)[2] for line in log_text(run)] == ["INFO    within\n"]


def test_a_storm_fills_no_disk(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_log_module, "MOST_LINES", 3)
    run = create_run(connection, Trigger.CLI)
    with run_log(run):
        for number in range(10):
            logger.info("line %s", number)
    texts = list(RunLogLine.objects.values_list("text", flat=True))
    assert texts == ["line 0", "line 1", "After 3 lines no more are kept."]
