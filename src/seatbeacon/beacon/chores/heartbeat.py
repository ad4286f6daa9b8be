"""Workers say that they live, and are forgotten when they have not for long."""

from __future__ import annotations

import os
import socket
import uuid
from datetime import UTC, datetime, timedelta

from seatbeacon import __version__
from seatbeacon.beacon.models import Worker

BEAT_SECONDS = 15.0
"""How often a worker says so."""
QUIET = timedelta(seconds=60)
"""After so long without a word a worker counts as gone."""
FORGOTTEN = timedelta(days=1)
"""After so long its row goes."""


class Heartbeat:
    """Of this process."""

    def __init__(self) -> None:
        self.id = str(uuid.uuid4())
        self._started_at = datetime.now(UTC)

    def beat(self, now: datetime | None = None) -> None:
        """Say that this process lives as of `now` (aware UTC), and forget those long gone."""
        now = now or datetime.now(UTC)
        said = {
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "version": __version__,
            "started_at": self._started_at,
            "heard_at": now,
        }
        Worker.objects.update_or_create(id=self.id, defaults=said)
        Worker.objects.filter(heard_at__lt=now - FORGOTTEN).delete()

    def end(self) -> None:
        """This process does no more imports."""
        Worker.objects.filter(id=self.id).delete()


def living(now: datetime) -> list[Worker]:
    """Workers heard of lately."""
    return list(Worker.objects.filter(heard_at__gte=now - QUIET).order_by("started_at"))
