"""Running a command and saying what it took."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Usage:
    """What one process used: seconds on the wall, seconds of CPU (user and system, all threads), peak
    resident memory in MiB."""

    wall: float
    cpu: float
    peak_mib: float

    def __str__(self) -> str:
        return f"{self.wall:6.2f} s wall  {self.cpu:6.2f} s CPU  {self.peak_mib:5.0f} MiB peak"


def measure(
    command: Sequence[str], *, env: Mapping[str, str] | None = None, expect: tuple[int, ...] = (0,)
) -> Usage:
    """Run `command` to its end and measure it. Its output goes nowhere; an unexpected exit raises."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **(env or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    complaint = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in expect:
        message = f"{' '.join(command)} ended with {process.returncode}: {complaint.decode()[-2000:]}"
        raise RuntimeError(message)
    return Usage(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def best(
    command: Sequence[str],
    *,
    runs: int = 5,
    env: Mapping[str, str] | None = None,
    expect: tuple[int, ...] = (0,),
) -> Usage:
    """The quickest of several runs: what the machine can do, less what disturbed it."""
    return min((measure(command, env=env, expect=expect) for _ in range(runs)), key=lambda usage: usage.wall)
