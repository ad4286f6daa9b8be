"""Who writes a tenant's inventory: one process at a time, on whatever machine.

What says so stands in the control plane, because a lock of the file system is seen on one machine only, and
is held on by a process that is paused. It holds for as long as the process is registered (`runs.presence`).
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Exists, OuterRef

from seatbeacon.beacon.errors import RunIsActive
from seatbeacon.beacon.models import TenantWriting, Worker
from seatbeacon.beacon.runs.recovery import interrupt_dead_runs

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from seatbeacon.beacon.runs.presence import Presence
    from seatbeacon.beacon.settings import Settings

LOOK_SECONDS = 0.2
DEAD_SECONDS = 5.0


@contextlib.contextmanager
def writing_tenant(
    settings: Settings, me: Presence, tenant_id: str, check_cancelled: Callable[[], None] | None = None
) -> Generator[None]:
    """Be the one that writes the tenant's inventory; waits for whoever does, asking `check_cancelled`."""
    looked_for_dead = time.monotonic()
    while True:
        with me.at_tenant(tenant_id) as free:
            if free and _take(tenant_id, me.id):
                try:
                    yield
                finally:
                    # Where the database is away, our next heartbeat lets go of it.
                    with contextlib.suppress(DatabaseError):
                        TenantWriting.objects.filter(tenant_id=tenant_id, worker=me.id).delete()
                return
        if check_cancelled is not None:
            check_cancelled()
        if time.monotonic() - looked_for_dead > DEAD_SECONDS:
            looked_for_dead = time.monotonic()
            interrupt_dead_runs(settings)
        time.sleep(LOOK_SECONDS)


@contextlib.contextmanager
def tenant_at_rest(tenant_id: str, name: str) -> Generator[None]:
    """Change the tenant's rows while nobody writes its inventory: for one short transaction, which this is.

    Raises RunIsActive where an import is writing it. `name` is the tenant's, for people.
    """
    with transaction.atomic():
        if not _take(tenant_id, ""):
            raise RunIsActive(
                f"An import is writing the inventory of {name} just now. Wait for it to end, then try again."
            )
        yield
        TenantWriting.objects.filter(tenant_id=tenant_id).delete()


def _take(tenant_id: str, worker_id: str) -> bool:
    try:
        with transaction.atomic():
            TenantWriting.objects.create(tenant_id=tenant_id, worker=worker_id)
    except IntegrityError:
        held = TenantWriting.objects.filter(tenant_id=tenant_id)
        return held.filter(~_by_living()).update(worker=worker_id) == 1
    return True


def _by_living() -> Exists:
    return Exists(Worker.objects.filter(pk=OuterRef("worker")))
