"""What people may do."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """Each role may do what those before it may."""

    VIEWER = "viewer", "Viewer"
    OPERATOR = "operator", "Operator"
    ADMINISTRATOR = "administrator", "Administrator"

    @property
    def rank(self) -> int:
        """0 for the least."""
        return list(Role).index(self)

    def allows(self, needed: Role) -> bool:
        """Whether somebody of this role may do what needs `needed`."""
        return self.rank >= needed.rank


DESCRIPTIONS = {
    Role.VIEWER: "Reads every page.",
    Role.OPERATOR: "Runs, schedules and tests imports as well.",
    Role.ADMINISTRATOR: "Does everything: connections, people, settings.",
}
