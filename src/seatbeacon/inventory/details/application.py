"""One application of Microsoft 365: on which platforms, and in which departments, it is used."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from seatbeacon.inventory.engine import is_prepared, reading
from seatbeacon.inventory.preparing.tables import USE
from seatbeacon.inventory.statements import Statements

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

MOST_DEPARTMENTS = 15


@dataclass(frozen=True)
class Platform:
    """Users of an application on a platform (*All*: the application as a whole): ever, and lately."""

    name: str
    ever: int
    active_30: int
    active_90: int
    last: date | None


@dataclass(frozen=True)
class Department:
    """Users of an application in a department (None: those without one)."""

    name: str | None
    active_90: int
    ever: int


@dataclass(frozen=True)
class ApplicationUse:
    """The platforms, the whole first; and the departments with most active users."""

    platforms: tuple[Platform, ...]
    departments: tuple[Department, ...]


@lru_cache(maxsize=256)
def application_use(version_file: Path, application: str) -> ApplicationUse:
    """How an application is used. A version never changes, so it is read once. Raises `BadVersion`."""
    prepared = is_prepared(version_file)
    with reading(version_file) as connection:
        sql = Statements(connection, "use")
        platforms, departments = (name if prepared else f"({sql.text(name)})" for name in USE)
        return ApplicationUse(
            tuple(
                Platform(*row) for row in sql.rows("platforms", {"use": platforms}, application=application)
            ),
            tuple(
                Department(*row)
                for row in sql.rows(
                    "departments", {"use": departments}, application=application, limit=MOST_DEPARTMENTS
                )
            ),
        )
