"""Execute Now: a run is queued once, claimed once, and accounted for whatever the queue does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from seatbeacon.beacon.errors import ConnectionDisabled, RunIsActive, WrongState
from seatbeacon.beacon.models import Connection, ImportRun, RunState, Trigger
from seatbeacon.beacon.runs.queued import claim_run, queue_run
from seatbeacon.beacon.worker.execute_now import execute_now
from seatbeacon.beacon.worker.keeper import send_waiting
from seatbeacon.beacon.worker.queue import open_queue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seatbeacon.beacon.settings import Settings


@pytest.fixture
def contoso(home: Settings) -> Iterator[Connection]:
    now = datetime.now(UTC)
    yield Connection.objects.create(name="Contoso", cloud="global", created_at=now, updated_at=now)
    open_queue(home).huey.storage.close()
    open_queue.cache_clear()


def work(settings: Settings) -> int:
    """Do what a worker would; the number of messages there were."""
    huey = open_queue(settings).huey
    done = 0
    while (task := huey.dequeue()) is not None:
        huey.execute(task)
        done += 1
    return done


def test_a_run_is_queued_once_per_connection(home: Settings, contoso: Connection) -> None:
    run = execute_now(home, contoso, Trigger.PERSON)
    assert run.state == RunState.QUEUED
    with pytest.raises(RunIsActive, match=f"Import run {run.pk}"):
        execute_now(home, contoso, Trigger.PERSON)


def test_a_disabled_connection_is_not_queued(home: Settings, contoso: Connection) -> None:
    Connection.objects.update(enabled=False)
    contoso.refresh_from_db()
    with pytest.raises(ConnectionDisabled):
        execute_now(home, contoso, Trigger.PERSON)
    assert not ImportRun.objects.exists()


def test_a_run_is_claimed_by_one_process(home: Settings, contoso: Connection) -> None:
    run = queue_run(contoso, Trigger.PERSON)
    twin = ImportRun.objects.get(pk=run.pk)
    claim_run(run)
    with pytest.raises(WrongState):
        claim_run(twin)
    assert ImportRun.objects.get().pid


def test_a_worker_ends_the_run_in_words_and_does_it_once(home: Settings, contoso: Connection) -> None:
    run = execute_now(home, contoso, Trigger.PERSON)
    open_queue(home).send(run.pk)
    assert work(home) == 2
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert run.problem
    assert run.ended_at is not None


def test_a_lost_message_is_sent_again(home: Settings, contoso: Connection) -> None:
    run = queue_run(contoso, Trigger.PERSON)
    assert work(home) == 0
    assert [send_waiting(open_queue(home)) for _ in range(3)] == [1, 0, 0]
    assert work(home) == 1
    run.refresh_from_db()
    assert run.state == RunState.FAILED


def test_a_run_whose_connection_is_gone_is_cancelled(home: Settings, contoso: Connection) -> None:
    run = execute_now(home, contoso, Trigger.PERSON)
    contoso.delete()
    assert work(home) == 1
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
