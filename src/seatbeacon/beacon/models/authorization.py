"""Sign-ins under way, and what they brought until a connection takes it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from seatbeacon.beacon.models.connection import Connection


class Method(models.TextChoices):
    """How a person signs in."""

    BROWSER = "browser", "in a browser"
    DEVICE_CODE = "device-code", "with a device code"


class Authorization(models.Model):
    """One use of Generate…: begun, answered once, and taken by Save or swept when it is too old.

    `id` is random and known to whoever began it. `asker` and `state_digest` are SHA-256 in hexadecimal: of
    the session (or command) that asked, and of the state that must come back. `settings` are the form's
    fields that the token will be bound to. `sealed` holds what the sign-in needs (PKCE verifier, device code,
    secrets typed into the form), `candidate` the refresh token that came. `failure` says in words why none
    did.
    """

    id = models.CharField(primary_key=True, max_length=64)
    method = models.CharField(max_length=16, choices=Method.choices)
    asker = models.CharField(max_length=64)
    state_digest = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - unique where there is one
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=100, blank=True, default="")
    settings = models.JSONField()
    sealed = models.BinaryField()
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    polled_at = models.DateTimeField(null=True)
    interval = models.FloatField(default=0)
    answered_at = models.DateTimeField(null=True)
    failure = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    candidate = models.BinaryField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="authorizations_by_end")]

    def __str__(self) -> str:
        return f"sign-in of {self.begun_at:%Y-%m-%d %H:%M}"
