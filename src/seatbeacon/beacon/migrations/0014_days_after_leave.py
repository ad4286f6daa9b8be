"""How long somebody who was away is left alone afterwards is said with the leave."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("beacon", "0013_savings_by_month"),
    ]

    operations: ClassVar = [
        migrations.AddField("absence", "days_after", models.PositiveSmallIntegerField(default=30)),
    ]
