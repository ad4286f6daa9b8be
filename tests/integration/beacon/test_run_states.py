from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seatbeacon.beacon.errors import RunIsActive, WrongState
from seatbeacon.beacon.models import ACTIVE_STATES, Connection, ImportRun, RunState, Trigger
from seatbeacon.beacon.runs.states import FOLLOWS, create_run, move

if TYPE_CHECKING:
    from datetime import datetime

    from seatbeacon.beacon.settings import Settings


@pytest.fixture
def connection(home: Settings, now: datetime) -> Connection:
    return Connection.objects.create(name="Contoso", created_at=now, updated_at=now)


def test_a_connection_has_one_active_run(connection: Connection) -> None:
    run = create_run(connection, Trigger.CLI)
    with pytest.raises(RunIsActive, match=f"Import run {run.pk} of connection “Contoso” is running"):
        create_run(connection, Trigger.CLI)
    move(run, RunState.FAILED, problem="x")
    assert create_run(connection, Trigger.CLI).pk != run.pk


def test_package_imports_do_not_exclude_one_another(home: Settings) -> None:
    assert create_run(None, Trigger.CLI).pk != create_run(None, Trigger.CLI).pk


def test_a_run_that_ended_stays_ended(connection: Connection) -> None:
    run = create_run(connection, Trigger.CLI)
    move(run, RunState.SUCCEEDED)
    assert run.ended_at is not None
    for state in RunState:
        with pytest.raises(WrongState):
            move(run, state)


def test_of_two_who_end_a_run_one_wins(connection: Connection) -> None:
    run = create_run(connection, Trigger.CLI)
    same = ImportRun.objects.get(pk=run.pk)
    move(run, RunState.INTERRUPTED)
    with pytest.raises(WrongState, match="is interrupted by now"):
        move(same, RunState.SUCCEEDED)
    same.refresh_from_db()
    assert same.state == RunState.INTERRUPTED


def test_every_state_says_what_may_follow() -> None:
    assert set(FOLLOWS) == set(RunState)
    reachable = {state for follows in FOLLOWS.values() for state in follows}
    assert reachable == set(RunState)
    assert all(FOLLOWS[state] for state in ACTIVE_STATES)
