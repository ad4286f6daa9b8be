"""Import runs: what was tried, how far it came, how it ended."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from seatbeacon.beacon.models.connection import Connection


class RunState(models.TextChoices):
    """The states of a run. `beacon.runs.states` holds which may follow which."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    SUCCEEDED_WITH_PROBLEMS = "succeeded with problems"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    HELD = "held"


ACTIVE_STATES = (RunState.QUEUED, RunState.RUNNING)
"""While in one of these a run is under way, and no other run of its connection may be."""


class Trigger(models.TextChoices):
    """Who or what asked for a run."""

    SCHEDULE = "schedule"
    PERSON = "person"
    CLI = "cli", "CLI"
    API = "api", "API"


class ImportRun(models.Model):
    """`connection` is null for a package import, and once the connection is deleted; the name stays.

    `datasets`: one object per dataset: name, outcome, count, required, extra, refresh_date, problem,
    permission, remedy, notes. `counts`: as `inventory.importer` tells them. `problem` and `remedy` are
    for people. `requests` to Graph, retries included, and seconds for which it asked to
    wait. `progress`, of `progress_at`: how far a running one is (`beacon.runs.progress`).

    `worker` is the registration of the process that runs it, or ran it last. `token` rises with every claim:
    whoever holds an older one has lost the run. `attempts` counts the claims, less those that were handed
    over in good order.
    """

    connection = models.ForeignKey(Connection, on_delete=models.SET_NULL, null=True, related_name="runs")
    connection_name = models.CharField(max_length=100, blank=True, default="")
    trigger = models.CharField(max_length=16, choices=Trigger.choices)
    state = models.CharField(max_length=32, choices=RunState.choices, default=RunState.QUEUED)
    worker = models.CharField(max_length=36, blank=True, default="")
    token = models.BigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    host = models.CharField(max_length=256, blank=True, default="")
    pid = models.IntegerField(null=True)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    tenant_id = models.CharField(max_length=36, blank=True, default="")
    datasets = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    problem = models.TextField(blank=True, default="")
    remedy = models.TextField(blank=True, default="")
    package = models.CharField(max_length=4096, blank=True, default="")
    requests = models.IntegerField(default=0)
    throttled_seconds = models.FloatField(default=0)
    progress = models.JSONField(default=dict)
    progress_at = models.DateTimeField(null=True)
    cancel_requested = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection"],
                condition=models.Q(state__in=["queued", "running"]),
                name="one_active_run_per_connection",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["connection", "-id"], name="runs_of_a_connection"),
            models.Index(fields=["state", "id"], name="runs_by_state"),
        ]

    def __str__(self) -> str:
        return f"import run {self.pk} of {self.connection_name or 'a package'}"
