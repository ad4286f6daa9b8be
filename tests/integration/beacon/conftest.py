from __future__ import annotations

# ruff: noqa: E402 - models can be imported once Django is set up
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seatbeacon.beacon.django_settings")
django.setup()

from django.db import connections

from seatbeacon.beacon.start import start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The settings of a home of this test's own, its database made."""
    for name in ("DATABASE_URL", "SEATBEACON_INVENTORY", "SEATBEACON_SECRET_KEYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SEATBEACON_HOME", str(tmp_path / "home"))
    connections.close_all()
    monkeypatch.setitem(
        connections["default"].settings_dict, "NAME", str(tmp_path / "home" / "seatbeacon.sqlite3")
    )
    yield start()
    connections.close_all()


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)
