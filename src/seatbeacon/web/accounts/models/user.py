"""A person's account."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from seatbeacon.web.accounts.roles import Role


class Theme(models.TextChoices):
    """How pages look to a person."""

    AUTO = "auto", "As the system"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


class UserManager(BaseUserManager["User"]):
    """Finds accounts by mail address, in whichever case."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The account of that mail address."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Signs in by mail address. Without a usable password while invited, or with single sign-on alone."""

    email = models.EmailField("mail address", max_length=254, unique=True)
    name = models.CharField("name", max_length=150)
    role = models.CharField("role", max_length=16, choices=Role.choices, default=Role.VIEWER)
    is_active = models.BooleanField("active", default=True)
    theme = models.CharField("theme", max_length=8, choices=Theme.choices, default=Theme.AUTO)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                name="account_mail_is_unique",
                violation_error_message="This mail address is taken.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email

    def clean(self) -> None:
        """Keep the mail address in one spelling."""
        super().clean()
        self.email = self.email.strip().lower()

    @property
    def role_label(self) -> str:
        """The role as people read it."""
        return Role(self.role).label

    @property
    def is_invited(self) -> bool:
        """Whether the invitation has not been used yet."""
        return self.last_login is None and not self.has_usable_password()

    def allows(self, needed: Role) -> bool:
        """Whether this person may do what needs `needed`."""
        return self.is_active and Role(self.role).allows(needed)
