"""Where the results of the rules stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings


def results_folder(settings: Settings, tenant_id: str) -> Path:
    """Where the results of a tenant are kept; made where it is not there."""
    folder = settings.home / "recommendations" / tenant_id
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
