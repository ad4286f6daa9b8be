"""Versions of a tenant's inventory: immutable files, of which one per tenant is current."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from seatbeacon.beacon.models.import_run import ImportRun
from seatbeacon.beacon.models.tenant import Tenant


class InventoryVersion(models.Model):
    """`published_at` is null while the version is held. `base` is the version that was current when it was
    made: publishing it later than another one would lose what that one brought. `schema` is the file's
    (`inventory.schema`).
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="versions")
    run = models.OneToOneField(ImportRun, on_delete=models.PROTECT, related_name="version")
    base = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    file = models.CharField(max_length=4096)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    current = models.BooleanField(default=False)
    measures = models.JSONField(default=dict)
    schema = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(current=True), name="one_current_version_per_tenant"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.pk} of tenant {self.tenant_id}"
