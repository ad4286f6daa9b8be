"""Test connection, in the background of this process; what came of it stands where every process sees it."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.core.cache import cache
from django.db import close_old_connections, connections

from seatbeacon.beacon.connections.probing import Probe, probe_connection
from seatbeacon.beacon.explain import explain
from seatbeacon.beacon.settings import load_settings

if TYPE_CHECKING:
    from seatbeacon.beacon.audit import Actor
    from seatbeacon.beacon.models import Connection

logger = logging.getLogger(__name__)

KEPT_SECONDS = 3600
GIVEN_UP_SECONDS = 900
"""A test that told nothing for so long has died with its process."""


@dataclass
class ConnectionTest:
    """A test as far as it came. `probes` are those that answered, as plain values, in the order they did."""

    id: str = field(default_factory=lambda: uuid4().hex)
    state: str = "running"
    started: float = field(default_factory=time.time)
    ended: float | None = None
    signed_in_after: float | None = None
    problem: str = ""
    remedy: str = ""
    probes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_running(self) -> bool:
        """Whether answers are still to come."""
        return self.state == "running" and time.time() - self.started < GIVEN_UP_SECONDS


def latest(connection: Connection) -> ConnectionTest | None:
    """The newest test of `connection`, for as long as it is kept."""
    stored = cache.get(_key(connection))
    return ConnectionTest(**stored) if stored else None


def start(connection: Connection, actor: Actor) -> ConnectionTest:
    """Start a test, which the audit log tells of, or return the one that is under way."""
    under_way = latest(connection)
    if under_way is not None and under_way.is_running:
        return under_way
    test = ConnectionTest()
    _store(connection, test)
    _in_background(connection, test, actor)
    return test


def _in_background(connection: Connection, test: ConnectionTest, actor: Actor) -> None:
    def run() -> None:
        try:
            carry_out(connection, test, actor)
        finally:
            connections.close_all()

    threading.Thread(target=run, name=f"test of connection {connection.pk}", daemon=True).start()


def carry_out(connection: Connection, test: ConnectionTest, actor: Actor) -> None:
    """Ask for the token and each first page; every answer is stored as it comes."""
    lock = threading.Lock()

    def signed_in() -> None:
        with lock:
            test.signed_in_after = time.time() - test.started
            _store(connection, test)

    def answered(probe: Probe) -> None:
        with lock:
            test.probes.append(asdict(probe) | {"is_problem": probe.is_problem})
            _store(connection, test)

    close_old_connections()
    try:
        probe_connection(load_settings(), connection, actor=actor, on_signed_in=signed_in, on_probe=answered)
        test.state = "ended"
    except Exception as error:
        told = explain(error)
        if not told.foreseen:
            logger.exception("Test of connection %s failed", connection.pk)
        test.state, test.problem, test.remedy = "failed", told.problem, told.remedy
    finally:
        test.ended = time.time()
        with lock:
            _store(connection, test)


def _store(connection: Connection, test: ConnectionTest) -> None:
    cache.set(_key(connection), asdict(test), KEPT_SECONDS)


def _key(connection: Connection) -> str:
    return f"connection-test-{connection.pk}"
