"""This process as one that does imports: registered, and heard of as long as it lives.

The lease of everything that it does hangs on its registration. Whoever finds it silent (`runs.recovery`)
removes the registration, and gives its runs to others; should it come back, it registers anew and finds that
the tokens of its runs are no longer its own.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
import uuid
from collections import Counter
from typing import TYPE_CHECKING

from django.db import DatabaseError
from django.db import connections as databases
from django.db.models import F
from django.db.models.functions import Now

from seatbeacon import __version__
from seatbeacon.beacon.locks import file_lock
from seatbeacon.beacon.models import ImportRun, RunState, TenantWriting, Worker, WorkerKind
from seatbeacon.beacon.runs.lookout import BEATS_PER_LEASE
from seatbeacon.beacon.runs.recovery import interrupt, worker_lock

if TYPE_CHECKING:
    from collections.abc import Generator

    from seatbeacon.beacon.settings import Settings

logger = logging.getLogger(__name__)


class Presence:
    """The registration of this process, and what it is at."""

    def __init__(self, settings: Settings, kind: WorkerKind) -> None:
        self.id = ""
        self._runs: Counter[int] = Counter()
        self._tenants: set[str] = set()
        self._at = threading.Lock()
        self._settings = settings
        self._kind = kind
        self._lock = contextlib.ExitStack()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat_on, name="heartbeat", daemon=True)

    def begin(self) -> None:
        """Register, and beat from now on. Raises DatabaseError."""
        self._register()
        self._thread.start()

    def end(self) -> None:
        """Unregister. What is still under way is given to others."""
        self._over.set()
        self._thread.join()
        self._runs.clear()
        try:
            self._let_go()
            Worker.objects.filter(pk=self.id).delete()
        except DatabaseError as error:
            # Its lock, which stays and is free, tells the others that it has ended.
            logger.warning("The worker could not sign off: %s", error)
            self._lock.close()
        else:
            self._unlock()

    def beat(self) -> None:
        """Say that this process lives, and put in order what it holds and is not at. Raises DatabaseError."""
        alive = Worker.objects.filter(pk=self.id).update(beats=F("beats") + 1, heard_at=Now())
        if not alive:
            logger.warning("This process was silent for so long that its imports were given to another one")
            self._unlock()
            self._register()
        self._let_go()

    @contextlib.contextmanager
    def at_run(self, run_id: int) -> Generator[None]:
        """While this process is at that run. Enter it before the run is claimed."""
        with self._at:
            self._runs[run_id] += 1
        try:
            yield
        finally:
            with self._at:
                self._runs[run_id] -= 1

    @contextlib.contextmanager
    def at_tenant(self, tenant_id: str) -> Generator[bool]:
        """While this process wants to write that tenant's inventory; gives False where it does so already."""
        with self._at:
            free = tenant_id not in self._tenants
            self._tenants.add(tenant_id)
        try:
            yield free
        finally:
            if free:
                with self._at:
                    self._tenants.discard(tenant_id)

    def _register(self) -> None:
        made = str(uuid.uuid4())
        # First the lock, then the row: whoever finds the row finds the lock taken.
        self._lock.enter_context(file_lock(worker_lock(self._settings, made)))
        self.id = made
        try:
            Worker.objects.create(
                id=made,
                kind=self._kind,
                host=socket.gethostname(),
                pid=os.getpid(),
                version=__version__,
                started_at=Now(),
                heard_at=Now(),
            )
        except DatabaseError:
            # Nobody will find the row, so nobody may find the lock.
            self._unlock()
            raise

    def _unlock(self) -> None:
        self._lock.close()
        worker_lock(self._settings, self.id).unlink(missing_ok=True)

    def _let_go(self) -> None:
        """What the database says we hold, and we are not at: we could not say so when it ended."""
        with self._at:
            runs, tenants = [run for run, count in self._runs.items() if count], list(self._tenants)
        for run in ImportRun.objects.filter(worker=self.id, state=RunState.RUNNING).exclude(pk__in=runs):
            interrupt(self._settings, run)
        TenantWriting.objects.filter(worker=self.id).exclude(tenant_id__in=tenants).delete()

    def _beat_on(self) -> None:
        try:
            while not self._over.wait(self._settings.lease / BEATS_PER_LEASE):
                try:
                    self.beat()
                except DatabaseError as error:
                    logger.warning("The heartbeat could not be written: %s", error)
                    databases.close_all()
        finally:
            databases.close_all()


_entering = threading.Lock()
_here: Presence | None = None
_guests = 0


@contextlib.contextmanager
def present(settings: Settings, kind: WorkerKind = WorkerKind.COMMAND) -> Generator[Presence]:
    """Be registered while in here; all of this process share one registration. Raises DatabaseError."""
    global _here, _guests  # noqa: PLW0603 - a process is registered once
    with _entering:
        if _here is None:
            here = Presence(settings, kind)
            here.begin()
            _here = here
        here, _guests = _here, _guests + 1
    try:
        yield here
    finally:
        with _entering:
            _guests -= 1
            if not _guests:
                _here = None
                here.end()
