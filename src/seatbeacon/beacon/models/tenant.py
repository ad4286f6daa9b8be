"""A Microsoft tenant whose data was imported."""

from __future__ import annotations

from django.db import models


class Tenant(models.Model):
    """`id` is the directory's id as Graph's `organization` gives it; the name is as of the last import."""

    id = models.CharField(primary_key=True, max_length=36)
    display_name = models.CharField(max_length=256)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.display_name} ({self.id})"
