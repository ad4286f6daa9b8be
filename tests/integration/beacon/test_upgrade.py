"""A home that an earlier version made: migrated with all that it holds, and refused once it is ahead of
us."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from django.db import connections

from seatbeacon.beacon.errors import HomeError
from seatbeacon.beacon.imports.upgrade import upgrade_versions
from seatbeacon.beacon.imports.versions import choose_version, version_path
from seatbeacon.beacon.models import (
    AuditEntry,
    Connection,
    ImportRun,
    InventoryVersion,
    RunState,
    SecretField,
)
from seatbeacon.beacon.runs.recovery import interrupt_dead_runs
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.beacon.secrets.store import get_secret
from seatbeacon.beacon.start import applied_migration, newest_migration, start
from seatbeacon.inventory import query
from seatbeacon.inventory.errors import BadVersion
from seatbeacon.inventory.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seatbeacon.beacon.settings import Settings

HERE = Path(__file__).parent
TABLES = (HERE / "homes" / "version_0_1.sql").read_text("utf-8")
"""The database of a home of version 0.1: a connection that imported, one whose run was cut off, an
account."""
KEY = "hMkZ5wNoZsIWh/uNtZ45vL2dbDmnCEwocM11yjAWJjc="
INVENTORY = (HERE.parent / "inventory" / "schemas" / "schema_1.sql").read_text("utf-8")
TENANT = "1a719e9d-9d96-4a6a-a510-d3a031af3692"

_SIGN_IN = """
from seatbeacon.web.start import start
start()
from seatbeacon.web.accounts.models import User
user = User.objects.get()
print(user.email, user.role, user.check_password("correct horse battery staple"))
"""


@pytest.fixture
def old_home(tmp_path: Path) -> Path:
    """A home as version 0.1 left it."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    with sqlite3.connect(home / "seatbeacon.sqlite3") as database:
        database.executescript(TABLES)
    database.close()
    (home / "secret-keys").write_text(KEY)
    (home / "secret-keys").chmod(0o600)
    folder = home / "inventory" / TENANT
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "v000001.duckdb")) as inventory:
        inventory.execute(INVENTORY.replace("8f1c2a34-0000-4000-8000-00000000aaaa", TENANT))
    return home


@pytest.fixture
def migrated(old_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The settings of that home, once this version has started in it."""
    for name in ("DATABASE_URL", "SEATBEACON_INVENTORY", "SEATBEACON_SECRET_KEYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SEATBEACON_HOME", str(old_home))
    connections.close_all()
    monkeypatch.setitem(connections["default"].settings_dict, "NAME", str(old_home / "seatbeacon.sqlite3"))
    yield start()
    connections.close_all()


def _run(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("SEATBEACON", "DJANGO"))
    }
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, *command],
        env={**environ, "SEATBEACON_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_everything_is_kept(migrated: Settings) -> None:
    assert applied_migration() == newest_migration()
    contoso, fabrikam = Connection.objects.order_by("name")
    assert (contoso.name, contoso.tenant_id, fabrikam.name) == ("Contoso", TENANT, "Fabrikam")
    assert contoso.enabled
    token = get_secret(load_key_ring(migrated), fabrikam, SecretField.REFRESH_TOKEN)
    assert token is not None
    assert token.reveal() == "kept-refresh-token"
    run = ImportRun.objects.get(connection=contoso)
    assert (run.state, run.counts["users"]["total"]) == (RunState.SUCCEEDED, 3)
    assert choose_version(None).run == run
    assert AuditEntry.objects.exists()


def test_a_run_that_was_under_way_then_is_done_again(migrated: Settings) -> None:
    cut_off = ImportRun.objects.get(connection__name="Fabrikam")
    assert cut_off.state == RunState.RUNNING
    assert interrupt_dead_runs(migrated) == [cut_off]
    cut_off.refresh_from_db()
    assert cut_off.state == RunState.QUEUED


def test_the_inventory_is_told_or_read_and_is_never_a_riddle(migrated: Settings) -> None:
    path = version_path(migrated, choose_version(None))
    if SCHEMA_VERSION > 1:
        with pytest.raises(BadVersion, match="older Seatbeacon"):
            query.count(path, "users")
    assert upgrade_versions(migrated) == (1 if SCHEMA_VERSION > 1 else 0)
    assert query.count(path, "users") == 2
    assert InventoryVersion.objects.get().schema == SCHEMA_VERSION
    assert upgrade_versions(migrated) == 0


def test_an_inventory_that_cannot_be_upgraded_keeps_nobody_from_working(
    migrated: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    InventoryVersion.objects.update(schema=0)
    path = version_path(migrated, choose_version(None))
    path.write_text("damaged")
    assert upgrade_versions(migrated) == 0
    assert "could not be brought up to date" in caplog.text
    assert path.read_text() == "damaged"


def test_the_command_line_and_the_accounts_go_on(old_home: Path) -> None:
    listed = _run(old_home, "-m", "seatbeacon.cli", "connection", "list", "--format", "json")
    assert [json.loads(line)["name"] for line in listed.stdout.splitlines()] == ["Contoso", "Fabrikam"]
    signed_in = _run(old_home, "-c", _SIGN_IN)
    assert signed_in.stdout == "ada@contoso.example administrator True\n", signed_in.stderr


@pytest.mark.parametrize("app", ["beacon", "accounts"])
def test_a_home_of_a_newer_version_is_refused_and_left_alone(old_home: Path, app: str) -> None:
    with sqlite3.connect(old_home / "seatbeacon.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (?, '9999_later', '2099-01-01')", [app]
        )
    database.close()
    refused = _run(old_home, "-m", "seatbeacon.cli", "serve", "--port", "0")
    assert refused.returncode == 1
    assert "was made by a newer version of Seatbeacon" in refused.stderr
    assert "Install the newer version" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_home_that_is_refused_is_not_migrated(old_home: Path, migrated: Settings) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('beacon', '9999', '2099-01-01')"
        )
    with pytest.raises(HomeError):
        start()
