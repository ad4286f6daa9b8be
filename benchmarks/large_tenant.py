"""A million users, two million assignments, all reports: CPU, memory, and what a second import costs.

The second import is measured three times, each over the first: an hour later, when one user in a hundred
changed; after a quiet day, when one report row in a hundred changed too and every report was refreshed
(`later`); and after a day of the simulated tenant, on which most users did something in some application, and
people came, left and changed.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks.later import write_later
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
        hour = _later(folder, refreshed=False)
        print(f"  import an hour later:          {hour}")
        quiet = _later(folder, refreshed=True)
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
    print(f"  an hour later / first:     {hour.cpu / first.cpu:.2f} of the CPU (to beat: 0.5)")
    print(f"  after a quiet day / first: {quiet.cpu / first.cpu:.2f} of the CPU")
    print(f"  after a busy day / first:  {second.cpu / first.cpu:.2f} of the CPU")


def _later(folder: Path, *, refreshed: bool) -> Usage:
    """The import of what the first package would be later, over a copy of what the first one left."""
    shutil.copytree(folder / "home", folder / "other-home")
    write_later(folder / "first", folder / "later", refreshed=refreshed)
    used = measure(_import(folder / "later"), env={"SEATBEACON_HOME": str(folder / "other-home")})
    for done in ("later", "other-home"):
        shutil.rmtree(folder / done)
    return used


def _collect(package: Path) -> list[str]:
    return [*SEATBEACON, "package", "collect", "Bench", "--out", str(package)]


def _import(package: Path) -> list[str]:
    return [*SEATBEACON, "package", "import", str(package)]
