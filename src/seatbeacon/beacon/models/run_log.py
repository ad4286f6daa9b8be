"""The log of a run, a row per line."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from seatbeacon.beacon.models.import_run import ImportRun


class RunLogLine(models.Model):
    """`level` as Python's logging names it. Lines are in the order of their keys."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="log_lines")
    at = models.DateTimeField()
    level = models.CharField(max_length=8)
    text = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="run_log_by_time")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.level} {self.text}"
