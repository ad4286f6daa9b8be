"""What a token may do: like roles, and never more than its person's role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from seatbeacon.web.accounts.models import User


class Scope(models.TextChoices):
    """Each scope may do what those before it may."""

    READ = "read", "Read"
    OPERATE = "operate", "Operate"
    ADMINISTER = "administer", "Administer"

    @property
    def role(self) -> Role:
        """The role whose rights the scope has."""
        return _ROLES[self]


_ROLES = {
    Scope.READ: Role.VIEWER,
    Scope.OPERATE: Role.OPERATOR,
    Scope.ADMINISTER: Role.ADMINISTRATOR,
}

DESCRIPTIONS = {
    Scope.READ: "Reads listings, connections, runs and schedules.",
    Scope.OPERATE: "Starts, cancels and decides imports, tests connections and keeps schedules as well.",
    Scope.ADMINISTER: "Enables and disables connections, and takes the inventory file as well.",
}


def scopes_of(user: User) -> list[Scope]:
    """The scopes that a token of `user` may have."""
    return [scope for scope in Scope if user.allows(scope.role)]
