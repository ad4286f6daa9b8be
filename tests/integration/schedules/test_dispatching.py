"""What is due begins once: whichever worker looks, whatever died, and whatever the clock does."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError, connections

from seatbeacon.beacon.models import ImportRun, Occurrence, RunState, Schedule, Trigger, Turn
from seatbeacon.beacon.runs.queued import queue_run
from seatbeacon.beacon.schedules import dispatch, turns
from seatbeacon.beacon.schedules.services import assign, set_enabled

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import World

    Audited = Callable[[], list[tuple[str, str, dict[str, Any]]]]

on_both = pytest.mark.parametrize("home", ["sqlite", "postgresql"], indirect=True)
"""Where the locks and conditional updates of the database decide."""


def test_it_begins_at_its_time_and_not_before(world: World) -> None:
    world.connect(world.schedule(), "Contoso")
    world.at("12:29:59")
    assert world.runs == []
    world.at("12:30")
    assert world.runs == ["Contoso"]
    run = ImportRun.objects.get()
    assert (run.trigger, run.state) == (Trigger.SCHEDULE, RunState.QUEUED)
    assert world.sent == [run.pk]
    assert Schedule.objects.get().next_run_at == world.now + timedelta(hours=1)


@on_both
def test_it_begins_once_per_time(world: World) -> None:
    world.connect(world.schedule(), "Contoso")
    for second in range(5):
        world.at(f"12:30:0{second}")
        world.another().look(world.now)
        world.end()
    assert world.runs == ["Contoso"]
    world.at("13:30")
    assert world.runs == ["Contoso", "Contoso"]


@on_both
def test_two_dispatchers_at_the_same_moment_begin_it_once(world: World) -> None:
    for number in range(10):
        world.connect(world.schedule(f"Schedule {number}"), f"Contoso {number}")
    world.now += timedelta(hours=1)
    ready = threading.Barrier(4)
    failures: list[Exception] = []

    def look() -> None:
        dispatcher = world.another()
        ready.wait()
        try:
            for _ in range(5):
                dispatcher.look(world.now)
        except Exception as error:  # noqa: BLE001 - told by the test
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(world.runs) == sorted(f"Contoso {number}" for number in range(10))
    assert Occurrence.objects.count() == 10
    assert sorted(set(world.sent)) == sorted(world.sent)


@on_both
def test_times_missed_while_everything_was_off_are_made_up_for_once(world: World, audited: Audited) -> None:
    world.connect(world.schedule(), "Contoso")
    world.now += timedelta(hours=5)
    world.dispatcher = world.another()
    for _ in range(3):
        world.after(seconds=1)
        world.end()
    assert world.runs == ["Contoso"]
    occurrence = Occurrence.objects.get()
    assert occurrence.missed == 4
    assert audited()[-1][0] == "schedule.caught-up"
    assert Schedule.objects.get().next_run_at == world.now.replace(hour=17, minute=30, second=0)


def test_a_look_that_comes_a_little_late_is_nothing_that_was_missed(world: World, audited: Audited) -> None:
    world.connect(world.schedule(), "Contoso")
    world.at("12:31:30")
    assert world.runs == ["Contoso"]
    assert [action for action, _, _ in audited()] == ["schedule.added"]


@on_both
def test_connections_run_one_after_the_other_by_name(world: World) -> None:
    world.connect(world.schedule(), "beta", "Alpha", "gamma")
    world.at("12:30")
    assert world.active == ["Alpha"]
    world.after(seconds=10)
    assert world.active == ["Alpha"]
    world.end(state=RunState.FAILED)
    world.after(seconds=1)
    assert world.active == ["beta"]
    world.end(state=RunState.HELD)
    world.dispatcher = world.another()  # the worker died in between
    world.after(seconds=1)
    assert world.active == ["gamma"]
    assert Occurrence.objects.get().ended_at is None
    world.end()
    world.after(seconds=1)
    assert world.runs == ["Alpha", "beta", "gamma"]
    assert Occurrence.objects.get().ended_at == world.now


@on_both
def test_as_many_run_at_once_as_the_schedule_says(world: World) -> None:
    world.connect(world.schedule(at_once=2), "a", "b", "c", "d")
    world.at("12:30")
    assert world.active == ["a", "b"]
    world.end("a")
    world.after(seconds=1)
    assert world.active == ["b", "c"]
    world.end()
    world.after(seconds=1)
    assert world.active == ["d"]


@on_both
def test_hundreds_at_once_are_begun_in_one_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "BATCH", 10)
    names = [f"c{number:02d}" for number in range(35)]
    world.connect(world.schedule(at_once=100), *names)
    world.at("12:30")
    assert world.active == names


@on_both
def test_a_run_that_is_still_active_is_skipped_and_told(world: World, audited: Audited) -> None:
    world.connect(world.schedule(), "Contoso")
    world.at("12:30")
    world.at("13:30")
    assert world.runs == ["Contoso"]
    first = ImportRun.objects.get()
    assert f"import {first.pk} was still queued" in world.skipped["Contoso"]
    action, target, details = audited()[-1]
    assert (action, target) == ("schedule.skipped", "Contoso")
    assert "still queued" in details["why"]
    world.end()
    world.at("14:30")
    assert world.runs == ["Contoso", "Contoso"]


@on_both
def test_a_run_that_somebody_started_is_not_doubled(world: World) -> None:
    (contoso, fabrikam) = world.connect(world.schedule(), "Contoso", "Fabrikam")
    world.at("12:30")
    queue_run(fabrikam, Trigger.PERSON)
    world.end("Contoso")
    world.after(seconds=1)
    assert world.runs == ["Contoso", "Fabrikam"]
    assert "was still queued" in world.skipped["Fabrikam"]
    assert contoso.name not in world.skipped


@on_both
def test_one_that_still_waits_when_its_time_comes_again_gets_no_second_turn(world: World) -> None:
    world.connect(world.schedule(), "Alpha", "Beta")
    world.at("12:30")
    world.end("Alpha")
    Turn.objects.filter(connection__name="Beta").update(not_before=world.now + timedelta(hours=1))
    world.at("13:00")
    world.at("13:30")
    assert "still waited for its turn of 2026-05-04 12:30 UTC" in world.skipped["Beta"]
    # At most one at once, over all times: the older turn comes first.
    assert world.runs == ["Alpha", "Beta"]
    world.end()
    world.after(seconds=1)
    assert world.runs == ["Alpha", "Beta", "Alpha"]


def test_a_disabled_connection_is_left_out_with_a_note(world: World) -> None:
    schedule = world.schedule()
    world.connect(schedule, "Contoso", enabled=False)
    (fabrikam,) = world.connect(schedule, "Fabrikam")
    world.at("12:30")
    assert world.active == ["Fabrikam"]
    assert world.skipped == {"Contoso": turns.DISABLED}
    fabrikam.refresh_from_db()


def test_one_that_is_disabled_or_taken_off_while_it_waits_is_left_out(world: World) -> None:
    schedule = world.schedule()
    _, beta, gamma = world.connect(schedule, "Alpha", "Beta", "Gamma")
    world.at("12:30")
    beta.enabled = False
    beta.save()
    assign(gamma, None)
    world.end()
    world.after(seconds=1)
    assert world.runs == ["Alpha"]
    assert world.skipped == {"Beta": turns.DISABLED, "Gamma": turns.TAKEN_OFF}
    assert Occurrence.objects.get().ended_at is not None


def test_a_schedule_without_connections_moves_on_and_leaves_no_trace(world: World) -> None:
    schedule = world.schedule()
    world.at("12:30")
    assert not Occurrence.objects.exists()
    schedule.refresh_from_db()
    assert schedule.next_run_at == world.now + timedelta(hours=1)


def test_a_paused_schedule_begins_nothing_and_makes_up_for_nothing(world: World) -> None:
    schedule = world.schedule()
    world.connect(schedule, "Contoso")
    set_enabled(schedule, enabled=False)
    world.at("15:00")
    assert world.runs == []
    set_enabled(schedule, enabled=True)
    schedule.refresh_from_db()
    assert schedule.next_run_at is not None
    world.begin_at(schedule, world.now)
    world.look()
    assert world.runs == []
    world.at("15:30")
    assert world.runs == ["Contoso"]


def test_jitter_spreads_the_starts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([90_000, 0, 30_000])
    monkeypatch.setattr("seatbeacon.beacon.schedules.turns.secrets.randbelow", lambda _: next(drawn))
    world.connect(world.schedule(jitter_seconds=120, at_once=3), "a", "b", "c")
    world.at("12:30")
    assert world.active == ["b"]
    world.at("12:30:31")
    assert world.active == ["b", "c"]
    world.at("12:31:31")
    assert world.active == ["b", "c", "a"]


def test_jitter_stays_within_its_seconds(world: World) -> None:
    world.connect(world.schedule(jitter_seconds=60), *(f"c{number}" for number in range(30)))
    world.at("12:30")
    delays = {turn.not_before - world.now for turn in Turn.objects.all()}
    assert timedelta() <= min(delays) < max(delays) <= timedelta(seconds=60)


@pytest.mark.parametrize("new_start", [False, True])
def test_a_clock_that_is_set_back_takes_no_time_twice(world: World, new_start: bool) -> None:
    world.connect(world.schedule(kind="minutes", every=10), "Contoso")
    for minute in (10, 20, 30):
        world.at(f"12:{minute}")
        world.end()
    if new_start:
        world.dispatcher = world.another()
    for minute in range(5, 40):
        world.at(f"12:{minute:02d}")
        world.end()
    assert len(world.runs) == 3
    world.at("12:40")
    assert len(world.runs) == 4


def test_a_clock_that_ran_years_ahead_stops_nothing_once_it_is_right(world: World) -> None:
    world.connect(world.schedule(), "Contoso")
    world.at("12:30")
    world.end()
    right = world.now
    world.after(days=1500)
    assert len(world.runs) == 2
    world.end()
    world.now = right
    world.after(minutes=1)
    schedule = Schedule.objects.get()
    assert schedule.next_run_at is not None
    # What was made up for ahead of its time, at 13:30, is not taken twice.
    assert schedule.next_run_at == right + timedelta(hours=2)
    world.at("14:30")
    assert len(world.runs) == 3


def test_through_the_night_in_which_the_clock_is_set_back_nothing_begins_twice(world: World) -> None:
    daily = world.schedule("Nightly", "daily", times="02:30", time_zone="Europe/Berlin")
    world.connect(daily, "Contoso")
    world.now = world.now.replace(month=10, day=24, hour=22)
    world.begin_at(daily, world.now)
    for _ in range(8 * 12):
        world.after(minutes=5)
        world.end()
    assert [one.due_at.isoformat() for one in Occurrence.objects.all()] == ["2026-10-25T00:30:00+00:00"]


def test_a_deleted_connection_ends_its_turn(world: World) -> None:
    alpha, _ = world.connect(world.schedule(), "Alpha", "Beta")
    world.at("12:30")
    alpha.delete()
    world.end()
    world.after(seconds=1)
    assert world.active == ["Beta"]


def test_one_schedule_that_fails_keeps_no_other_from_its_time(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    broken = world.schedule("Broken")
    world.connect(broken, "Contoso")
    world.connect(world.schedule("Whole"), "Fabrikam")
    Schedule.objects.filter(pk=broken.pk).update(rule={"minute": "nonsense"})
    world.dispatcher._last = world.now  # it had looked before
    world.at("12:30")
    assert world.runs == ["Fabrikam"]
    assert f"Schedule {broken.pk} could not go on" in caplog.text


def test_a_database_that_is_away_is_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stopping = threading.Event()
    looks = []

    def look(self: object, now: object) -> None:
        looks.append(now)
        if len(looks) == 1:
            raise OperationalError("away")
        stopping.set()

    monkeypatch.setattr(dispatch, "EVERY_SECONDS", 0.001)
    monkeypatch.setattr(dispatch.Dispatcher, "look", look)
    world.dispatcher.run(stopping)
    assert len(looks) == 2
    assert "could not be looked up: away" in caplog.text


def test_what_is_over_is_forgotten_after_a_month(world: World) -> None:
    world.connect(world.schedule(kind="monthly", day=4, times="12:30"), "Contoso")
    world.at("12:30")
    world.end()
    world.after(seconds=1)
    world.after(days=29)
    assert Occurrence.objects.count() == 1
    world.after(days=40)
    assert [one.due_at.month for one in Occurrence.objects.all()] == [6]
