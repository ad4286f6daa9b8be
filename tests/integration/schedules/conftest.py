from __future__ import annotations

# ruff: noqa: E402 - models can be imported once Django is set up
import os
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import django
import pytest
from tests.faults.workers.postgres import Postgres
from tests.prepared import DATABASE, prepare

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seatbeacon.beacon.django_settings")
django.setup()

from django.db import connections

from seatbeacon.beacon.django_settings import database_settings
from seatbeacon.beacon.models import Connection, ImportRun, RunState, Schedule, Turn
from seatbeacon.beacon.schedules.clock import following
from seatbeacon.beacon.schedules.dispatch import Dispatcher
from seatbeacon.beacon.schedules.kinds import read_rule
from seatbeacon.beacon.schedules.services import Given, create_schedule
from seatbeacon.beacon.settings import load_settings
from seatbeacon.beacon.start import start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
"""A Monday."""


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose tables are made, once per process; tests get copies."""
    return prepare(tmp_path_factory.mktemp("prepared"), start)


@pytest.fixture
def home(
    request: pytest.FixtureRequest, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """The settings of a home of this test's own, its database made: on SQLite, or where the test says so
    (`on_both`) on PostgreSQL."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("SEATBEACON_HOME", str(folder))
    if getattr(request, "param", "sqlite") == "postgresql":
        server: Postgres = request.getfixturevalue("prepared_server")
        with server.copy_of_database() as url, _on(url):
            yield load_settings()
        return
    shutil.copy(prepared / DATABASE, folder)
    connections.close_all()
    monkeypatch.setitem(connections["default"].settings_dict, "NAME", str(folder / DATABASE))
    yield load_settings()
    connections.close_all()


@pytest.fixture(scope="session")
def prepared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL server with a database whose tables are made, once per process; tests get copies."""
    with Postgres() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEATBEACON_HOME", str(tmp_path_factory.mktemp("prepared-postgresql")))
        with _on(server.url):
            start()
        yield server


@contextmanager
def _on(url: str) -> Iterator[None]:
    """Let every thread of this process use the database of that address while in here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        told = connections.configure_settings({"default": database_settings(load_settings().database)})
        connections.close_all()
        before = connections["default"]
        patch.setitem(connections.settings, "default", told["default"])
        del connections["default"]
        try:
            yield
        finally:
            connections.close_all()
            connections["default"] = before


class World:
    """Schedules and connections at a time that the test says, and what the queue was told."""

    def __init__(self) -> None:
        self.now = NOON
        self.sent: list[int] = []
        self.dispatcher = self.another()

    def another(self) -> Dispatcher:
        """One more worker's dispatcher, or this one's after a new start."""
        return Dispatcher(self.sent.append)

    def schedule(self, name: str = "Hourly", kind: str = "hourly", **given: Any) -> Schedule:
        """A schedule as if it had been made now; hourly at 30 minutes past where nothing else is said."""
        more = {key: given.pop(key) for key in ("at_once", "jitter_seconds", "time_zone") if key in given}
        rule = read_rule(kind, given or {"minute": 30})
        schedule = create_schedule(Given(name=name, rule=rule, **({"time_zone": "UTC"} | more)))
        self.begin_at(schedule, self.now)
        return schedule

    def begin_at(self, schedule: Schedule, now: datetime) -> None:
        schedule.next_run_at = following(schedule, now)
        schedule.save(update_fields=["next_run_at"])

    def connect(self, schedule: Schedule | None, *names: str, enabled: bool = True) -> list[Connection]:
        return [
            Connection.objects.create(
                name=name,
                cloud="global",
                schedule=schedule,
                enabled=enabled,
                created_at=self.now,
                updated_at=self.now,
            )
            for name in names
        ]

    def at(self, text: str) -> None:
        """The clock shows another time of the same day, `HH:MM` or `HH:MM:SS`, and the dispatcher looks."""
        hours, minutes, *seconds = map(int, text.split(":"))
        self.now = NOON.replace(hour=hours, minute=minutes, second=seconds[0] if seconds else 0)
        self.look()

    def after(self, **length: float) -> None:
        """So much time passes, and the dispatcher looks."""
        self.now += timedelta(**length)
        self.look()

    def look(self) -> None:
        self.dispatcher.look(self.now)

    @property
    def runs(self) -> list[str]:
        """The connections of all runs so far, in the order in which they were queued."""
        return list(ImportRun.objects.order_by("pk").values_list("connection_name", flat=True))

    @property
    def active(self) -> list[str]:
        found = ImportRun.objects.filter(state__in=("queued", "running")).order_by("pk")
        return list(found.values_list("connection_name", flat=True))

    def end(self, *names: str, state: RunState = RunState.SUCCEEDED) -> None:
        """The active runs of those connections, or of all, end."""
        runs = ImportRun.objects.filter(state__in=("queued", "running"))
        (runs.filter(connection_name__in=names) if names else runs).update(state=state, ended_at=self.now)

    @property
    def skipped(self) -> dict[str, str]:
        """The notes of turns that were skipped, by connection; the newest of each."""
        turns = Turn.objects.filter(state="skipped").order_by("pk").select_related("connection")
        return {turn.connection.name: turn.note for turn in turns}


@pytest.fixture
def world(home: Settings) -> World:
    return World()


@pytest.fixture
def audited() -> Callable[[], list[tuple[str, str, dict[str, Any]]]]:
    """The audit log of schedules so far: action, target and details."""
    from seatbeacon.beacon.models import AuditEntry  # noqa: PLC0415 - once Django is set up

    return lambda: list(
        AuditEntry.objects.filter(action__contains="schedule")
        .order_by("pk")
        .values_list("action", "target", "details")
    )
