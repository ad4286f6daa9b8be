"""Runs outlive their processes: they are put back, go on, and belong to one process at a time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError

from seatbeacon.beacon.connections.services import GivenSecrets, add_connection
from seatbeacon.beacon.errors import RunIsActive, WrongState
from seatbeacon.beacon.imports import execute
from seatbeacon.beacon.imports.execute import execute_queued, run_import
from seatbeacon.beacon.imports.observer import Unobserved
from seatbeacon.beacon.imports.writing import tenant_at_rest, writing_tenant
from seatbeacon.beacon.locks import file_lock
from seatbeacon.beacon.models import (
    Connection,
    ImportRun,
    InventoryVersion,
    RunState,
    TenantWriting,
    Trigger,
    Worker,
)
from seatbeacon.beacon.runs.interruptions import HandedOver, LeaseLost
from seatbeacon.beacon.runs.lookout import Lookout
from seatbeacon.beacon.runs.presence import present
from seatbeacon.beacon.runs.progress import RunWatch
from seatbeacon.beacon.runs.queued import claim_run, claimed_next, queue_run
from seatbeacon.beacon.runs.recovery import (
    MOST_ATTEMPTS,
    interrupt_dead_runs,
    interrupt_silent_runs,
    package_folder,
    worker_lock,
)
from seatbeacon.beacon.runs.states import create_run, move
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.beacon.worker import stopping as stopping_module
from seatbeacon.beacon.worker.tasks import execute_import
from seatbeacon.graph.errors import Cancelled
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seatbeacon.beacon.connections.drafts import Given
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.simulator.server import Simulator

DONE = (RunState.SUCCEEDED, RunState.SUCCEEDED_WITH_PROBLEMS)


@pytest.fixture
def connection(home: Settings, form: Given, simulator: Simulator) -> Connection:
    secrets = GivenSecrets(refresh_token=Secret(simulator.issue_refresh_token()))
    return add_connection(load_key_ring(home), "Contoso", form, secrets)


@pytest.fixture
def elsewhere(home: Settings) -> Worker:
    """A worker on another machine."""
    at = "2026-11-01T00:00:00Z"
    return Worker.objects.create(id="elsewhere", host="other", pid=7, version="1", started_at=at, heard_at=at)


def of(run: ImportRun) -> ImportRun:
    return ImportRun.objects.get(pk=run.pk)


def users_pages(simulator: Simulator) -> int:
    targets = [entry.target for entry in simulator.journal.entries]
    return sum(target.startswith("/v1.0/users?") and "assignedLicenses" in target for target in targets)


def test_a_run_whose_process_died_waits_for_the_next_one(home: Settings, connection: Connection) -> None:
    run = create_run(connection, Trigger.CLI)
    package_folder(home, run).mkdir(parents=True)
    assert interrupt_dead_runs(home) == [run]
    found = of(run)
    assert (found.state, found.ended_at) == (RunState.QUEUED, None)
    assert "ended before the run did" in found.problem
    assert package_folder(home, run).exists()
    with pytest.raises(RunIsActive):
        create_run(connection, Trigger.CLI)


def test_after_three_attempts_it_fails_and_says_where_to_look(home: Settings, connection: Connection) -> None:
    run = queue_run(connection, Trigger.PERSON)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        claim_run(run)
        assert (run.attempts, run.token) == (attempt, attempt)
        package_folder(home, run).mkdir(parents=True)
        interrupt_dead_runs(home)
        run = of(run)
    assert run.state == RunState.FAILED
    assert "3 times" in run.problem
    assert "SEATBEACON_MEMORY_LIMIT" in run.problem
    assert not list((home.home / "packages").iterdir())


def test_one_that_somebody_cancelled_is_cancelled_then(home: Settings, connection: Connection) -> None:
    run = create_run(connection, Trigger.CLI)
    ImportRun.objects.update(cancel_requested=True)
    interrupt_dead_runs(home)
    assert of(run).state == RunState.CANCELLED


def test_a_package_import_cannot_go_on_by_itself(home: Settings) -> None:
    run = create_run(None, Trigger.CLI)
    interrupt_dead_runs(home)
    assert of(run).state == RunState.INTERRUPTED
    assert "Import again" in of(run).remedy


def test_a_run_whose_process_lives_is_left_alone(home: Settings, connection: Connection) -> None:
    with present(home) as me:
        run = create_run(connection, Trigger.CLI, me.id)
        assert interrupt_dead_runs(home) == []
        assert of(run).state == RunState.RUNNING


def test_a_process_of_this_machine_is_dead_once_its_lock_is_free(
    home: Settings, connection: Connection
) -> None:
    with present(home) as me:
        here = Worker.objects.get()
    here.save(force_insert=True)
    run = create_run(connection, Trigger.CLI, here.pk)
    # Not to be told: its lock is in another home.
    assert interrupt_dead_runs(home) == []
    with file_lock(worker_lock(home, me.id)):
        assert interrupt_dead_runs(home) == []
    assert interrupt_dead_runs(home) == [run]
    assert not Worker.objects.exists()
    assert not worker_lock(home, me.id).exists()


def test_a_process_elsewhere_is_given_up_once_it_was_silent_for_a_lease(
    home: Settings, connection: Connection, elsewhere: Worker
) -> None:
    run = create_run(connection, Trigger.CLI, elsewhere.pk)
    clock = iter(range(0, 1000, 10))
    lookout = Lookout(home.lease, lambda: next(clock))
    looks = 0
    while interrupt_silent_runs(home, lookout) == []:
        looks += 1
        assert looks * 10 <= 120
    assert of(run).state == RunState.QUEUED
    assert not Worker.objects.exists()


def test_a_process_that_is_heard_of_at_the_last_moment_keeps_its_runs(
    home: Settings, connection: Connection, elsewhere: Worker
) -> None:
    class Late(Lookout):
        def look(self, beats: Any) -> list[str]:
            Worker.objects.update(beats=1)
            return list(beats)

    run = create_run(connection, Trigger.CLI, elsewhere.pk)
    assert interrupt_silent_runs(home, Late(home.lease)) == []
    assert of(run).state == RunState.RUNNING


def test_who_was_given_up_registers_anew_and_finds_its_run_gone(
    home: Settings, connection: Connection
) -> None:
    with present(home) as me:
        run = create_run(connection, Trigger.CLI, me.id)
        watch = RunWatch(Unobserved(), None)
        watch.started(run)
        before = me.id
        with me.at_run(run.pk):
            Worker.objects.all().delete()
            assert interrupt_dead_runs(home) == [run]
            me.beat()
            assert me.id != before
            assert Worker.objects.get().pk == me.id
            watch.look()
            with pytest.raises(LeaseLost):
                watch.check()


def test_an_old_token_changes_nothing(home: Settings, connection: Connection) -> None:
    """The process was paused, its run went to another one and is running there."""
    paused = create_run(connection, Trigger.CLI)
    interrupt_dead_runs(home)
    claim_run(of(paused))
    for state in (RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED, RunState.HELD, RunState.QUEUED):
        with pytest.raises(WrongState, match="no longer this process's"):
            move(paused, state)
    with pytest.raises(LeaseLost), execute.ending(home, paused):
        raise LeaseLost("gone")
    with pytest.raises(ValueError, match="x"), execute.ending(home, paused):
        raise ValueError("x")
    assert (of(paused).state, of(paused).token) == (RunState.RUNNING, 2)


class Interrupting(Unobserved):
    """Takes the lease from the run once its package is whole, as another machine would."""

    def __init__(self, home: Settings) -> None:
        self.home = home

    def merging(self, tenant: str) -> None:
        Worker.objects.all().delete()
        interrupt_dead_runs(self.home)
        claim_run(ImportRun.objects.get())


def test_a_process_that_comes_back_publishes_nothing_and_leaves_the_package_to_the_other(
    home: Settings, connection: Connection
) -> None:
    run = queue_run(connection, Trigger.PERSON)
    with pytest.raises((LeaseLost, WrongState)):
        execute_queued(home, run, observer=Interrupting(home))
    assert not InventoryVersion.objects.exists()
    assert (of(run).state, of(run).token) == (RunState.RUNNING, 2)
    assert (home.home / "packages" / f"run-{run.pk}-1" / "manifest.json").exists()


def test_a_run_that_is_handed_over_goes_on_from_what_is_whole(
    home: Settings, connection: Connection, simulator: Simulator
) -> None:
    class Stops(Unobserved):
        asked = False

        def collected(self, progress: Any) -> None:
            self.asked = self.asked or (progress.dataset == "users" and progress.finished is not None)

    def check() -> None:
        if stops.asked:
            raise HandedOver("The worker was stopped.")

    stops = Stops()
    run = queue_run(connection, Trigger.PERSON)
    with pytest.raises(HandedOver):
        execute_queued(home, run, observer=stops, check_cancelled=check)
    found = of(run)
    assert (found.state, found.attempts, found.token) == (RunState.QUEUED, 0, 1)
    assert found.problem == "The worker that ran it was stopped."
    read = users_pages(simulator)
    assert read

    execute_import(run.pk)

    assert of(run).state in DONE
    assert of(run).problem != found.problem
    assert users_pages(simulator) == read, "users were read again"
    assert [path.name for path in (home.home / "packages").iterdir()] == [f"run-{run.pk}-2"]
    assert simulator.violations == []


def test_what_was_begun_for_another_connection_is_read_anew(
    home: Settings, connection: Connection, simulator: Simulator
) -> None:
    run = queue_run(connection, Trigger.PERSON)
    old = home.home / "packages" / f"run-{run.pk}-0"
    old.mkdir(parents=True)
    (old / "manifest.json").write_text("{}")
    execute_import(run.pk)
    assert of(run).state in DONE
    assert not old.exists()


def test_a_database_that_is_away_for_a_moment_fails_no_run(
    home: Settings, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = queue_run(connection, Trigger.PERSON)

    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(execute, "merge_package", away)
        execute_import(run.pk)
    assert of(run).state == RunState.QUEUED
    execute_import(run.pk)
    assert of(run).state in DONE
    assert of(run).attempts == 2


def test_what_could_not_be_said_at_the_end_is_put_right_by_the_next_beat(
    home: Settings, connection: Connection
) -> None:
    with present(home) as me:
        create_run(connection, Trigger.CLI, me.id)
        TenantWriting.objects.create(tenant_id="t", worker=me.id)
        me.beat()
        assert ImportRun.objects.get().state == RunState.QUEUED
        assert not TenantWriting.objects.exists()


def test_an_import_at_the_command_line_takes_over_the_run_that_waits(
    home: Settings, connection: Connection
) -> None:
    waiting = queue_run(connection, Trigger.SCHEDULE)
    run = run_import(home, connection, Trigger.CLI)
    assert run.pk == waiting.pk
    assert run.state in DONE


def test_the_run_that_waits_longest_is_first_whichever_message_came(
    home: Settings, connection: Connection
) -> None:
    other = Connection.objects.create(
        name="Fabrikam", created_at=connection.created_at, updated_at=connection.created_at
    )
    first, second = queue_run(other, Trigger.PERSON), queue_run(connection, Trigger.PERSON)
    with present(home) as me, claimed_next(me) as run, claimed_next(me) as then, claimed_next(me) as none:
        assert (run, then, none) == (first, second, None)


def test_a_disabled_connection_does_not_begin(home: Settings, connection: Connection) -> None:
    run = queue_run(connection, Trigger.SCHEDULE)
    Connection.objects.update(enabled=False)
    execute_import(run.pk)
    assert of(run).state == RunState.CANCELLED
    assert "disabled" in of(run).problem


def test_a_worker_that_is_stopping_begins_nothing(home: Settings, connection: Connection) -> None:
    run = queue_run(connection, Trigger.SCHEDULE)
    stopping_module.ask_to_stop()
    try:
        execute_import(run.pk)
        with pytest.raises(HandedOver):
            stopping_module.check_stopping()
    finally:
        stopping_module.stopping.clear()
    assert of(run).state == RunState.QUEUED


@pytest.fixture
def writer(home: Settings) -> Iterator[Any]:
    with present(home) as me:
        yield me


def test_a_tenant_is_written_by_one_at_a_time(home: Settings, writer: Any) -> None:
    def no_longer() -> None:
        raise Cancelled("enough")

    with writing_tenant(home, writer, "t"):
        with pytest.raises(Cancelled), writing_tenant(home, writer, "t", no_longer):
            pass
        with pytest.raises(RunIsActive, match="Contoso"), tenant_at_rest("t", "Contoso"):
            pass
        with writing_tenant(home, writer, "u"):
            pass
    with tenant_at_rest("t", "Contoso"):
        pass
    assert not TenantWriting.objects.exists()


def test_who_waits_for_a_tenant_gets_it_once_the_other_is_done_or_dead(home: Settings, writer: Any) -> None:
    TenantWriting.objects.create(tenant_id="t", worker="long dead")
    with writing_tenant(home, writer, "t"):
        got = threading.Event()

        def wait() -> None:
            with writing_tenant(home, writer, "t"):
                got.set()

        thread = threading.Thread(target=wait)
        thread.start()
        assert not got.is_set()
    thread.join()
    assert got.is_set()
