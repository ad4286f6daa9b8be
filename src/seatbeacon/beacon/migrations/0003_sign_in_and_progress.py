"""Sign-ins under way, facts beside secrets, progress of runs, and one connection per tenant."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

import django.db.models.deletion
from django.db import migrations, models

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def leave_one_connection_per_tenant(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Of several connections to one tenant, let only the first keep the tenant's id.

    The others lose nothing else: their next import asks which tenant it is, and is refused with the name of
    the first. The audit log says so.
    """
    del schema_editor
    first: dict[str, str] = {}
    for connection in apps.get_model("beacon", "Connection").objects.exclude(tenant_id="").order_by("id"):
        tenant = connection.tenant_id.lower()
        kept_by = first.setdefault(tenant, connection.name)
        if kept_by == connection.name:
            if connection.tenant_id != tenant:
                connection.tenant_id = tenant
                connection.save(update_fields=["tenant_id"])
            continue
        connection.tenant_id = ""
        connection.save(update_fields=["tenant_id"])
        apps.get_model("beacon", "AuditEntry").objects.create(
            at=datetime.now(UTC),
            actor="Seatbeacon",
            action="connection.tenant-forgotten",
            target=connection.name,
            details={"tenant_id": tenant, "reason": f"connection {kept_by} is of the same tenant"},
        )


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("beacon", "0002_audit_log"),
    ]

    operations: ClassVar = [
        migrations.AddField("StoredSecret", "facts", models.JSONField(default=dict)),
        migrations.AddField("ImportRun", "progress", models.JSONField(default=dict)),
        migrations.AddField("ImportRun", "progress_at", models.DateTimeField(null=True)),
        migrations.AddField("ImportRun", "cancel_requested", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="Authorization",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "method",
                    models.CharField(
                        choices=[("browser", "in a browser"), ("device-code", "with a device code")],
                        max_length=16,
                    ),
                ),
                ("asker", models.CharField(max_length=64)),
                ("state_digest", models.CharField(max_length=64, null=True, unique=True)),
                ("name", models.CharField(blank=True, default="", max_length=100)),
                ("settings", models.JSONField()),
                ("sealed", models.BinaryField()),
                ("begun_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("polled_at", models.DateTimeField(null=True)),
                ("interval", models.FloatField(default=0)),
                ("answered_at", models.DateTimeField(null=True)),
                ("failure", models.JSONField(default=dict)),
                ("facts", models.JSONField(default=dict)),
                ("candidate", models.BinaryField(null=True)),
                (
                    "connection",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="beacon.connection",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="authorizations_by_end")],
            },
        ),
        migrations.RunPython(leave_one_connection_per_tenant, migrations.RunPython.noop),
    ]
