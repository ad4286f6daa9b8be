"""The worker that `serve` runs beside the pages, in a process of its own: an import never slows a page."""

from __future__ import annotations

import subprocess
import sys
import threading

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
STOP_SECONDS = 60.0


class WorkerProcess:
    """Starts a worker, starts it again where it dies, and ends it.

    The worker reads our end of a pipe: should this process be killed, the pipe closes and the
    worker ends too.
    """

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._supervise, name="worker supervisor", daemon=True)

    def start(self) -> None:
        """Start the worker, unless it was started."""
        if self._thread.ident is None:
            self._thread.start()

    def stop(self) -> None:
        """Ask the worker to end, wait for it, and kill it where it does not."""
        self._stopping.set()
        with self._lock:
            process = self._process
        if process is not None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        if self._thread.ident is not None:
            self._thread.join()

    def _supervise(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            with self._lock:
                if self._stopping.is_set():
                    return
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "seatbeacon.cli", "worker", "--with-parent"],
                    stdin=subprocess.PIPE,
                )
            self._process.wait()
            if self._process.stdin is not None:
                self._process.stdin.close()
            if self._stopping.wait(pause):
                return
            pause = min(pause * 2, LONGEST_PAUSE)
