"""The audit log."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("beacon", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=320)),
                ("actor_id", models.CharField(blank=True, default="", max_length=36)),
                ("action", models.CharField(max_length=64)),
                ("target", models.CharField(blank=True, default="", max_length=320)),
                ("address", models.CharField(blank=True, default="", max_length=45)),
                ("details", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-at"], name="audit_by_time"),
                    models.Index(fields=["action", "-at"], name="audit_by_action"),
                ],
            },
        ),
    ]
