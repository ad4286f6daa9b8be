"""A connection: how one tenant is reached, read-only. Its secrets stand in `StoredSecret`."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower


class SourceType(models.TextChoices):
    """What a connection reads. The form's *Source Type*."""

    MICROSOFT_365 = "microsoft-365", "Microsoft 365"


class Flow(models.TextChoices):
    """How a connection signs in. The form's *Authentication Flow*."""

    AUTHORIZATION_CODE = "authorization-code", "Authorization Code"
    CLIENT_CREDENTIALS = "client-credentials", "Client Credentials"
    DEVICE_CODE = "device-code", "Device Code"


class Connection(models.Model):
    """One row per connection. `tenant_id` is empty until it is given, or known from the first import.

    Without a `schedule` it imports only when somebody says so.
    """

    name = models.CharField(max_length=100)
    source_type = models.CharField(
        max_length=32, choices=SourceType.choices, default=SourceType.MICROSOFT_365
    )
    cloud = models.CharField(max_length=32)
    flow = models.CharField(max_length=32, choices=Flow.choices, default=Flow.AUTHORIZATION_CODE)
    token_endpoint = models.CharField(max_length=2048)
    authorization_endpoint = models.CharField(max_length=2048, blank=True, default="")
    client_id = models.CharField(max_length=36)
    redirect_uri = models.CharField(max_length=2048, blank=True, default="")
    tenant_id = models.CharField(max_length=36, blank=True, default="")
    graph_root = models.CharField(max_length=2048)
    proxy_url = models.CharField(max_length=2048, blank=True, default="")
    proxy_username = models.CharField(max_length=256, blank=True, default="")
    enabled = models.BooleanField(default=True)
    schedule = models.ForeignKey("Schedule", on_delete=models.SET_NULL, null=True, related_name="connections")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="connection_name_is_unique"),
            models.UniqueConstraint(
                fields=["tenant_id"],
                condition=~models.Q(tenant_id=""),
                name="one_connection_per_tenant",
            ),
        ]

    def __str__(self) -> str:
        return self.name
