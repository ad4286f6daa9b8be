"""Whom to notify of what, and what each was told already."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower


class Event(models.TextChoices):
    """What is notified of."""

    FAILED = "import-failed", "An import failed"
    PROBLEMS = "import-problems", "An import succeeded with problems"
    HELD = "import-held", "An import is held for a person to decide"
    TOKEN = "token-ends", "A refresh token is about to die, or died"
    CREDENTIAL = "credential-ends", "A client secret or certificate is about to end, or ended"
    SEATS = "last-seats", "A product's last seats"


class NotificationTarget(models.Model):
    """Where notifications go. `sealed` is the address, a secret: tokens and passwords stand in it.

    `service` is its scheme, such as `mailtos` or `msteams`, which may be shown. `problem` says in words why
    the last attempt failed; empty after one that succeeded.
    """

    name = models.CharField(max_length=100)
    service = models.CharField(max_length=32)
    sealed = models.BinaryField()
    events = models.JSONField(default=list)
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="notification_target_name_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The row's key as text."""
        return str(self.pk)


class Notice(models.Model):
    """What one target was told of one thing: `key` names the thing, `state` the state that was told.

    The row goes when the thing is over, so that it is told of again when it comes back. `next_attempt_at` is
    when to try again, while it is not delivered.
    """

    target = models.ForeignKey(NotificationTarget, on_delete=models.CASCADE, related_name="notices")
    key = models.CharField(max_length=200)
    state = models.CharField(max_length=64)
    delivered = models.BooleanField(default=False)
    attempts = models.IntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["target", "key"], name="one_notice_per_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.key} to target {self.target_id}"
