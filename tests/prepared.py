"""A database whose tables are made once, for tests to have copies of: making them takes longer than most of
the tests do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connections

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DATABASE = "seatbeacon.sqlite3"


def prepare(home: Path, make: Callable[[], object]) -> Path:
    """Have `make` make the tables of the folder `home`, and give it: its database is whole in one file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEATBEACON_HOME", str(home))
        patch.setitem(connections["default"].settings_dict, "NAME", str(home / DATABASE))
        connections.close_all()
        make()
        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections.close_all()
    return home
