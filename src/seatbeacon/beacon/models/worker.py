"""Workers, as far as they were heard of."""

from __future__ import annotations

from django.db import models


class Worker(models.Model):
    """A process that does imports. It says now and then that it lives; when it ends its row goes."""

    id = models.CharField(primary_key=True, max_length=36)
    host = models.CharField(max_length=256)
    pid = models.IntegerField()
    version = models.CharField(max_length=32)
    started_at = models.DateTimeField()
    heard_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"
