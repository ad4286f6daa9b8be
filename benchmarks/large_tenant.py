"""A million users, two million assignments, all reports: CPU, memory, and what a second import costs.

The second import is measured twice, each over the first: after a quiet day, on which one user and one report
row in a hundred changed and every report was refreshed (`day_later`); and after a day of the simulated
tenant, on which most users did something in some application, and people came, left and changed.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks.day_later import write_day_later
from benchmarks.measure import Usage, best, measure
from benchmarks.start_up import BARE
from benchmarks.tenant import SEATBEACON, tenant

USERS = 1_000_000
SMALL = 100_000


def run() -> None:
    """Print each step's cost, and the ratios."""
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        with tenant(SMALL) as served:
            env = served.connect(folder / "small")
            small = measure(_collect(folder / "small-package"), env=env)
        print(f"  collect {SMALL:>9,} users:        {small}")
        with tenant(USERS) as served:
            env = served.connect(folder / "home")
            collected = measure(_collect(folder / "first"), env=env)
            print(f"  collect {USERS:>9,} users:        {collected}")
            served.tell("day", day=1)
            served.tell("warm")
            measure(_collect(folder / "second"), env=env)
        first = measure(_import(folder / "first"), env=env)
        print(f"  import, first:                 {first}")
        shutil.copytree(folder / "home", folder / "other-home")
        quiet = _quiet_day(folder)
        print(f"  import after a quiet day:      {quiet}")
        second = measure(_import(folder / "second"), env=env)
        print(f"  import after a busy day:       {second}")
        again = measure(_import(folder / "second"), env=env)
        print(f"  import the same again:         {again}")
        listing = best([*SEATBEACON, "list", "users", "--limit", "50"], env=env)
        bare = best(BARE)
        print(f"  list users --limit 50:         {listing}")
        print(f"  bare Python with DuckDB:       {bare}")
    print(f"  collect and import: {collected.cpu + first.cpu:.1f} s CPU (to beat: 60 s), ", end="")
    print(f"{max(collected.peak_mib, first.peak_mib):.0f} MiB peak (to beat: 1024 MiB)")
    print(f"  memory while collecting, ten times the users: x {collected.peak_mib / small.peak_mib:.2f}")
    print(f"  after a quiet day / first: {quiet.cpu / first.cpu:.2f} of the CPU (to beat: 0.5)")
    print(f"  after a busy day / first:  {second.cpu / first.cpu:.2f} of the CPU")


def _quiet_day(folder: Path) -> Usage:
    """The import after a day on which one user and one report row in a hundred changed, beside the other."""
    write_day_later(folder / "first", folder / "quiet")
    used = measure(_import(folder / "quiet"), env={"SEATBEACON_HOME": str(folder / "other-home")})
    for done in ("quiet", "other-home"):
        shutil.rmtree(folder / done)
    return used


def _collect(package: Path) -> list[str]:
    return [*SEATBEACON, "package", "collect", "Bench", "--out", str(package)]


def _import(package: Path) -> list[str]:
    return [*SEATBEACON, "package", "import", str(package)]
