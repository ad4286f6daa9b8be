"""The control plane's first tables."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    """Tenants, connections with their secrets, import runs and inventory versions."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Tenant",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("display_name", models.CharField(max_length=256)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Connection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "source_type",
                    models.CharField(
                        choices=[("microsoft-365", "Microsoft 365")], default="microsoft-365", max_length=32
                    ),
                ),
                ("cloud", models.CharField(max_length=32)),
                (
                    "flow",
                    models.CharField(
                        choices=[
                            ("authorization-code", "Authorization Code"),
                            ("client-credentials", "Client Credentials"),
                            ("device-code", "Device Code"),
                        ],
                        default="authorization-code",
                        max_length=32,
                    ),
                ),
                ("token_endpoint", models.CharField(max_length=2048)),
                ("authorization_endpoint", models.CharField(blank=True, default="", max_length=2048)),
                ("client_id", models.CharField(max_length=36)),
                ("redirect_uri", models.CharField(blank=True, default="", max_length=2048)),
                ("tenant_id", models.CharField(blank=True, default="", max_length=36)),
                ("graph_root", models.CharField(max_length=2048)),
                ("proxy_url", models.CharField(blank=True, default="", max_length=2048)),
                ("proxy_username", models.CharField(blank=True, default="", max_length=256)),
                ("enabled", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"), name="connection_name_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("connection_name", models.CharField(blank=True, default="", max_length=100)),
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
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("succeeded", "Succeeded"),
                            ("succeeded with problems", "Succeeded With Problems"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                            ("interrupted", "Interrupted"),
                            ("held", "Held"),
                        ],
                        default="queued",
                        max_length=32,
                    ),
                ),
                ("host", models.CharField(blank=True, default="", max_length=256)),
                ("pid", models.IntegerField(null=True)),
                ("queued_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("tenant_id", models.CharField(blank=True, default="", max_length=36)),
                ("datasets", models.JSONField(default=list)),
                ("counts", models.JSONField(default=dict)),
                ("notes", models.JSONField(default=list)),
                ("problem", models.TextField(blank=True, default="")),
                ("remedy", models.TextField(blank=True, default="")),
                ("package", models.CharField(blank=True, default="", max_length=4096)),
                (
                    "connection",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="runs",
                        to="beacon.connection",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StoredSecret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("refresh-token", "Refresh Token"),
                            ("client-secret", "Client Secret"),
                            ("certificate", "Certificate"),
                            ("proxy-password", "Proxy Password"),
                        ],
                        max_length=32,
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("stored_at", models.DateTimeField()),
                (
                    "connection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="secrets",
                        to="beacon.connection",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InventoryVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file", models.CharField(max_length=4096)),
                ("created_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("current", models.BooleanField(default=False)),
                ("measures", models.JSONField(default=dict)),
                (
                    "base",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="beacon.inventoryversion",
                    ),
                ),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="version",
                        to="beacon.importrun",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="beacon.tenant",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="importrun",
            index=models.Index(fields=["connection", "-id"], name="runs_of_a_connection"),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["queued", "running"])),
                fields=("connection",),
                name="one_active_run_per_connection",
            ),
        ),
        migrations.AddConstraint(
            model_name="storedsecret",
            constraint=models.UniqueConstraint(
                models.F("connection"), models.F("field"), name="secret_stands_once_per_field"
            ),
        ),
        migrations.AddConstraint(
            model_name="inventoryversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("current", True)),
                fields=("tenant",),
                name="one_current_version_per_tenant",
            ),
        ),
    ]
