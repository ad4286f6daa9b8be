"""One connection per tenant, kept by the database too."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """By itself: PostgreSQL alters no table in the transaction that changed its rows."""

    dependencies: ClassVar = [
        ("beacon", "0003_sign_in_and_progress"),
    ]

    operations: ClassVar = [
        migrations.AddConstraint(
            "Connection",
            models.UniqueConstraint(
                condition=~models.Q(tenant_id=""),
                fields=("tenant_id",),
                name="one_connection_per_tenant",
            ),
        ),
    ]
