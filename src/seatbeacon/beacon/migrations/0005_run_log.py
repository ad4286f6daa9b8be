"""The log of a run, and what its requests came to."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("beacon", "0004_one_connection_per_tenant"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="importrun",
            name="requests",
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importrun",
            name="throttled_seconds",
            field=models.FloatField(default=0),
        ),
        migrations.CreateModel(
            name="RunLogLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("level", models.CharField(max_length=8)),
                ("text", models.TextField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="log_lines",
                        to="beacon.importrun",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="run_log_by_time")],
            },
        ),
    ]
