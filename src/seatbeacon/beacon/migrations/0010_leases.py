"""Leases: runs with tokens and attempts, workers that beat, who writes a tenant; the schema of versions."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("beacon", "0009_prices"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="TenantWriting",
            fields=[
                ("tenant_id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("worker", models.CharField(max_length=36)),
            ],
        ),
        migrations.AddField("importrun", "attempts", models.PositiveIntegerField(default=0)),
        migrations.AddField("importrun", "token", models.BigIntegerField(default=0)),
        migrations.AddField("importrun", "worker", models.CharField(blank=True, default="", max_length=36)),
        migrations.AddField("inventoryversion", "schema", models.PositiveIntegerField(default=1)),
        migrations.AddField("worker", "beats", models.BigIntegerField(default=0)),
        migrations.AddField(
            "worker",
            "kind",
            models.CharField(
                choices=[("worker", "Worker"), ("command", "Command")], default="worker", max_length=16
            ),
        ),
        migrations.AddIndex("importrun", models.Index(fields=["state", "id"], name="runs_by_state")),
    ]
