"""A thousand connections due in the same minute: how long they wait, for one worker and for four, and whether
the pages stay quick meanwhile; on SQLite, and on a PostgreSQL server of its own."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

from tests.faults.workers.postgres import Postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECTIONS = int(os.environ.get("SEATBEACON_BENCH_CONNECTIONS", "1000"))
USERS = 10
DATABASES = tuple(os.environ.get("SEATBEACON_BENCH_DATABASES", "sqlite,postgresql").split(","))
WORKERS = tuple(int(n) for n in os.environ.get("SEATBEACON_BENCH_WORKERS", "1,4").split(","))
PAGES = ("/", "/imports/", "/inventory-systems/")
BETWEEN = 0.25
"""Seconds between two pages that somebody opens."""

_FLEET = """
import json, os, resource, sys
os.nice(15)  # it stands for Microsoft, which is elsewhere: it must not take from the pages what workers leave
from seatbeacon.simulator.fleet import Fleet
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
from seatbeacon.simulator.options import TenantOptions
options = [TenantOptions(users=int(sys.argv[2]), seed=n + 1) for n in range(int(sys.argv[1]))]
with Fleet(options) as fleet:
    for one in fleet.tenants:
        print(json.dumps({"token_endpoint": one.token_endpoint, "graph_root": one.graph_root,
                          "tenant_id": one.tenant.id, "token": one.issue_refresh_token()}))
    print("", flush=True)
    sys.stdin.read()
"""
_PREPARE = """
import json, sys
from seatbeacon.web.start import start
settings = start()
from django.db import transaction
from seatbeacon.beacon.connections.drafts import Given
from seatbeacon.beacon.connections.services import GivenSecrets, add_connection
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.graph.secret import Secret
ring = load_key_ring(settings)
with transaction.atomic():
    for number, line in enumerate(sys.stdin):
        told = json.loads(line)
        token = Secret(told.pop("token"))
        add_connection(ring, f"Tenant {number}", Given(**told), GivenSecrets(refresh_token=token))
from datetime import UTC, datetime
from django.conf import settings
from seatbeacon.web.accounts.sessions import SessionStore
from seatbeacon.web.accounts.models import User
user = User(email="a@b.example", name="A", role="administrator", created_at=datetime.now(UTC))
user.set_unusable_password()
user.save()
session = SessionStore()
session["_auth_user_id"] = str(user.pk)
session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
session["_auth_user_hash"] = user.get_session_auth_hash()
session.create()
print(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
"""
_QUEUE = """
from seatbeacon.beacon.start import start
settings = start()
from seatbeacon.beacon.models import Connection, Trigger
from seatbeacon.beacon.worker.execute_now import execute_now
for connection in Connection.objects.order_by("pk"):
    execute_now(settings, connection, Trigger.SCHEDULE)
"""
_RESULT = """
import json
from seatbeacon.beacon.start import start
start()
from seatbeacon.beacon.models import ImportRun
runs = ImportRun.objects.order_by("pk")
print(json.dumps([[run.state, (run.started_at - run.queued_at).total_seconds(),
                   (run.ended_at - run.started_at).total_seconds(), run.attempts]
                  for run in runs if run.started_at and run.ended_at]))
"""
_COUNT = """
from seatbeacon.beacon.start import start
start()
import sys, time
from seatbeacon.beacon.models import ACTIVE_STATES, ImportRun
while ImportRun.objects.filter(state__in=ACTIVE_STATES).exists():
    time.sleep(0.5)
"""


def run() -> None:
    """Print a line for each database and number of workers."""
    print(f"{CONNECTIONS} connections, tenants of {USERS} users, due at once; {os.cpu_count()} cores")
    for database in DATABASES:
        for workers in WORKERS:
            with (
                tempfile.TemporaryDirectory(prefix="seatbeacon-queue-") as folder,
                Postgres() if database == "postgresql" else nullcontext() as server,
            ):
                url = {"DATABASE_URL": server.url} if server else {}
                print(f"{database}, {_measured(Path(folder), workers, url)}", flush=True)


def _measured(home: Path, workers: int, database: dict[str, str]) -> str:
    env = {**os.environ, "SEATBEACON_HOME": str(home)} | database
    with _fleet() as tenants:
        session = _python(env, _PREPARE, tenants).strip()
        with _serving(env) as address:
            idle = _pages(address, session, threading.Event(), seconds=15)
            begun = time.perf_counter()
            _python(env, _QUEUE)
            queued = time.perf_counter() - begun
            over = threading.Event()
            busy: list[tuple[str, float]] = []
            looking = threading.Thread(target=lambda: busy.extend(_pages(address, session, over)))
            looking.start()
            command = [sys.executable, "-m", "seatbeacon.cli", "worker"]
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            working = [subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL) for _ in range(workers)]
            _python(env, _COUNT)
            took = time.perf_counter() - begun
            over.set()
            looking.join()
            for process in working:
                process.terminate()
            for process in working:
                process.wait()
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
        results = json.loads(_python(env, _RESULT))
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    waited = sorted(result[1] for result in results)
    states = {state: sum(one[0] == state for one in results) for state in {one[0] for one in results}}
    return (
        f"workers: {workers}; queued in {queued:.1f} s, all over after {took:.0f} s "
        f"({len(results) / took:.1f} imports a second, {cpu / len(results):.2f} s of CPU each); "
        f"waited {_at(waited, 0.5):.0f} s (median), {_at(waited, 0.95):.0f} s (p95); "
        f"an import takes {statistics.median(one[2] for one in results):.1f} s; {states}\n"
        f"           pages meanwhile: {_told(busy)}; before: {_told(idle)}"
    )


def _told(taken: list[tuple[str, float]]) -> str:
    found = sorted(seconds for _, seconds in taken)
    slowest = {
        page: _at(sorted(seconds for which, seconds in taken if which == page), 0.95) for page in PAGES
    }
    each = ", ".join(f"{page} {seconds * 1000:.0f}" for page, seconds in slowest.items())
    p50, p95 = _at(found, 0.5) * 1000, _at(found, 0.95) * 1000
    return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms of {len(found)} pages (p95 of {each})"


def _at(found: list[float], share: float) -> float:
    return found[min(len(found) - 1, int(len(found) * share))]


def _pages(
    address: str, session: str, over: threading.Event, *, seconds: float | None = None
) -> list[tuple[str, float]]:
    """Open one page after another, as people do, and answer how long each took."""
    taken: list[tuple[str, float]] = []
    begun = time.perf_counter()
    while not over.wait(BETWEEN) and (seconds is None or time.perf_counter() - begun < seconds):
        page = PAGES[len(taken) % len(PAGES)]
        request = Request(address + page, headers={"Cookie": session})  # noqa: S310 - our own pages
        started = time.perf_counter()
        with urlopen(request) as answer:  # noqa: S310 - as above
            assert "login" not in answer.url, "the session does not hold"
            answer.read()
        taken.append((page, time.perf_counter() - started))
    return taken


def _python(env: dict[str, str], script: str, told: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-c", script], env=env, input=told, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


@contextmanager
def _fleet() -> Iterator[str]:
    """All tenants, in a process of their own; gives a line of JSON for each."""
    with subprocess.Popen(
        [sys.executable, "-c", _FLEET, str(CONNECTIONS), str(USERS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        lines = []
        while line := process.stdout.readline().strip():
            lines.append(line)
        yield "\n".join(lines)
        process.stdin.close()


@contextmanager
def _serving(env: dict[str, str]) -> Iterator[str]:
    """The pages, without a worker of their own; gives their address."""
    command = [sys.executable, "-m", "seatbeacon.cli", "serve", "--no-worker", "--port", "0"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().rpartition(" ")[2].strip()
        while True:
            with suppress(OSError), urlopen(f"{address}/healthz"):  # noqa: S310 - our own pages
                break
            time.sleep(0.2)
        try:
            yield address
        finally:
            process.terminate()
