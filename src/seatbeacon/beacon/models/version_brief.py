"""What pages of many tenants tell of a version, beside its record."""

from __future__ import annotations

from django.db import models

from seatbeacon.beacon.models.inventory_version import InventoryVersion


class VersionBrief(models.Model):
    """`body` is what `inventory.overview.brief` encodes, `format` in which of its formats."""

    version = models.OneToOneField(
        InventoryVersion, on_delete=models.CASCADE, primary_key=True, related_name="brief"
    )
    format = models.PositiveSmallIntegerField()
    body = models.TextField()

    def __str__(self) -> str:
        return f"brief of version {self.pk}"
