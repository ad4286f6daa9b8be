"""Workers by the dozen: a process that has imported everything, and forks one whenever it is asked to.

`python nursery.py` reads a JSON object a line: {"worker": true} begins a worker, {"call": NAME, "with": {…}}
calls a function of `deeds` and waits for it. Each answer is a line of JSON: the worker's process id, or what
was returned. Whoever asks kills workers as it likes: they are processes like any other.

A worker that is sent SIGUSR1 finds its disk full from then on: it can write nothing more, anywhere.

With SEATBEACON_TEST_CLOCK, the clock on the wall is off by as many seconds as stand in that file: for every
process that is forked, from then on, and at any time.
"""

from __future__ import annotations

# ruff: noqa: PLC0415 - what is imported finds the clock set
import datetime as dt
import json
import os
import resource
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any


def set_the_clock(file: Path) -> None:
    """Let `datetime.now` and `time.time` be off by what `file` says, in all that is imported from now on."""
    # msgspec writes and reads times by the class that it finds here: it must find the true one.
    import seatbeacon.collection.package.manifest
    import seatbeacon.inventory.overview.brief  # noqa: F401

    real: Any = dt.datetime
    real_time = time.time

    class Meta(type):
        def __instancecheck__(cls, thing: object) -> bool:
            return isinstance(thing, real)

        def __subclasscheck__(cls, other: type) -> bool:
            return issubclass(other, real)

    class Jumping(real, metaclass=Meta):  # type: ignore[misc]
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Any:
            return real.now(tz) + dt.timedelta(seconds=off())

    def off() -> float:
        return float(file.read_text() or 0)

    dt.datetime = Jumping  # type: ignore[misc]
    time.time = lambda: real_time() + off()


def fill_the_disk(*_: object) -> None:
    """Let no file take another byte from this process."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> None:
    """Serve the one who asks until standard input ends."""
    if clock := os.environ.get("SEATBEACON_TEST_CLOCK"):
        set_the_clock(Path(clock))
    from django.db import connections

    from seatbeacon.beacon.start import start

    settings = start()
    from tests.faults.workers import deeds

    from seatbeacon.beacon.worker.run import run_worker

    deeds.get_ready(settings)
    connections.close_all()
    for line in sys.stdin:
        asked = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            sys.stdin.close()
            status = 0
            try:
                if "worker" in asked:
                    os.close(writing)
                    if asked.get("room"):
                        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["room"], asked["room"]))
                    signal.signal(signal.SIGUSR1, fill_the_disk)
                    run_worker(settings)
                else:
                    answer = getattr(deeds, asked["call"])(settings, **asked["with"])
                    os.write(writing, json.dumps(answer).encode())
            except BaseException:  # noqa: BLE001 - the parent lives on
                traceback.print_exc()
                status = 1
            finally:
                sys.stderr.flush()
                os._exit(status)
        os.close(writing)
        if "worker" in asked:
            os.close(reading)
            answer = json.dumps(child)
        else:
            with os.fdopen(reading) as pipe:
                answer = pipe.read() or "null"
            os.waitpid(child, 0)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
        _reap()


def _reap() -> None:
    """Let those that ended be gone."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


if __name__ == "__main__":
    main()
