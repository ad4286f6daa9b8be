"""The models of the pages."""

from __future__ import annotations

from seatbeacon.web.pages.inventory.models import SavedView, StandardView

__all__ = ["SavedView", "StandardView"]
