"""Days that somebody looked at are put together by a worker."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes an empty table."""

    dependencies: ClassVar = [("beacon", "0016_rules")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="WantedDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("wanted_at", models.DateTimeField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="beacon.inventoryversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "day"), name="one_wish_per_version_and_day"),
                ],
            },
        ),
    ]
