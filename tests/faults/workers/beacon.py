"""A beacon under fire: a home, its tenants, and workers that come and go."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import psutil
import psycopg
from tests.faults.listings import true_listings
from tests.faults.workers import nursery

from seatbeacon.simulator.fleet import Fleet
from seatbeacon.simulator.options import TenantOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE = 150.0
"""Seconds without any run ending after which what has not come will not: only a fault lets a test wait so
long."""
OVER = frozenset({"succeeded", "succeeded with problems", "failed", "cancelled", "held"})


@dataclass
class Beacon:
    """A context manager. `fleet` are the tenants that it has connections to, named t0, t1, …; `strangers`
    further connections, which cannot sign in.
    """

    home: Path
    fleet: Fleet
    strangers: int = 0
    database: str = ""
    lease: float = 6.0
    at_once: int = 2
    clock: Path | None = None
    workers: list[int] = field(default_factory=list)
    truth: dict[str, dict[str, int] | None] = field(default_factory=dict)
    _database: Any = None
    _ended: int = 0

    def __enter__(self) -> Self:
        """Make the home and its connections."""
        self.home.mkdir()
        self._errors = (self.home.parent / f"{self.home.name}.log").open("w+")
        self._nursery = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, nursery.__file__],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        try:
            self.call("connect", tenants=list(self._tenants()))
        except BaseException as error:
            # It has not begun, so nobody else ends it.
            self.__exit__(type(error))
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End everything; where it went wrong, tell what the processes said."""
        for pid in self.workers:
            os.kill(pid, signal.SIGCONT)
            os.kill(pid, signal.SIGKILL)
        self._nursery.communicate()
        if self._database is not None:
            self._database.close()
        if kind is not None:
            self._errors.seek(0)
            sys.stderr.write("".join(self._errors.readlines()[-200:]))
        self._errors.close()

    @property
    def environment(self) -> dict[str, str]:
        """That of its processes."""
        told = {
            "SEATBEACON_HOME": str(self.home),
            "SEATBEACON_LEASE": str(self.lease),
            "SEATBEACON_IMPORTS_AT_ONCE": str(self.at_once),
            "SEATBEACON_GIVE_UP_AFTER": "20",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        if self.database:
            told["DATABASE_URL"] = self.database
        if self.clock is not None:
            told["SEATBEACON_TEST_CLOCK"] = str(self.clock)
        return {name: value for name, value in os.environ.items() if "SEATBEACON" not in name} | told

    def call(self, deed: str, **arguments: Any) -> Any:
        """Have one of the `deeds` done by a process of the beacon, and give what it answers."""
        return self._ask({"call": deed, "with": arguments})

    def hire(self, count: int = 1, *, room: int | None = None) -> None:
        """Begin so many workers; with `room` on a disk that takes no file of more bytes."""
        self.workers += [self._ask({"worker": True, "room": room}) for _ in range(count)]

    def kill(self, pid: int, number: int = signal.SIGKILL) -> None:
        """Send a worker a signal that ends it."""
        self.workers.remove(pid)
        os.kill(pid, number)

    def dismiss(self) -> None:
        """Ask all workers to end, and see that they do."""
        leaving, self.workers = self.workers, []
        for pid in leaving:
            os.kill(pid, signal.SIGTERM)
        self.wait_until(lambda: not any(_lives(pid) for pid in leaving), "the workers end")

    def ended(self) -> int:
        """How many runs are over; what was known last while the database is away."""
        try:
            self._ended = self._count()
        except psycopg.OperationalError:
            self._database = None
        return self._ended

    def _count(self) -> int:
        if self._database is None:
            self._database = (
                psycopg.connect(self.database, autocommit=True)
                if self.database
                else sqlite3.connect(self.home / "seatbeacon.sqlite3", timeout=30)
            )
        found = self._database.execute("SELECT state FROM beacon_importrun").fetchall()
        return sum(state in OVER for (state,) in found)

    def wait_until(self, comes: Callable[[], object], what: str) -> None:
        """Wait until `comes` answers something."""
        begun, ended = time.monotonic(), self._ended
        while not comes():
            if self._ended != ended:
                begun, ended = time.monotonic(), self._ended
            assert time.monotonic() - begun < PATIENCE, f"{what}: it never came; {self.call('states')}"
            time.sleep(0.05)

    def wait_for_the_end(self) -> None:
        """Wait until every run is over, and dismiss the workers."""
        self.wait_until(lambda: self.ended() == len(self.truth), "every run ends")
        self.dismiss()

    def check(self, *, runs_each: int = 1) -> None:
        """Let the checker read the stores: nothing lost, nothing twice, nothing stuck, nothing half."""
        self.call("put_in_order")
        wrongs = self.call("wrongs", truth=self.truth, runs_each=runs_each)
        assert wrongs == [], f"the checker finds: {wrongs}"
        assert self.fleet.violations == [], f"the tenants complain: {self.fleet.violations}"

    def _tenants(self) -> Iterator[dict[str, str]]:
        """What is told of each connection, the strangers spread among the tenants."""
        spread = [
            (number / len(self.fleet.tenants), f"t{number}") for number in range(len(self.fleet.tenants))
        ]
        spread += [((number + 0.5) / self.strangers, f"s{number}") for number in range(self.strangers)]
        for _, name in sorted(spread):
            number = int(name[1:])
            simulator = self.fleet.tenants[0 if name[0] == "s" else number]
            token, tenant_id = "revoked", f"00000000-0000-4000-8000-{number:012d}"
            self.truth[name] = None
            if name[0] == "t":
                listings = true_listings(simulator.tenant, 0)
                self.truth[name] = {listing: len(rows) for listing, rows in listings.items()}
                token, tenant_id = simulator.issue_refresh_token(), simulator.tenant.id
            yield {
                "name": name,
                "token": token,
                "token_endpoint": simulator.token_endpoint,
                "authorization_endpoint": simulator.authorization_endpoint,
                "redirect_uri": simulator.redirect_uri,
                "graph_root": simulator.graph_root,
                "tenant_id": tenant_id,
            }

    def _ask(self, question: dict[str, Any]) -> Any:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(f"{json.dumps(question)}\n")
        self._nursery.stdin.flush()
        return json.loads(self._nursery.stdout.readline())


def tenants(count: int) -> Fleet:
    """Tenants of a few users each, no two alike."""
    return Fleet(
        TenantOptions(users=8 + number % 5, seed=number + 1, page_size_cap=5) for number in range(count)
    )


def _lives(pid: int) -> bool:
    """Whether the process has not ended; one that nobody has reaped has."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
