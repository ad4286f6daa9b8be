"""Exemptions from recommendations, and leave."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("beacon", "0011_decisions"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Exempted",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user_id", models.CharField(blank=True, default="", max_length=36)),
                ("user_name", models.CharField(blank=True, default="", max_length=256)),
                ("group_id", models.CharField(blank=True, default="", max_length=36)),
                ("group_name", models.CharField(blank=True, default="", max_length=256)),
                ("department", models.CharField(blank=True, default="", max_length=256)),
                ("sku_id", models.CharField(blank=True, default="", max_length=36)),
                ("rule", models.CharField(blank=True, default="", max_length=64)),
                ("reason", models.CharField(max_length=1000)),
                ("until", models.DateField(null=True)),
                ("made_by", models.CharField(max_length=320)),
                ("made_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="exemptions", to="beacon.tenant"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user_id", models.CharField(max_length=36)),
                ("user_name", models.CharField(max_length=256)),
                ("begins", models.DateField()),
                ("ends", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=1000)),
                ("made_by", models.CharField(max_length=320)),
                ("made_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="absences", to="beacon.tenant"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["tenant", "user_id"], name="absences_by_user")],
            },
        ),
    ]
