"""Days that have gone by that somebody looked at, until a worker has put them together."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from seatbeacon.beacon.models.inventory_version import InventoryVersion


class WantedDay(models.Model):
    """A day (of UTC) of a version."""

    version = models.ForeignKey(InventoryVersion, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    wanted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "day"], name="one_wish_per_version_and_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} of version {self.version_id}"
