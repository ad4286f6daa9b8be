"""Tokens with which programs use the API as a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from seatbeacon.web.accounts.models.user import User
from seatbeacon.web.accounts.scopes import Scope

if TYPE_CHECKING:
    from datetime import datetime


class ApiToken(models.Model):
    """Only the SHA-256 of the token is kept; `prefix` is its beginning, by which people know it again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16)
    token_hash = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=16, choices=Scope.choices, default=Scope.READ)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "name"], name="tokens_of_a_person")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def number(self) -> str:
        """The row's key as text."""
        return str(self.pk)

    def is_open(self, now: datetime) -> bool:
        """Whether it may still be used."""
        return now < self.expires_at and self.user.is_active

    def allows(self, scope: Scope) -> bool:
        """Whether it may do what needs `scope`, by its own scope and by the role its person has now."""
        return Scope(self.scope).role.allows(scope.role) and self.user.allows(scope.role)
