"""Schedules, the times at which they came due, and each connection's turn then."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from seatbeacon.beacon.models.import_run import ImportRun, Trigger


class ScheduleKind(models.TextChoices):
    """How a schedule recurs. `beacon.schedules.kinds` holds the fields of each."""

    MINUTES = "minutes", "Every few minutes"
    HOURLY = "hourly", "Hourly"
    DAILY = "daily", "Daily"
    WEEKLY = "weekly", "Weekly"
    MONTHLY = "monthly", "Monthly"
    CRON = "cron", "Cron expression"


class Schedule(models.Model):
    """A named object that many connections may hang on.

    `rule` holds the fields of its kind. `time_zone` is an IANA name. `next_run_at` is the next time at which
    it is due, null while it is paused or never due again; `beacon.schedules.dispatch` moves it on, by one
    conditional change per time. `jitter_seconds` spreads the starts, `at_once` says how many of its
    connections import side by side.
    """

    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=16, choices=ScheduleKind.choices)
    rule = models.JSONField(default=dict)
    time_zone = models.CharField(max_length=64)
    enabled = models.BooleanField(default=True)
    jitter_seconds = models.PositiveIntegerField(default=0)
    at_once = models.PositiveIntegerField(default=1)
    next_run_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="schedule_name_is_unique"),
        ]
        indexes: ClassVar = [models.Index(fields=["next_run_at"], name="schedules_by_next_run")]

    def __str__(self) -> str:
        return self.name


class Occurrence(models.Model):
    """One time at which a schedule was due (trigger *schedule*), or was run by somebody.

    `due_at` is that time: each is taken once, whatever clocks do. `missed` counts the later times that
    passed with it while no worker was there: one import makes up for all of them. `ended_at` is null until
    every turn is over.
    """

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="occurrences")
    trigger = models.CharField(max_length=16, choices=Trigger.choices)
    due_at = models.DateTimeField()
    begun_at = models.DateTimeField()
    missed = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["schedule", "due_at"],
                condition=models.Q(trigger="schedule"),
                name="a_time_is_taken_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["schedule", "-due_at"], name="occurrences_of_a_schedule"),
            models.Index(
                fields=["schedule"], condition=models.Q(ended_at__isnull=True), name="occurrences_under_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule} at {self.due_at:%Y-%m-%d %H:%M} UTC"


class TurnState(models.TextChoices):
    """What became of a connection's turn. Whether a started one is over, its run says."""

    WAITING = "waiting"
    STARTED = "started"
    SKIPPED = "skipped"


class Turn(models.Model):
    """One connection's turn in an occurrence: it waits, begins `run`, or is skipped, which `note` explains.

    It begins no earlier than `not_before`.
    """

    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="turns")
    connection = models.ForeignKey("Connection", on_delete=models.CASCADE, related_name="turns")
    state = models.CharField(max_length=16, choices=TurnState.choices, default=TurnState.WAITING)
    position = models.PositiveIntegerField()
    not_before = models.DateTimeField()
    run = models.ForeignKey(ImportRun, on_delete=models.SET_NULL, null=True, related_name="+")
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["occurrence", "connection"], name="one_turn_per_occurrence"),
        ]
        indexes: ClassVar = [models.Index(fields=["connection", "-id"], name="turns_of_a_connection")]

    def __str__(self) -> str:
        return f"turn of connection {self.connection_id}: {self.state}"
