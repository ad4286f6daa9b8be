"""Links that let a person in once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from seatbeacon.web.accounts.models.user import User

if TYPE_CHECKING:
    from datetime import datetime


class Purpose(models.TextChoices):
    """What a one-time link is for."""

    FIRST_ADMINISTRATOR = "first-administrator", "First administrator"
    INVITATION = "invitation", "Invitation"
    RESET = "reset", "Reset"


class OneTimeLink(models.Model):
    """Only the SHA-256 of the link's token is kept: whoever reads the table cannot use it.

    `user` is null for the first administrator, whose account the link makes.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=32, choices=Purpose.choices)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="links")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} link of {self.created_at:%Y-%m-%d %H:%M}"

    def is_open(self, now: datetime) -> bool:
        """Whether it may still be used."""
        return self.used_at is None and now < self.expires_at
