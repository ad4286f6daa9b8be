"""`seatbeacon`, ended by SIGKILL at a moment of its choosing: `python doomed.py MOMENT ARGUMENT…`.

MOMENT is a number: the nth thing that the import does once it writes to the inventory (a statement to DuckDB
or SQLite, a file opened, renamed or removed); or `size:BYTES`: when the unfinished version has grown to that.
With `count` nothing happens, and the number of moments is told on standard error at the end.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from django.db.backends.signals import connection_created

from seatbeacon.cli.main import run
from seatbeacon.inventory import engine

_AUDITED = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "shutil.copyfile"}


class Doom:
    """Counts moments, and ends this process at its own."""

    def __init__(self, moment: int | None) -> None:
        self.moment = moment
        self.passed = 0
        self._writing = False
        self._lock = threading.Lock()

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        """Python's own events: what is done to files."""
        if event in _AUDITED:
            path = str(arguments[0])
            if ".partial" in path:
                self._writing = True
            if os.environ["SEATBEACON_HOME"] in path:
                self.step()

    def connected(self, connection: Any, **_: object) -> None:
        """Django has opened its database."""
        connection.connection.set_trace_callback(lambda _: self.step())

    def step(self) -> None:
        """One more moment has come."""
        if not self._writing:
            return
        with self._lock:
            self.passed += 1
            if self.passed == self.moment:
                end()


class Watched:
    """A connection to DuckDB whose statements are moments."""

    def __init__(self, connection: Any, doom: Doom) -> None:
        self._connection, self._doom = connection, doom

    def execute(self, *arguments: Any) -> Any:
        """As the connection's."""
        self._doom.step()
        return self._connection.execute(*arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def end() -> None:
    """End this process as an operator without patience would."""
    os.kill(os.getpid(), signal.SIGKILL)


def watch(size: int) -> None:
    """End this process once the unfinished version, with all that belongs to it, has `size` bytes."""
    inventory = Path(os.environ["SEATBEACON_HOME"]) / "inventory"
    never = threading.Event()
    while not never.wait(0.0005):
        grown = 0
        for path in inventory.rglob("*.partial*"):
            try:
                grown += path.stat().st_size
            except OSError:
                continue
        if grown >= size:
            end()


def main() -> None:
    """Run the command line that follows the moment."""
    moment, *arguments = sys.argv[1:]
    if moment.startswith("size:"):
        threading.Thread(target=watch, args=(int(moment[5:]),), daemon=True).start()
    else:
        doom = Doom(None if moment == "count" else int(moment))
        opened = engine.open_for_writing
        engine.open_for_writing = lambda *args, **options: Watched(opened(*args, **options), doom)  # type: ignore[assignment]
        sys.addaudithook(doom.audit)
        connection_created.connect(doom.connected)
    status = run(arguments)
    if moment == "count":
        sys.stderr.write(f"\nmoments: {doom.passed}\n")
    sys.exit(status)


if __name__ == "__main__":
    main()
