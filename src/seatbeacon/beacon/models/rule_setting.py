"""How people set the rules. No import touches this table."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from seatbeacon.beacon.models.tenant import Tenant


class RuleSetting(models.Model):
    """A rule as it is set for a tenant, or for all (`tenant` null); a tenant's own comes first, field by
    field.

    `rule` is the rule's id, or empty for the numbers that hold for all rules. `off` null and a threshold that
    is not in `thresholds` (name to number) are as the next wider setting, or the rule itself, says.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, null=True, related_name="rule_settings")
    rule = models.CharField(max_length=64, blank=True, default="")
    off = models.BooleanField(null=True)
    thresholds = models.JSONField(default=dict)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "rule"], name="one_setting_per_tenant_and_rule"),
            models.UniqueConstraint(
                fields=["rule"], condition=Q(tenant__isnull=True), name="one_setting_of_a_rule_for_all"
            ),
        ]

    def __str__(self) -> str:
        return self.rule or "all rules"
