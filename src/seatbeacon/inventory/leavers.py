"""Whom the newest import of a version took out of it: what a person looks at before a held one is
published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seatbeacon.inventory.engine import reading
from seatbeacon.inventory.statements import Statements

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Leaver:
    """A user who is gone, as they were last; `licenses` counts the products that they held."""

    id: str
    user_principal_name: str | None
    display_name: str | None
    department: str | None
    account_enabled: bool | None
    licenses: int


@dataclass(frozen=True)
class Department:
    """How many users of a department (None: of none) are gone, and how many of them held a license."""

    name: str | None
    users: int
    licensed: int

    @property
    def key(self) -> str:
        """What `Leavers` is asked for with."""
        return self.name or ""


def leavers_by_department(version_file: Path) -> list[Department]:
    """Those who are gone by department, the largest first. Raises `BadVersion`."""
    with reading(version_file) as connection:
        return [Department(*row) for row in Statements(connection, "leavers").rows("by_department")]


class Leavers:
    """Those who are gone, by name: as long as there are, and read a slice at a time.

    `department` None is any, and empty is none; `search` is looked for in name and user principal name.
    """

    def __init__(self, version_file: Path, *, department: str | None = None, search: str = "") -> None:
        self._file = version_file
        self._asked: dict[str, Any] = {
            "any_department": department is None,
            "department": department or None,
            "search": search,
        }

    def __len__(self) -> int:
        """How many there are. Raises `BadVersion`."""
        with reading(self._file) as connection:
            return Statements(connection, "leavers").count("count", **self._asked)

    def __getitem__(self, part: slice) -> list[Leaver]:
        """A page of them. Raises `BadVersion`."""
        start, stop, _ = part.indices(len(self))
        with reading(self._file) as connection:
            sql = Statements(connection, "leavers")
            rows = sql.rows("page", None, **self._asked, limit=max(0, stop - start), offset=start)
        return [Leaver(*row) for row in rows]
