"""The control plane as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class BeaconConfig(AppConfig):
    """The only application that the command line needs: no sessions, no content types."""

    name = "seatbeacon.beacon"
    label = "beacon"
    default_auto_field = "django.db.models.BigAutoField"
