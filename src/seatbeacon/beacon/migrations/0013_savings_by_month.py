"""Savings are told a month as well, with their seats; and each tenant's sums stand beside its evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import migrations, models
from django.db.models import F

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Tell the months of days that were written before: a twelfth of the year."""
    days = apps.get_model("beacon", "SavingsDay").objects.using(editor.connection.alias)
    days.update(monthly=F("yearly") / 12, realised_monthly=F("realised") / 12)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("beacon", "0012_exemptions"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            "reckoning", "decisions", models.CharField(blank=True, default="", max_length=64)
        ),
        migrations.AddField("reckoning", "recommendations", models.BigIntegerField(default=0)),
        migrations.AddField("reckoning", "seats", models.BigIntegerField(default=0)),
        migrations.AddField(
            "reckoning", "monthly", models.DecimalField(decimal_places=4, default=0, max_digits=18)
        ),
        migrations.AddField(
            "reckoning", "yearly", models.DecimalField(decimal_places=4, default=0, max_digits=18)
        ),
        migrations.AddField("reckoning", "unpriced", models.BigIntegerField(default=0)),
        migrations.AddField("reckoning", "currency", models.CharField(blank=True, default="", max_length=3)),
        migrations.AddField("savingsday", "seats", models.BigIntegerField(default=0)),
        migrations.AddField("savingsday", "confirmed", models.BigIntegerField(default=0)),
        migrations.AddField(
            "savingsday", "monthly", models.DecimalField(decimal_places=4, default=0, max_digits=18)
        ),
        migrations.AddField(
            "savingsday", "realised_monthly", models.DecimalField(decimal_places=4, default=0, max_digits=18)
        ),
        migrations.AddField("decision", "realisable_on", models.DateField(null=True)),
        migrations.AddIndex("savingsday", models.Index(fields=["day"], name="savings_by_day")),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
