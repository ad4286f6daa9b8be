"""Secrets of connections, sealed. `beacon.secrets` seals and opens them; nothing else reads this table."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from seatbeacon.beacon.models.connection import Connection


class SecretField(models.TextChoices):
    """Which secret of a connection a row holds."""

    REFRESH_TOKEN = "refresh-token", "Refresh Token"
    CLIENT_SECRET = "client-secret", "Client Secret"
    CERTIFICATE = "certificate", "Certificate"
    PROXY_PASSWORD = "proxy-password", "Proxy Password"


class StoredSecret(models.Model):
    """`sealed` is key id, nonce and AES-256-GCM ciphertext, bound to connection and field.

    `facts` is what may be shown of it: who signed in, when it ends (`beacon.connections.facts`).
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="secrets")
    field = models.CharField(max_length=32, choices=SecretField.choices)
    sealed = models.BinaryField()
    facts = models.JSONField(default=dict)
    stored_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("connection", "field", name="secret_stands_once_per_field"),
        ]

    def __str__(self) -> str:
        return f"{self.field} of connection {self.connection_id}"
