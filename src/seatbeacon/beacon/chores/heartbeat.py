"""Which workers are heard of."""

from __future__ import annotations

from datetime import datetime, timedelta

from seatbeacon.beacon.models import Worker, WorkerKind

QUIET = timedelta(seconds=60)
"""After so long without a word a worker counts as gone."""


def living(now: datetime) -> list[Worker]:
    """Workers heard of lately."""
    workers = Worker.objects.filter(kind=WorkerKind.WORKER, heard_at__gte=now - QUIET)
    return list(workers.order_by("started_at"))
