"""What a version holds: whose it is, how much, how fresh each dataset is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from seatbeacon.inventory.engine import reading
from seatbeacon.inventory.errors import BadVersion
from seatbeacon.inventory.statements import Statements

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class DatasetState:
    """How the last attempt at a dataset ended, and of when the data is that the inventory holds (None:
    none)."""

    dataset: str
    outcome: str
    attempted_at: datetime | None
    collected_at: datetime | None
    refresh_date: date | None
    rows: int | None
    matched: int | None
    unmatched: int | None
    problem: str | None
    permission: str | None
    remedy: str | None


@dataclass(frozen=True)
class Description:
    """A version in numbers. `counts` has the rows of each listing by the listing's name. Times are aware
    UTC."""

    tenant_id: str
    tenant_name: str
    imported_at: datetime
    imports: int
    counts: dict[str, int]
    datasets: tuple[DatasetState, ...]


def describe(version_file: Path) -> Description:
    """Describe a version. Raises `BadVersion` where it cannot be read or holds no import."""
    with reading(version_file) as connection:
        sql = Statements(connection, "describe")
        tenant_id, tenant_name = sql.one("tenant")
        log = sql.rows("imports")
        if not log:
            raise BadVersion(f"The inventory {version_file} holds no import.", "Import again.")
        names = ("users", "licenses", "assignments", "applications", "usage")
        counts = dict(zip(names, sql.one("totals"), strict=True))
        states = tuple(
            DatasetState(row[0], row[1], _aware(row[2]), _aware(row[3]), *row[4:])
            for row in sql.rows("datasets")
        )
    return Description(tenant_id, tenant_name, log[0][1].replace(tzinfo=UTC), len(log), counts, states)


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None
