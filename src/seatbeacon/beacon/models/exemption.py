"""What the rules are to leave alone: exemptions, and people who are away. No import touches these tables."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from seatbeacon.beacon.models.tenant import Tenant


class Exempted(models.Model):
    """What is not to be recommended in a tenant until a day (included; null: for good).

    Every field that is not empty must match. `user_name` and `group_name` are what people call them.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="exemptions")
    user_id = models.CharField(max_length=36, blank=True, default="")
    user_name = models.CharField(max_length=256, blank=True, default="")
    group_id = models.CharField(max_length=36, blank=True, default="")
    group_name = models.CharField(max_length=256, blank=True, default="")
    department = models.CharField(max_length=256, blank=True, default="")
    sku_id = models.CharField(max_length=36, blank=True, default="")
    rule = models.CharField(max_length=64, blank=True, default="")
    reason = models.CharField(max_length=1000)
    until = models.DateField(null=True)
    made_by = models.CharField(max_length=320)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        parts = (self.user_name, self.group_name, self.department, self.sku_id, self.rule)
        return ", ".join(part for part in parts if part)


class Absence(models.Model):
    """Somebody is away from a day to a day (both included; null: nobody knows until when): rules that judge
    by activity leave them alone."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="absences")
    user_id = models.CharField(max_length=36)
    user_name = models.CharField(max_length=256)
    begins = models.DateField()
    ends = models.DateField(null=True)
    days_after = models.PositiveSmallIntegerField(default=30)
    reason = models.CharField(max_length=1000, blank=True, default="")
    made_by = models.CharField(max_length=320)
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "user_id"], name="absences_by_user")]

    def __str__(self) -> str:
        return f"{self.user_name} from {self.begins} to {self.ends or 'an unknown day'}"
