"""The pages as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, static files and the checks that hold every route to its role."""

    name = "seatbeacon.web"
    label = "web"

    def ready(self) -> None:
        """Register the checks, and what is written to the audit log at sign-in."""
        from seatbeacon.web import checks  # noqa: F401, PLC0415 - registered by being imported
        from seatbeacon.web.accounts import signals  # noqa: F401, PLC0415 - registered by being imported
