"""What is known about each dataset, before and after an import."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seatbeacon.inventory.importing.context import Context
    from seatbeacon.inventory.importing.reports import Staged
    from seatbeacon.inventory.statements import Statements

_COLUMNS = (
    "dataset", "outcome", "attempted_at", "problem", "permission", "remedy", "checksum", "row_count",
    "refresh_date",
    "collected_at",
)  # fmt: skip


def naive(moment: datetime | None) -> datetime | None:
    """An aware time as DuckDB keeps it: UTC without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None


def known(sql: Statements) -> dict[str, dict[str, object]]:
    """dataset_state by dataset."""
    return {row[0]: dict(zip(_COLUMNS, row, strict=True)) for row in sql.rows("all")}


def keep(context: Context, staged: dict[str, Staged]) -> None:
    """Say of each dataset of the package how it ended. What was not taken in keeps its last good data and
    dates."""
    rows: list[dict[str, object]] = []
    for record in context.package.manifest.datasets:
        before = context.known.get(record.name, {})
        taken = record.name in context.imported
        # Read again and byte for byte the same: what is here is as new as that.
        current = taken or context.unchanged(record.name)
        refresh = staged[record.name].refresh if record.name in staged else record.refresh_date
        rows.append(
            {
                "dataset": record.name,
                "outcome": str(record.outcome),
                "attempted_at": naive(
                    record.ended_at or record.started_at or context.package.manifest.started_at
                ),
                "problem": record.problem,
                "permission": record.permission,
                "remedy": record.remedy,
                "checksum": record.checksum if taken else before.get("checksum"),
                "row_count": record.count if taken else before.get("row_count"),
                "refresh_date": refresh if taken else before.get("refresh_date"),
                "collected_at": naive(record.ended_at or context.package.manifest.started_at)
                if current
                else before.get("collected_at"),
            }
        )
    sql = context.sql("state")
    sql.run("forget", dataset=[row["dataset"] for row in rows])
    columns: dict[str, Any] = {column: [row[column] for row in rows] for column in _COLUMNS}
    sql.run("add", **columns)
