"""How long the command needs before it does anything, beside what Python itself needs."""

from __future__ import annotations

import sys

from benchmarks.measure import best
from benchmarks.tenant import SEATBEACON

BARE = [sys.executable, "-c", "import duckdb; duckdb.connect().execute('select 1').fetchall()"]


def run() -> None:
    """Print start-up times, best of five."""
    bare = best([sys.executable, "-c", "pass"])
    shown = best([*SEATBEACON, "--help"])
    print(f"  bare Python:        {bare}")
    print(f"  seatbeacon --help:  {shown}  x {shown.wall / bare.wall:.1f} (to beat: 0.4 s)")
