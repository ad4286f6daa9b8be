"""Views that people saved: the address of a list under a name."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

NAME_LENGTH = 80


class SavedView(models.Model):
    """`query` is the canonical query of the list's address, without tenant and page.

    A shared view outlives the account that made it.
    """

    listing = models.CharField(max_length=64)
    name = models.CharField(max_length=NAME_LENGTH)
    query = models.TextField(max_length=8000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="saved_views"
    )
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "owner", "listing", Lower("name"), name="one_view_of_a_name_per_person_and_listing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.listing})"


class StandardView(models.Model):
    """The view that a person's list opens with, in place of the standard one."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    listing = models.CharField(max_length=64)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "listing"], name="one_standard_view_per_person_and_listing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.view} of {self.person}"
