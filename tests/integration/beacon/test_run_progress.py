"""A run's progress stands in the database while it runs, and anybody may cancel it from another process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.beacon.audit import COMMAND_LINE
from seatbeacon.beacon.connections.services import GivenSecrets, add_connection
from seatbeacon.beacon.errors import RunIsActive, WrongState
from seatbeacon.beacon.imports.execute import execute_queued, run_import
from seatbeacon.beacon.imports.observer import Unobserved
from seatbeacon.beacon.models import Connection, ImportRun, RunState, Trigger
from seatbeacon.beacon.runs import progress as progress_module
from seatbeacon.beacon.runs.cancel import request_cancel
from seatbeacon.beacon.runs.progress import RunWatch, run_progress
from seatbeacon.beacon.runs.queued import claim_run, queue_run
from seatbeacon.beacon.runs.states import create_run
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.beacon.worker.execute_now import execute_now
from seatbeacon.beacon.worker.tasks import execute_import
from seatbeacon.collection.package import Outcome
from seatbeacon.collection.progress import Progress
from seatbeacon.graph.errors import Cancelled
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.connections.drafts import Given
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.simulator.server import Simulator


@pytest.fixture
def connection(home: Settings, form: Given, simulator: Simulator) -> Connection:
    secrets = GivenSecrets(refresh_token=Secret(simulator.issue_refresh_token()))
    return add_connection(load_key_ring(home), "Contoso", form, secrets)


def test_a_watch_writes_what_changed_and_nothing_else(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = create_run(connection, Trigger.CLI)
    watch = RunWatch(Unobserved(), None)
    watch.started(run)
    watch.collected(Progress(dataset="users", objects=999, expected=2000, pages=1))
    for page in range(2, 50):
        watch.collected(Progress(dataset="users", objects=999 * page, expected=2000, pages=page))
    assert ImportRun.objects.get().progress == {}
    watch.look()
    told = run_progress(ImportRun.objects.get())
    assert (told.phase, told.pages, told.done) == ("reading", 49, 0)
    assert told.datasets[0].expected == 2000
    written = ImportRun.objects.get().progress_at
    watch.look()
    assert ImportRun.objects.get().progress_at == written
    watch.collected(Progress(dataset="users", objects=2000, pages=50, finished=Outcome.COLLECTED))
    watch.merging("Contoso")
    watch.look()
    told = run_progress(ImportRun.objects.get())
    assert (told.phase, told.done, told.objects) == ("importing", 1, 2000)


def test_a_run_that_ended_keeps_its_last_progress(home: Settings, connection: Connection) -> None:
    run = run_import(home, connection, Trigger.CLI)
    run.refresh_from_db()
    told = run_progress(run)
    assert told.phase == "ended"
    assert told.done == len(told.datasets) == told.total
    assert told.objects > 20


def test_a_running_import_stops_at_its_next_page_once_somebody_asks(
    home: Settings, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Asking(Unobserved):
        """Cancels as soon as something was read, as a page in another process would."""

        asked = False

        def collected(self, progress: Progress) -> None:
            if not self.asked:
                self.asked = True
                ImportRun.objects.update(cancel_requested=True)
                watches[0].look()

    watches: list[RunWatch] = []
    monkeypatch.setattr(progress_module, "INTERVAL", 3600)
    original = RunWatch.__enter__

    def entered(watch: RunWatch) -> RunWatch:
        watches.append(watch)
        return original(watch)

    monkeypatch.setattr(RunWatch, "__enter__", entered)
    with pytest.raises(Cancelled):
        run_import(home, connection, Trigger.CLI, observer=Asking())
    run = ImportRun.objects.get()
    assert run.state == RunState.CANCELLED
    assert run.package == ""


def test_a_queued_run_is_cancelled_at_once(
    home: Settings, connection: Connection, simulator: Simulator, audit: Callable[[], Any]
) -> None:
    run = execute_now(home, connection, Trigger.PERSON, actor=COMMAND_LINE)
    assert run_progress(run).phase == "waiting"
    request_cancel(run, actor=COMMAND_LINE)
    assert ImportRun.objects.get().state == RunState.CANCELLED
    execute_import(run.pk)
    assert simulator.journal.requests == 0
    with pytest.raises(WrongState, match="nothing to cancel"):
        request_cancel(run, actor=COMMAND_LINE)
    assert [action for action, _, _ in audit()][-2:] == ["import.queued", "import.cancel-requested"]


def test_a_running_run_is_only_flagged(connection: Connection) -> None:
    run = create_run(connection, Trigger.CLI)
    request_cancel(run, actor=COMMAND_LINE)
    found = ImportRun.objects.get()
    assert (found.state, found.cancel_requested) == (RunState.RUNNING, True)
    assert run_progress(found).cancelling


def test_one_worker_claims_a_run_and_the_next_leaves_it_alone(connection: Connection) -> None:
    queue_run(connection, Trigger.PERSON)
    first, second = ImportRun.objects.get(), ImportRun.objects.get()
    claim_run(first)
    with pytest.raises(WrongState):
        claim_run(second)
    with pytest.raises(RunIsActive):
        queue_run(connection, Trigger.PERSON)


def test_a_queued_run_is_carried_out(home: Settings, connection: Connection) -> None:
    run = queue_run(connection, Trigger.PERSON)
    execute_queued(home, ImportRun.objects.get())
    run.refresh_from_db()
    assert run.state in {RunState.SUCCEEDED, RunState.SUCCEEDED_WITH_PROBLEMS}
    assert run_progress(run).done > 10
