"""How people set the rules; and that an evaluation is behind, or failed."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("beacon", "0015_version_briefs"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="reckoning",
            name="failed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="reckoning",
            name="fault",
            field=models.CharField(blank=True, default="", max_length=1000),
        ),
        migrations.AddField(
            model_name="reckoning",
            name="stale",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="RuleSetting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(blank=True, default="", max_length=64)),
                ("off", models.BooleanField(null=True)),
                ("thresholds", models.JSONField(default=dict)),
                ("changed_by", models.CharField(max_length=320)),
                ("changed_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule_settings",
                        to="beacon.tenant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "rule"), name="one_setting_per_tenant_and_rule"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("tenant__isnull", True)),
                        fields=("rule",),
                        name="one_setting_of_a_rule_for_all",
                    ),
                ],
            },
        ),
    ]
