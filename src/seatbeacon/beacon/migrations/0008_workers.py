"""Workers, as far as they were heard of."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("beacon", "0007_notifications"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Worker",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("host", models.CharField(max_length=256)),
                ("pid", models.IntegerField()),
                ("version", models.CharField(max_length=32)),
                ("started_at", models.DateTimeField()),
                ("heard_at", models.DateTimeField()),
            ],
        ),
    ]
