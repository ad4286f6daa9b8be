from __future__ import annotations

from pathlib import Path

import pytest

from seatbeacon.beacon.errors import BadSetting
from seatbeacon.beacon.settings import describe_settings, load_settings
from seatbeacon.beacon.settings.database import Database


def test_defaults_hang_on_the_home(tmp_path: Path) -> None:
    settings = load_settings({"SEATBEACON_HOME": str(tmp_path)})
    assert settings.database == Database.sqlite(tmp_path / "seatbeacon.sqlite3")
    assert settings.inventory == tmp_path / "inventory"
    assert (settings.hold_share, settings.parallel, settings.give_up_after) == (0.20, 12, 600.0)
    assert (settings.keep_versions, settings.keep_packages) == (5, 1)


def test_the_environment_wins_over_the_default() -> None:
    settings = load_settings({"SEATBEACON_PARALLEL": "3", "SEATBEACON_INVENTORY": "/srv/inventory"})
    assert settings.parallel == 3
    assert settings.inventory == Path("/srv/inventory")


def test_an_empty_variable_counts_as_unset() -> None:
    assert load_settings({"SEATBEACON_PARALLEL": ""}).parallel == 12


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SEATBEACON_HOLD_SHARE", "20", "share from 0 to 1"),
        ("SEATBEACON_HOLD_SHARE", "nan", "share from 0 to 1"),
        ("SEATBEACON_PARALLEL", "0", "whole number from 1 to 64"),
        ("SEATBEACON_PARALLEL", "many", "whole number from 1 to 64"),
        ("SEATBEACON_GIVE_UP_AFTER", "-1", "number of seconds"),
        ("SEATBEACON_MEMORY_LIMIT", "lots", "600MB or 2GB"),
        ("SEATBEACON_CA_FILE", "/nowhere/ca.pem", "not a file"),
        ("SEATBEACON_INVENTORY", "ftp://somewhere/else", "not a folder"),
        ("DATABASE_URL", "mysql://x/y", "sqlite:///PATH or postgresql://"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_right(name: str, value: str, told: str) -> None:
    with pytest.raises(BadSetting, match=name) as caught:
        load_settings({name: value})
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_database_address_does_not_show_its_password() -> None:
    with pytest.raises(BadSetting) as caught:
        load_settings({"DATABASE_URL": "mysql://me:hunter2@host/name"})
    assert "hunter2" not in str(caught.value)


def test_every_setting_is_described_with_its_source(tmp_path: Path) -> None:
    described = {
        one.name: one
        for one in describe_settings({"SEATBEACON_HOME": str(tmp_path), "SEATBEACON_PARALLEL": "4"})
    }
    assert described["SEATBEACON_HOME"].source == "environment"
    assert described["SEATBEACON_PARALLEL"].value == "4"
    assert described["SEATBEACON_KEEP_VERSIONS"].source == "default"
    assert all(one.help.endswith(".") for one in described.values())


def test_secrets_are_masked_in_the_description(tmp_path: Path) -> None:
    environ = {
        "SEATBEACON_HOME": str(tmp_path),
        "SEATBEACON_SECRET_KEYS": "c2VjcmV0",
        "DATABASE_URL": "postgresql://me:hunter2@db.example:5433/beacon?sslmode=require",
    }
    described = {one.name: one.value for one in describe_settings(environ)}
    assert described["SEATBEACON_SECRET_KEYS"] == "********"
    assert "hunter2" not in described["DATABASE_URL"]
    assert "db.example:5433/beacon" in described["DATABASE_URL"]


def test_keys_in_a_file_are_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "secret-keys").write_text("x")
    described = {one.name: one for one in describe_settings({"SEATBEACON_HOME": str(tmp_path)})}
    assert described["SEATBEACON_SECRET_KEYS"].source == "file"


def test_a_postgresql_address_is_read_in_all_its_parts() -> None:
    database = Database.parse("postgresql://me:p%40ss@db.example:5433/beacon?sslmode=require")
    assert database == Database(
        "postgresql", "beacon", "db.example", 5433, "me", "p@ss", (("sslmode", "require"),)
    )
    assert "p@ss" not in repr(database)


def test_a_sqlite_address_is_a_path() -> None:
    assert Database.parse("sqlite:////srv/b.sqlite3").name == "/srv/b.sqlite3"
    assert Path(Database.parse("sqlite:///b.sqlite3").name).is_absolute()
