"""Schedules, the times at which they were due, and the connections that hang on them."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("beacon", "0005_run_log"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Schedule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("minutes", "Every few minutes"),
                            ("hourly", "Hourly"),
                            ("daily", "Daily"),
                            ("weekly", "Weekly"),
                            ("monthly", "Monthly"),
                            ("cron", "Cron expression"),
                        ],
                        max_length=16,
                    ),
                ),
                ("rule", models.JSONField(default=dict)),
                ("time_zone", models.CharField(max_length=64)),
                ("enabled", models.BooleanField(default=True)),
                ("jitter_seconds", models.PositiveIntegerField(default=0)),
                ("at_once", models.PositiveIntegerField(default=1)),
                ("next_run_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["next_run_at"], name="schedules_by_next_run")],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"), name="schedule_name_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("schedule", "Schedule"),
                            ("person", "Person"),
                            ("cli", "CLI"),
                            ("api", "API"),
                        ],
                        max_length=16,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField()),
                ("missed", models.PositiveIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="occurrences",
                        to="beacon.schedule",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="connection",
            name="schedule",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="connections",
                to="beacon.schedule",
            ),
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("started", "Started"), ("skipped", "Skipped")],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("not_before", models.DateTimeField()),
                ("note", models.TextField(blank=True, default="")),
                (
                    "connection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="turns",
                        to="beacon.connection",
                    ),
                ),
                (
                    "occurrence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="turns",
                        to="beacon.occurrence",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="beacon.importrun",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="occurrence",
            index=models.Index(fields=["schedule", "-due_at"], name="occurrences_of_a_schedule"),
        ),
        migrations.AddIndex(
            model_name="occurrence",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["schedule"],
                name="occurrences_under_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="occurrence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("trigger", "schedule")),
                fields=("schedule", "due_at"),
                name="a_time_is_taken_once",
            ),
        ),
        migrations.AddIndex(
            model_name="turn",
            index=models.Index(fields=["connection", "-id"], name="turns_of_a_connection"),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.UniqueConstraint(
                fields=("occurrence", "connection"), name="one_turn_per_occurrence"
            ),
        ),
    ]
