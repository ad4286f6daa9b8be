"""Processes that do imports, and which tenant's inventory one of them is writing."""

from __future__ import annotations

from django.db import models


class WorkerKind(models.TextChoices):
    """What a process that does imports is."""

    WORKER = "worker"
    COMMAND = "command"


class Worker(models.Model):
    """The registration of a process that does imports: a worker, or a command that imports by itself.

    `beats` rises as long as the process lives: whoever sees it stand still for long enough, by a clock of its
    own, removes the row, and with it goes the lease of all that the process was doing
    (`beacon.runs.lookout`). `heard_at`, by the database's clock, is for people. When the process ends its row
    goes.
    """

    id = models.CharField(primary_key=True, max_length=36)
    kind = models.CharField(max_length=16, choices=WorkerKind.choices, default=WorkerKind.WORKER)
    host = models.CharField(max_length=256)
    pid = models.IntegerField()
    version = models.CharField(max_length=32)
    started_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    beats = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"


class TenantWriting(models.Model):
    """Worker `worker` writes the inventory of tenant `tenant_id`: nobody else does, as long as that worker is
    registered."""

    tenant_id = models.CharField(primary_key=True, max_length=36)
    worker = models.CharField(max_length=36)

    def __str__(self) -> str:
        return f"worker {self.worker} writes tenant {self.tenant_id}"
