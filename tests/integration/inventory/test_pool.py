"""Versions stay open to be read: side by side, replaced, removed, forgotten."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from seatbeacon.inventory import query
from seatbeacon.inventory.engine import reading
from seatbeacon.inventory.errors import BadVersion
from seatbeacon.inventory.pool import Pool
from seatbeacon.inventory.remembered import remembered

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def versions(kit: Any, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    made = kit.maker(tmp_path_factory.mktemp("pool"))
    return [made.version([kit.user(n) for n in range(size)]) for size in (1, 2, 3)]


def test_sixteen_threads_read_several_versions_at_once(versions: list[Path]) -> None:
    def ask(number: int) -> tuple[int, int, int]:
        file = versions[number % 3]
        rows = list(query.run(file, "users", limit=2).rows)
        return number % 3 + 1, query.count(file, "users"), len(rows)

    with ThreadPoolExecutor(16) as threads:
        for size, count, rows in threads.map(ask, range(200)):
            assert count == size
            assert rows == min(size, 2)


def test_a_version_that_was_removed_is_gone_and_who_reads_it_reads_on(
    versions: list[Path], tmp_path: Path
) -> None:
    file = tmp_path / "v000001.duckdb"
    shutil.copyfile(versions[2], file)
    with reading(file) as connection:
        answer = connection.execute("SELECT count(*) FROM users a, users b, users c")
        file.unlink()
        assert answer.fetchall() == [(27,)]
    with pytest.raises(BadVersion, match="does not exist"):
        query.count(file, "users")


def test_a_file_that_was_replaced_is_another_version(versions: list[Path], tmp_path: Path) -> None:
    file = tmp_path / "v000001.duckdb"
    for number in (0, 2, 1):
        shutil.copyfile(versions[number], tmp_path / "new")
        (tmp_path / "new").replace(file)
        assert query.count(file, "users") == number + 1


def test_only_few_versions_are_kept_open(versions: list[Path], tmp_path: Path) -> None:
    pool = Pool({"threads": 2}, lambda _connection, _file: None)
    for number in range(20):
        file = tmp_path / f"v{number:06d}.duckdb"
        shutil.copyfile(versions[number % 3], file)
        with pool.reading(file) as connection:
            assert connection.execute("SELECT count(*) FROM users").fetchall() == [(number % 3 + 1,)]
            known = connection.execute(
                "SELECT count(*) FROM duckdb_databases() WHERE database_name LIKE 'version_%'"
            ).fetchall()
        assert known[0][0] <= 8
    pool.close()


def test_what_is_no_inventory_is_told_and_leaves_nothing_open(versions: list[Path], tmp_path: Path) -> None:
    damaged = tmp_path / "v000001.duckdb"
    damaged.write_bytes(b"not a database" * 1000)
    empty = tmp_path / "v000002.duckdb"
    duckdb.connect(str(empty)).close()
    for file, told in ((damaged, "cannot be opened"), (empty, "is no inventory")):
        for _ in range(2):
            with pytest.raises(BadVersion, match=told):
                query.count(file, "users")
    assert query.count(versions[0], "users") == 1


def test_what_is_known_of_a_version_is_computed_once_by_all_who_ask(versions: list[Path]) -> None:
    asked: list[int] = []
    gate = threading.Event()

    def compute() -> int:
        gate.wait(60)
        asked.append(1)
        return len(asked)

    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(remembered, versions[0], "once", compute) for _ in range(8)]
        gate.set()
        assert {answer.result() for answer in answers} == {1}
    assert remembered(versions[1], "once", compute) == 2


def test_a_fault_is_not_remembered(versions: list[Path]) -> None:
    def fail() -> int:
        raise ValueError("not this time")

    with pytest.raises(ValueError, match="not this time"):
        remembered(versions[0], "faulty", fail)
    assert remembered(versions[0], "faulty", lambda: 5) == 5
