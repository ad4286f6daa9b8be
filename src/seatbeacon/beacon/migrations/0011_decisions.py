"""Decisions on recommendations; the evaluation that was settled last; sums of savings by day and rule."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("beacon", "0010_leases"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Reckoning",
            fields=[
                (
                    "tenant",
                    models.OneToOneField(
                        on_delete=models.CASCADE,
                        primary_key=True,
                        related_name="reckoning",
                        serialize=False,
                        to="beacon.tenant",
                    ),
                ),
                ("version", models.BigIntegerField()),
                ("results", models.CharField(max_length=255)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=255)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("in work", "In work"),
                            ("done", "Done"),
                            ("dismissed", "Dismissed"),
                            ("exempted", "Exempted"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=1000)),
                ("until", models.DateField(null=True)),
                ("decided_by", models.CharField(max_length=320)),
                ("decided_at", models.DateTimeField()),
                ("user_name", models.CharField(blank=True, default="", max_length=256)),
                ("product_name", models.CharField(blank=True, default="", max_length=256)),
                ("rule_title", models.CharField(blank=True, default="", max_length=200)),
                ("seats", models.BigIntegerField(default=1)),
                ("monthly_saving", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ("yearly_saving", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("import_no", models.BigIntegerField(null=True)),
                ("batch", models.CharField(blank=True, default="", max_length=32)),
                ("before", models.JSONField(default=dict)),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="decisions",
                        to="beacon.tenant",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["tenant", "state"], name="decisions_by_state"),
                    models.Index(fields=["batch"], name="decisions_by_batch"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "key"), name="one_decision_per_recommendation")
                ],
            },
        ),
        migrations.CreateModel(
            name="SavingsDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("rule", models.CharField(max_length=64)),
                ("recommendations", models.BigIntegerField()),
                ("yearly", models.DecimalField(decimal_places=4, max_digits=18)),
                ("realised", models.DecimalField(decimal_places=4, max_digits=18)),
                ("currency", models.CharField(max_length=3)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="savings_days",
                        to="beacon.tenant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "day", "rule"), name="one_sum_per_rule_and_day")
                ],
            },
        ),
    ]
