from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

from seatbeacon.inventory.errors import BadPackageData, BadVersion, ImportCancelled, NoSpace
from seatbeacon.inventory.importing.faults import explained


def test_a_cancelled_import_leaves_nothing_behind(make: Any, kit: Any) -> None:
    before = make.version([kit.user(1)])
    left = 0

    def cancel() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise ImportCancelled("Stopped.")

    package = make.package(
        [kit.user(1), kit.user(2)], emailActivity=kit.activity({"user1@contoso.example": ""})
    )
    for step in range(30):
        left = step
        try:
            make.take(package, check_cancelled=cancel)
        except ImportCancelled:
            assert [path.name for path in make.folder.glob("v*")] == [before.name]
        else:
            break
    assert step > 5
    assert len(list(make.folder.glob("v*"))) == 2


_CHILD = """
import sys, os, signal
from datetime import UTC, datetime
from pathlib import Path
from seatbeacon.collection.package.reader import open_package
from seatbeacon.inventory.importer import import_package
folder, step = Path(sys.argv[1]), int(sys.argv[2])
def check():
    global step
    step -= 1
    if step < 0:
        os.kill(os.getpid(), signal.SIGKILL)
import_package(open_package(folder / "package-2"), previous=folder / "v000001.duckdb",
    target=folder / "v000002.duckdb", imported_at=datetime.now(UTC), check_cancelled=check)
"""


@pytest.mark.slow
def test_a_kill_at_any_step_leaves_only_a_partial_file(make: Any, kit: Any) -> None:
    before = make.version([kit.user(1)])
    held = kit.contents(before)
    make.package(
        [kit.user(1), kit.user(2)], emailActivity=kit.activity({"user1@contoso.example": "2026-07-01"})
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3] / "src")}
    killed = 0
    for step in range(20):
        child = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", _CHILD, str(make.folder), str(step)], env=environment, check=False
        )
        if child.returncode == 0:
            break
        assert child.returncode == -signal.SIGKILL
        killed += 1
        whole = {path.name for path in make.folder.glob("v*.duckdb")}
        assert whole == {before.name}
        assert kit.contents(before) == held
    assert killed > 5
    assert {path.name for path in make.folder.glob("v*")} == {before.name, "v000002.duckdb"}


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits are of POSIX")
def test_a_full_disk_is_told_and_publishes_nothing(make: Any, kit: Any) -> None:
    before = make.version([kit.user(1)])
    package = make.package([kit.user(n, jobTitle=os.urandom(400).hex()) for n in range(20_000)])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (before.stat().st_size + 1_000_000, hard))
    try:
        with pytest.raises(NoSpace, match="The disk is full"):
            make.take(package)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert [path.name for path in make.folder.glob("v*")] == [before.name]


def test_too_little_memory_is_told() -> None:
    with pytest.raises(NoSpace, match="memory"), explained(Path("v.duckdb")):
        raise duckdb.OutOfMemoryException("could not allocate block")


def test_a_version_that_is_no_database_is_told(make: Any, kit: Any) -> None:
    broken = make.folder / "broken.duckdb"
    broken.write_bytes(b"not a database" * 1000)
    with pytest.raises(
        (BadVersion, BadPackageData, OSError, Exception), match=r"broken|could not|not a valid"
    ):
        make.take(make.package([kit.user(1)]), previous=broken)
    with pytest.raises(BadVersion, match="cannot be opened"):
        kit.rows(broken, "users", "id")
    with pytest.raises(BadVersion, match="does not exist"):
        kit.rows(make.folder / "nowhere.duckdb", "users", "id")


def test_another_tenants_package_is_refused(make: Any, kit: Any) -> None:
    make.version([kit.user(1)])
    package = make.package([kit.user(1)])
    foreign = msgspec.structs.replace(package.manifest.tenant, id="00000000-0000-4000-8000-00000000bbbb")
    manifest = msgspec.structs.replace(package.manifest, tenant=foreign)
    with pytest.raises(BadPackageData, match="is of tenant"):
        make.take(msgspec.structs.replace(package, manifest=manifest))


def test_the_previous_version_is_never_written(make: Any, kit: Any) -> None:
    before = make.version([kit.user(1)])
    data, changed = before.read_bytes(), before.stat().st_mtime_ns
    make.version([kit.user(2), kit.user(1, department="x")])
    assert before.read_bytes() == data
    assert before.stat().st_mtime_ns == changed


def test_an_import_at_the_time_of_the_last_comes_after_it(make: Any, kit: Any) -> None:
    make.version([kit.user(1)])
    make.days -= 1
    version = make.version([kit.user(1, department="x")])
    [(number,)] = kit.sql(version, "SELECT count(*) FROM users_history WHERE valid_to > valid_from")
    assert number == 1
    assert make.results[-1].imported_at - make.results[0].imported_at == timedelta(microseconds=1)
