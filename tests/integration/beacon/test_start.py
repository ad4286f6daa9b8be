from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import connection

from seatbeacon.beacon.errors import HomeError, NewerHome
from seatbeacon.beacon.start import applied_migration, make_home, migrate, newest_migration

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings


def test_the_tables_are_made_at_first_use(home: Settings) -> None:
    assert applied_migration() == newest_migration()
    assert (home.home.stat().st_mode & 0o077) == 0


def test_a_home_of_a_newer_version_is_refused(home: Settings) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('beacon', '9999_x', '2099-01-01')"
        )
    with pytest.raises(NewerHome, match="newer version of Seatbeacon"):
        migrate(home)


def test_a_home_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError, match="SEATBEACON_HOME"):
        make_home(tmp_path / "file" / "home")


def test_models_and_migrations_agree(home: Settings) -> None:
    call_command("makemigrations", "beacon", check=True, dry_run=True, verbosity=0)


def test_several_first_starts_at_once_all_succeed(tmp_path: Path) -> None:
    environ = {"SEATBEACON_HOME": str(tmp_path / "home"), "PATH": ""}
    command = [sys.executable, "-m", "seatbeacon.cli", "connection", "list", "--format", "json"]
    running = [
        subprocess.Popen(command, env=environ, stderr=subprocess.PIPE)  # noqa: S603 - our own program
        for _ in range(4)
    ]
    results = [(process.communicate()[1], process.returncode) for process in running]
    assert [code for _, code in results] == [0] * 4, results


def test_the_sqlite_journal_is_a_write_ahead_log(home: Settings) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
