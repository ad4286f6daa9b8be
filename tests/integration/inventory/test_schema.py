"""Version files of every schema that was ever released: brought up to date, or told in words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from seatbeacon.inventory import query
from seatbeacon.inventory.describe import describe
from seatbeacon.inventory.errors import BadVersion
from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.inventory.schema import FIRST_SCHEMA, SCHEMA_VERSION
from seatbeacon.inventory.statements import blocks
from seatbeacon.inventory.upgrade import schema_behind, upgrade_file
from seatbeacon.inventory.views import view_name

_SCHEMAS = Path(__file__).with_name("schemas")
_RELEASED = sorted(_SCHEMAS.glob("schema_*.sql"))


def _old(folder: Path, script: Path = _RELEASED[0]) -> Path:
    """A version file as a program of that time wrote it."""
    file = folder / "v000001.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(script.read_text("utf-8"))
    return file


def _renumber(file: Path, number: int) -> Path:
    with duckdb.connect(str(file)) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'", [str(number)])
    return file


def _tables(kit: Any, file: Path) -> set[tuple[str, str, str]]:
    return set(
        kit.sql(file, "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal")
    )


def test_each_schema_has_one_step_from_the_one_before() -> None:
    names = re.findall(
        r"^-- :name (\w+)",
        (Path(query.__file__).parent / "sql" / "upgrades.sql").read_text("utf-8"),
        re.MULTILINE,
    )
    assert names == [f"to_{number}" for number in range(FIRST_SCHEMA + 1, SCHEMA_VERSION + 1)]
    assert list(blocks("upgrades")) == names


@pytest.mark.parametrize("script", _RELEASED, ids=lambda script: script.stem)
def test_an_upgraded_file_has_the_tables_of_a_new_one(
    kit: Any, make: Any, tmp_path: Path, script: Path
) -> None:
    file = _old(tmp_path, script)
    new = make.take(make.package([kit.user(1)]), previous=None)

    upgrade_file(file)

    assert _tables(kit, file) == _tables(kit, new), "change sql/schema.sql and sql/upgrades.sql together"
    assert schema_behind(file) is None


@pytest.mark.parametrize("script", _RELEASED, ids=lambda script: script.stem)
def test_what_an_older_file_held_can_be_read_once_it_is_upgraded(
    kit: Any, tmp_path: Path, script: Path
) -> None:
    file = _old(tmp_path, script)
    upgrade_file(file)
    assert kit.rows(file, "users", "display_name", sort=["display_name"]) == ["One", "Two"]
    assert kit.rows(file, "licenses", "assigned") == [1]
    assert describe(file).imports == 1
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("script", _RELEASED, ids=lambda script: script.stem)
def test_an_import_goes_on_from_an_older_file_and_leaves_it_as_it_was(
    kit: Any, make: Any, tmp_path: Path, script: Path
) -> None:
    (tmp_path / "old").mkdir()
    old = _old(tmp_path / "old", script)
    before = old.read_bytes()

    new = make.take(make.package([kit.user(1, displayName="One", department="Legal")]), previous=old)

    assert kit.rows(new, "users", "department") == ["Legal"]
    assert kit.sql(new, "SELECT id, department FROM users_history ORDER BY id") == [
        ("id-1", "Sales"),
        ("id-2", "Legal"),
    ]
    assert (
        kit.sql(new, "SELECT date, value FROM daily_counts WHERE name = 'assigned' ORDER BY date")[0][1] == 1
    )
    assert old.read_bytes() == before


def test_readers_of_an_older_file_are_told_what_to_do(tmp_path: Path) -> None:
    file = _renumber(_old(tmp_path), SCHEMA_VERSION - 1)
    for read in (lambda: describe(file), lambda: query.count(file, "users")):
        with pytest.raises(BadVersion, match=r"older Seatbeacon.*Import the tenant again, or start") as told:
            read()
        assert str(file) in str(told.value)


def test_a_newer_file_is_refused_by_readers_and_imports(kit: Any, make: Any, tmp_path: Path) -> None:
    file = _renumber(_old(tmp_path), SCHEMA_VERSION + 1)
    with pytest.raises(BadVersion, match=r"newer Seatbeacon.*Update Seatbeacon"):
        query.count(file, "users")
    with pytest.raises(BadVersion, match=r"newer Seatbeacon.*Update Seatbeacon"):
        make.take(make.package([kit.user(1)]), previous=file)
    assert schema_behind(file) is None


def test_a_file_that_is_no_inventory_is_told_as_such(tmp_path: Path) -> None:
    file = tmp_path / "v000001.duckdb"
    duckdb.connect(str(file)).close()
    with pytest.raises(BadVersion, match="no inventory"):
        query.count(file, "users")


def test_an_upgrade_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = _renumber(_old(tmp_path), SCHEMA_VERSION - 1)
    before = file.read_bytes()
    monkeypatch.setitem(blocks("upgrades"), f"to_{SCHEMA_VERSION}", "ALTER TABLE gone ADD COLUMN x INTEGER")
    with pytest.raises(BadVersion, match="could not be made"):
        upgrade_file(file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_each_listing_is_a_view_for_whoever_opens_the_file(kit: Any, make: Any) -> None:
    first = make.take(make.package([kit.user(number) for number in range(5)]), previous=None)
    file = make.take(make.package([kit.user(number) for number in range(7)]), previous=first)
    for listing in LISTINGS.values():
        keys = [column.key for column in listing.columns]
        rows = kit.sql(file, f"SELECT {', '.join(keys)} FROM {view_name(listing)}")  # noqa: S608 - our own names
        assert sorted(map(repr, rows)) == sorted(map(repr, query.run(file, listing, columns=keys).rows))
    assert kit.sql(file, "SELECT count(*) FROM list_users") == [(7,)]


def test_everything_in_the_file_says_what_it_is(kit: Any, make: Any) -> None:
    file = make.take(make.package([kit.user(1)]), previous=None)
    told = kit.sql(
        file,
        "SELECT table_name, comment FROM duckdb_tables() WHERE NOT internal "
        "UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE NOT internal",
    )
    without = {name for name, comment in told if not comment}
    assert {name for name in without if not name.endswith("_history")} == set()
