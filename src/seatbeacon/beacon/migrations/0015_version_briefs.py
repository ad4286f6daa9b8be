"""A version in brief stands beside its record. Workers make those of older versions."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes an empty table."""

    dependencies: ClassVar = [("beacon", "0014_days_after_leave")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="VersionBrief",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="brief",
                        serialize=False,
                        to="beacon.inventoryversion",
                    ),
                ),
                ("format", models.PositiveSmallIntegerField()),
                ("body", models.TextField()),
            ],
        ),
    ]
