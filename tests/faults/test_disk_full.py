"""A disk that is full: told with its folder; nothing published, nothing left over, the next run fine."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from tests.faults.listings import differences, listed, true_listings
from tests.faults.stage import NAME

from seatbeacon.beacon.imports import execute
from seatbeacon.beacon.models import RunState
from seatbeacon.collection.collector import collect
from seatbeacon.collection.datasets import DATASETS
from seatbeacon.collection.package import files

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.stage import Stage

    from seatbeacon.collection.package import Manifest
    from seatbeacon.graph.client import GraphClient

EARLIER, TODAY = 0, 30
READ = {"organization", "users", "subscribedSkus", "servicePrincipals", "appRoleAssignedTo", "activeUsers"}
"""One dataset of each sort, so that every way of writing is there and the disk can fill at each write."""


class Disk:
    """Takes `room` writes, and then nothing any more: what is written last is written in part."""

    def __init__(self, room: int) -> None:
        self.room = room

    def take(self) -> None:
        """One more write."""
        self.room -= 1
        if self.room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def write_all(self, descriptor: int, data: Any) -> None:
        """Stands in for `files.write_all`."""
        view = memoryview(data).cast("B")
        try:
            self.take()
        except OSError:
            os.write(descriptor, view[: len(view) // 2])
            raise
        while view:
            view = view[os.write(descriptor, view) :]

    def fsync(self, descriptor: int) -> None:
        """Stands in for `os.fsync`: a manifest is on disk, or it is not."""
        del descriptor
        self.take()


def collect_some(client: GraphClient, folder: Path, **arguments: Any) -> Manifest:
    """Collect one dataset of each sort."""
    wanted = [dataset for dataset in DATASETS if dataset.name in READ]
    return collect(client, folder, **{**arguments, "datasets": wanted})


def test_the_disk_fills_at_every_write_of_collecting(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the nth write on the disk is full, for each n until there was room for all."""
    before = true_listings(stage.simulator.tenant, EARLIER)
    monkeypatch.setattr(execute, "collect", collect_some)
    for room in range(1000):
        disk = Disk(room)
        with monkeypatch.context() as patch:
            patch.setattr(files, "write_all", disk.write_all)
            patch.setattr(os, "fsync", disk.fsync)
            ended = stage.imported()
        if disk.room >= 0:
            break
        assert (ended.status, ended.state) == (1, RunState.FAILED), f"room for {room} writes: {ended}"
        assert "The disk is full" in ended.told, f"room for {room} writes: {ended.told}"
        assert str(stage.home) in ended.told, f"room for {room} writes: {ended.told}"
        assert "Free s" in ended.told
        stage.check_nothing_left()
        if not room % 10:
            assert differences(listed(), before) == []
        stage.put_back()
    assert room > len(READ)
    assert ended.status == 0
    stage.put_back()


_LIMITED = """
import resource, sys
from seatbeacon.cli.main import run
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(run(sys.argv[2:]))
"""


def limited(stage: Stage, size: int) -> subprocess.CompletedProcess[str]:
    """`seatbeacon import run` where no file may become larger than `size` bytes.

    Python ignores SIGXFSZ, so that every write beyond fails as on a full disk, DuckDB's own too.
    """
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", _LIMITED, str(size), "import", "run", NAME],
        env={**os.environ, "SEATBEACON_HOME": str(stage.home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("eighth", range(8))
def test_the_disk_fills_while_a_version_is_written(stage: Stage, eighth: int) -> None:
    """With less room than the published version takes, copying it fails; with more, DuckDB's writing does."""
    before = true_listings(stage.simulator.tenant, EARLIER)
    today = true_listings(stage.simulator.tenant, TODAY, earlier=[EARLIER])
    old = stage.published.stat().st_size
    assert stage.imported().status == 0
    whole = stage.published.stat().st_size
    stage.put_back()
    least = 2 * max(path.stat().st_size for path in stage.home.glob("seatbeacon.sqlite3*"))
    assert least < old < whole
    size = least + eighth * (old - least) // 3 if eighth < 3 else old + (eighth - 3) * (whole - old) // 5
    done = limited(stage, size)
    assert done.returncode == 1, f"{size} of {whole} bytes\n{done.stdout}\n{done.stderr}"
    assert "The disk is full" in done.stderr
    assert str(stage.home / "inventory") in done.stderr
    assert "Traceback" not in done.stderr
    assert differences(listed(), before) == []
    stage.check_nothing_left()
    assert stage.imported().status == 0
    assert differences(listed(), today) == []
    stage.check_nothing_left()
    stage.put_back()
