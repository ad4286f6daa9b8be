"""The log of a run: what is logged while it is under way, by whichever thread, kept in the control plane.

A handler on our loggers looks which run a line is of (structlog's context, which a run's threads inherit),
and hands it to that run's keeper, which writes in a thread of its own: nobody waits for the database.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import DatabaseError
from django.db import connections as databases

from seatbeacon.beacon.models import RunLogLine

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from seatbeacon.beacon.models import ImportRun

INTERVAL = 1.0
"""Seconds between two writes."""
MOST_LINES = 5000
"""Of one process's part in a run: a storm of throttling fills no disk. The last line says so."""
TEXT_LIMIT = 4000

_keepers: dict[int, _Keeper] = {}
_logger = logging.getLogger(__name__)


@contextlib.contextmanager
def run_log(run: ImportRun) -> Generator[None]:
    """Keep what is logged in here as the log of `run`, and name run and connection on every line."""
    import structlog  # noqa: PLC0415 - keeps start-up light

    _listen()
    keeper = _Keeper(run.pk)
    _keepers[run.pk] = keeper
    try:
        with structlog.contextvars.bound_contextvars(run=run.pk, connection=run.connection_name), keeper:
            yield
    finally:
        _keepers.pop(run.pk, None)


def log_text(run: ImportRun) -> Iterator[str]:
    """The log of `run` as lines of text that end in newlines, oldest first."""
    for line in RunLogLine.objects.filter(run=run).order_by("pk").iterator():
        yield f"{line.at:%Y-%m-%d %H:%M:%S}Z {line.level:7} {line.text}\n"


class _Handler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        import structlog  # noqa: PLC0415 - imported already where there is a run

        keeper = _keepers.get(structlog.contextvars.get_contextvars().get("run", 0))
        if keeper is not None:
            keeper.keep(record)


class _Keeper:
    """Writes the lines of one run. As a context: what is left is written at its end."""

    def __init__(self, run_id: int) -> None:
        self._run_id = run_id
        self._lock = threading.Lock()
        self._lines: list[RunLogLine] = []
        self._kept = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._write_now_and_then, name="run log", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def keep(self, record: logging.LogRecord) -> None:
        """Take one line."""
        text = record.getMessage()
        with self._lock:
            self._kept += 1
            if self._kept > MOST_LINES:
                return
            if self._kept == MOST_LINES:
                text = f"After {MOST_LINES:,} lines no more are kept."
            at = datetime.fromtimestamp(record.created, UTC)
            line = RunLogLine(run_id=self._run_id, at=at, level=record.levelname, text=text[:TEXT_LIMIT])
            self._lines.append(line)

    def _write_now_and_then(self) -> None:
        try:
            while not self._over.wait(INTERVAL):
                self._write()
            self._write()
        finally:
            databases.close_all()

    def _write(self) -> None:
        with self._lock:
            lines, self._lines = self._lines, []
        if not lines:
            return
        try:
            RunLogLine.objects.bulk_create(lines)
        except DatabaseError as error:
            databases.close_all()
            if not self._over.is_set():
                with self._lock:
                    self._lines = lines + self._lines
                return
            # The run ends without its log rather than not at all.
            _logger.warning("%s lines of the log of run %s were lost: %s", len(lines), self._run_id, error)


def _listen() -> None:
    """Hear what our loggers say from now on, whatever else handles it."""
    ours = logging.getLogger("seatbeacon")
    if not any(isinstance(handler, _Handler) for handler in ours.handlers):
        ours.addHandler(_Handler(logging.INFO))
    if ours.getEffectiveLevel() > logging.INFO:
        ours.setLevel(logging.INFO)
