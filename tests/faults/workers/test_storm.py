"""Workers that are killed at random moments, a hundred times, and databases under them: the checker finds all
right.

200 connections wait in one queue; more than half of them cannot sign in, so that the others have company at
little cost. After each few runs that end, at a random moment, a worker is killed and another one begins.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from tests.faults.workers.beacon import Beacon, tenants

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faults.workers.postgres import Postgres

TENANTS, STRANGERS = 36, 164
KILLS = 50
"""Of workers, on each database."""
LONGEST = 0.4
"""Seconds between the end of a run and the kill, at most."""


def storm(beacon: Beacon, kills: int, *, also: dict[int, Callable[[], None]] | None = None) -> None:
    """Kill workers, evenly over the runs, until every run is over; `also` is done at the kills of those
    numbers."""
    chance = random.Random(7)  # noqa: S311 - a storm that can be had again
    total = len(beacon.truth)
    for kill in range(kills):
        beacon.wait_until(lambda: beacon.ended() >= kill * total // (kills + 5), "runs end")  # noqa: B023 - at once
        time.sleep(chance.uniform(0, LONGEST))
        beacon.kill(chance.choice(beacon.workers))
        (also or {}).get(kill, lambda: None)()
        beacon.hire()
    beacon.wait_for_the_end()


def test_two_workers_on_sqlite_are_killed_fifty_times(memory: Path) -> None:
    with tenants(TENANTS) as fleet, Beacon(memory / "two", fleet, STRANGERS) as beacon:
        beacon.call("queue")
        beacon.hire(2)
        storm(beacon, KILLS)
        beacon.check()


def test_eight_workers_on_postgresql_are_killed_fifty_times_and_the_server_twice(
    memory: Path, postgres: Postgres
) -> None:
    def fall() -> None:
        postgres.kill()
        postgres.start()

    with (
        tenants(TENANTS) as fleet,
        Beacon(memory / "eight", fleet, STRANGERS, database=postgres.url, at_once=1) as beacon,
    ):
        beacon.call("queue")
        beacon.hire(8)
        storm(beacon, KILLS, also={KILLS // 3: fall, 2 * KILLS // 3: fall})
        beacon.check()


def test_eight_workers_share_one_queue_on_sqlite(memory: Path) -> None:
    with tenants(6) as fleet, Beacon(memory / "shared", fleet, 194, at_once=1) as beacon:
        beacon.call("queue")
        beacon.hire(8)
        beacon.wait_for_the_end()
        beacon.check()


def test_two_workers_share_one_queue_on_postgresql(memory: Path, postgres: Postgres) -> None:
    with tenants(6) as fleet, Beacon(memory / "pair", fleet, 194, database=postgres.url) as beacon:
        beacon.call("queue")
        beacon.hire(2)
        beacon.wait_for_the_end()
        beacon.check()
