"""The rows behind what an import counts of assignments and licenses: those added, removed and changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from seatbeacon.inventory.changes.between import Rows, naive_span
from seatbeacon.inventory.engine import reading
from seatbeacon.inventory.statements import Statements

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

Kind = Literal["added", "removed", "changed"]

_OF_ASSIGNMENTS = {
    "state": "state",
    "error": "error",
    "disabled_plans": "plans switched off",
    "assigned_at": "when it was assigned",
    "counted": "whether it counts",
}
_OF_LICENSES = {
    "sku_part_number": "part number",
    "applies_to": "applies to",
    "status": "status",
    "purchased": "purchased",
    "warning": "warning",
    "suspended": "suspended",
    "locked_out": "locked out",
    "consumed_units": "consumed units",
    "subscription_ids": "subscriptions",
}


@dataclass(frozen=True)
class MovedAssignment:
    """One way in which a product came to a user; `changed` names what is another than before."""

    user_id: str
    display_name: str | None
    user_principal_name: str | None
    department: str | None
    sku_id: str
    product_name: str
    source: str
    group: str | None
    changed: tuple[str, ...]


@dataclass(frozen=True)
class MovedLicense:
    """A subscribed license with the seats purchased before and after; None: it was, or is, not there."""

    sku_id: str
    product_name: str
    before: int | None
    after: int | None
    changed: tuple[str, ...]


def moved_assignments(
    version_file: Path, since: datetime, until: datetime, kind: Kind, *, limit: int, offset: int = 0
) -> Rows:
    """The assignments added, removed or changed after `since` until `until` (aware UTC):
    `MovedAssignment`s by the user's name. Raises `BadVersion`."""
    found = _rows(version_file, "assignments", _OF_ASSIGNMENTS, (since, until), kind, limit, offset)
    return Rows(
        tuple(MovedAssignment(*(*row[:8], tuple(row[8]))) for row in found), found[0][9] if found else 0
    )


def moved_licenses(
    version_file: Path, since: datetime, until: datetime, kind: Kind, *, limit: int, offset: int = 0
) -> Rows:
    """The licenses added, removed or changed, as `moved_assignments`: `MovedLicense`s by name."""
    found = _rows(version_file, "licenses", _OF_LICENSES, (since, until), kind, limit, offset)
    return Rows(tuple(MovedLicense(*(*row[:4], tuple(row[4]))) for row in found), found[0][5] if found else 0)


def _rows(
    file: Path,
    block: str,
    told: dict[str, str],
    span: tuple[datetime, datetime],
    kind: Kind,
    limit: int,
    offset: int,
) -> list[tuple[Any, ...]]:
    changed = ", ".join(
        f"CASE WHEN a.{column} IS DISTINCT FROM b.{column} THEN '{label}' END"
        for column, label in told.items()
    )
    with reading(file) as connection:
        sql = Statements(connection, "imported")
        values = naive_span(*span) | {"kind": kind, "limit": limit, "offset": offset}
        return sql.rows(block, {"changed": changed}, **values)
