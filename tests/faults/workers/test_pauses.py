"""Workers that are paused, asked to stop, out of disk, or whose clock jumps; and the web, killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.faults.workers.beacon import Beacon, tenants

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.workers.postgres import Postgres

    from seatbeacon.simulator.fleet import Fleet

SLOW = 150
"""Milliseconds that each answer takes where a run must be caught in its middle."""
ROOM = 100_000
"""Bytes: no version fits, however small its tenant."""


def slow(fleet: Fleet, milliseconds: int = SLOW) -> None:
    """Let every tenant take its time."""
    for simulator in fleet.tenants:
        simulator.latency_ms = milliseconds


def read(fleet: Fleet) -> int:
    """Pages of users that the first tenant was asked for."""
    targets = [entry.target for entry in fleet.tenants[0].journal.entries]
    return sum(target.startswith("/v1.0/users") and "assignedLicenses" in target for target in targets)


def test_a_worker_that_comes_back_from_a_pause_publishes_nothing(memory: Path, postgres: Postgres) -> None:
    with (
        tenants(1) as fleet,
        Beacon(memory / "paused", fleet, database=postgres.url, lease=4.0) as beacon,
    ):
        slow(fleet)
        beacon.call("queue")
        beacon.hire()
        beacon.wait_until(lambda: read(fleet), "the run begins")
        paused = beacon.workers[0]
        os.kill(paused, signal.SIGSTOP)
        beacon.hire()
        beacon.wait_until(lambda: beacon.ended() == 1, "the other one takes it over")
        os.kill(paused, signal.SIGCONT)
        # It works on, under a new registration: what is queued next, one of the two does.
        beacon.call("queue")
        beacon.wait_until(lambda: beacon.ended() == 2, "the next run ends")
        beacon.dismiss()
        beacon.check(runs_each=2)
        first = beacon.call("runs_of", name="t0")[0]
        assert (first["token"], first["attempts"]) == (2, 2)


def test_a_worker_that_is_asked_to_stop_hands_its_run_over(memory: Path) -> None:
    with tenants(1) as fleet, Beacon(memory / "handed", fleet) as beacon:
        slow(fleet)
        beacon.call("queue")
        beacon.hire()
        beacon.wait_until(lambda: "users" in beacon.call("whole"), "the users are whole")
        beacon.dismiss()
        waiting = beacon.call("runs_of", name="t0")[0]
        assert (waiting["state"], waiting["attempts"], waiting["token"]) == ("queued", 0, 1)
        assert read(fleet)
        fleet.tenants[0].journal.clear()
        slow(fleet, 0)
        beacon.hire()
        beacon.wait_for_the_end()
        beacon.check()
        assert read(fleet) == 0, "what was whole was read again"


def test_clocks_that_jump_by_an_hour_take_no_run_from_anybody(memory: Path) -> None:
    clock = memory / "clock"
    clock.write_text("0")
    chance = random.Random(7)  # noqa: S311 - to be had again
    with tenants(8) as fleet, Beacon(memory / "jumps", fleet, lease=30.0, clock=clock) as beacon:
        beacon.call("queue")
        beacon.hire(2)

        def jump() -> bool:
            new = memory / "clock-to-be"
            new.write_text(str(chance.choice((-3600, 0, 3600))))
            new.replace(clock)
            return beacon.ended() == len(beacon.truth)

        beacon.wait_until(jump, "every run ends")
        clock.write_text("0")
        beacon.wait_for_the_end()
        beacon.check()
        runs = [beacon.call("runs_of", name=name)[0] for name in beacon.truth]
        assert {run["attempts"] for run in runs} == {1}


def test_a_full_disk_fails_runs_in_words_and_leaves_nothing(memory: Path, postgres: Postgres) -> None:
    with tenants(2) as fleet, Beacon(memory / "full", fleet, database=postgres.url) as beacon:
        beacon.call("queue")
        beacon.hire(room=ROOM)
        beacon.wait_until(lambda: beacon.ended() == 2, "the runs end")
        beacon.dismiss()
        for name in beacon.truth:
            run = beacon.call("runs_of", name=name)[0]
            assert run["state"] == "failed"
            assert "disk is full" in run["problem"]
        beacon.call("put_in_order")
        assert beacon.call("files") == []
        beacon.call("forget")
        beacon.call("queue")
        beacon.hire()
        beacon.wait_for_the_end()
        beacon.check()


def test_a_full_disk_under_the_control_plane_loses_no_run(memory: Path) -> None:
    with tenants(2) as fleet, Beacon(memory / "brim", fleet, lease=2.0) as beacon:
        slow(fleet)
        beacon.call("queue")
        beacon.hire()
        beacon.wait_until(lambda: read(fleet), "a run begins")
        # Not even the database takes what it would say: its runs are those of the next one that has room.
        full = beacon.workers[0]
        os.kill(full, signal.SIGUSR1)
        beacon.hire()
        beacon.wait_until(lambda: beacon.ended() == len(beacon.truth), "every run ends")
        beacon.kill(full)
        beacon.dismiss()
        beacon.check()


def test_a_web_that_is_killed_leaves_its_runs_to_the_next_one(memory: Path) -> None:
    with tenants(6) as fleet, Beacon(memory / "web", fleet, lease=3.0) as beacon:
        slow(fleet, 40)
        beacon.call("queue")
        command = [sys.executable, "-m", "seatbeacon.cli", "serve", "--port", "0"]

        def serve() -> subprocess.Popen[bytes]:
            return subprocess.Popen(  # noqa: S603 - our own program
                command, env=beacon.environment, stdout=subprocess.DEVNULL
            )

        first = serve()
        beacon.wait_until(lambda: beacon.ended() >= 2, "runs end")
        first.kill()
        first.wait()
        second = serve()
        try:
            beacon.wait_until(lambda: beacon.ended() == len(beacon.truth), "every run ends")
        finally:
            second.terminate()
            assert second.wait(60) == 0
        beacon.check()


def test_a_worker_that_begins_while_its_database_is_away_waits_for_it(
    memory: Path, postgres: Postgres
) -> None:
    with tenants(1) as fleet, Beacon(memory / "early", fleet, database=postgres.url) as beacon:
        beacon.call("queue")
        postgres.kill()
        beacon.hire()
        postgres.start()
        beacon.wait_for_the_end()
        beacon.check()
