"""The audit log: who did what to which thing, when, and from where. Entries are only ever added."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class AuditEntry(models.Model):
    """`actor` and `target` are texts as of then: they stay readable once the person or thing is gone.

    `actor_id` is the account's key, empty for the command line and for people without an account. `address`
    is the client's IP address, empty at the command line. `details` holds no secret: `beacon.audit` sees to
    it.
    """

    at = models.DateTimeField()
    actor = models.CharField(max_length=320)
    actor_id = models.CharField(max_length=36, blank=True, default="")
    action = models.CharField(max_length=64)
    target = models.CharField(max_length=320, blank=True, default="")
    address = models.CharField(max_length=45, blank=True, default="")
    details = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-at"], name="audit_by_time"),
            models.Index(fields=["action", "-at"], name="audit_by_action"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor}: {self.action} {self.target}".strip()
