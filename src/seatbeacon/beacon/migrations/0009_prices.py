"""Prices and currencies."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("beacon", "0008_workers"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Currency",
            fields=[
                ("code", models.CharField(max_length=3, primary_key=True, serialize=False)),
                ("rate", models.DecimalField(decimal_places=8, max_digits=20)),
                ("base", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("base", True)), fields=("base",), name="one_base_currency"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductPrice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sku_id", models.CharField(max_length=36)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=14)),
                ("currency", models.CharField(max_length=3)),
                (
                    "per",
                    models.CharField(
                        choices=[("month", "seat and month"), ("year", "seat and year")],
                        default="month",
                        max_length=8,
                    ),
                ),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("changed_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prices",
                        to="beacon.tenant",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["sku_id"], name="prices_by_product")],
            },
        ),
    ]
