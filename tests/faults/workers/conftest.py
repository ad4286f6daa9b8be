from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.faults.workers.postgres import Postgres

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of the test's own."""
    with Postgres() as server:
        yield server
