"""Put a day that has gone by together: a file with the tables of a version, as they were at its end.

Of such a file a list is asked as of now, by what makes lists of the last import quick; of the version itself
the same is told from history, row by row. Both say the same.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from seatbeacon.inventory.listings import DAY_LISTINGS, DAY_TABLES, past
from seatbeacon.inventory.listings.users import PERSON_SEARCH
from seatbeacon.inventory.pool import identity
from seatbeacon.inventory.preparing import prepare
from seatbeacon.inventory.preparing.placing import placed, put_together
from seatbeacon.inventory.preparing.tables import day_beside, prepared_beside, tables_of_a_day
from seatbeacon.inventory.querying.reading import fetch_kept
from seatbeacon.inventory.querying.statement import Statement
from seatbeacon.inventory.querying.told import day_that_ends
from seatbeacon.inventory.statements import Statements, blocks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOST = 3
"""Days of a tenant that are kept."""

_AS_OF = ("assignments", "license_groups", "enterprise_applications", "application_assignments", "users")
_FIRST = "SELECT min(imported_at)::DATE FROM imports"


def make_day(
    version_file: Path,
    day: date,
    *,
    memory_limit: str = "600MB",
    check_cancelled: Callable[[], None] = lambda: None,
) -> bool:
    """Put `day` (of UTC) together; answers whether there was anything to do. The last `MOST` are kept.

    The file is whole or not there. Raises `InventoryError`s, and what `check_cancelled` does between two
    steps; then nothing is left.
    """
    target = day_beside(version_file, identity(version_file), day)
    if target.exists():
        return False
    moment = datetime.combine(day, time.max)
    words = {name: _then(past.at(name)) for name in _AS_OF} | {"usage": _then(past.USAGE)}
    words["searched"] = ", ".join(f"u.{key}" for key in PERSON_SEARCH)
    with placed(target, version_file, name="day", memory_limit=memory_limit) as connection:
        connection.execute("USE day")
        Statements(connection, "schema").run("tables")
        connection.execute("SET search_path = 'version'")
        steps = Statements(connection, "day")
        for step in blocks("day"):
            check_cancelled()
            steps.run(step, words, moment=moment)
        for name, select in DAY_TABLES.items():
            check_cancelled()
            connection.execute(f"CREATE TABLE day.{name} AS {_then(select)}", {"moment": moment})
        connection.execute("USE day")
        put_together(
            connection, tables_of_a_day(), DAY_LISTINGS.values(), into="day", check_cancelled=check_cancelled
        )
    _keep_the_last(target, prepared_beside(version_file, identity(version_file)))
    return True


def worth_making(version_file: Path, moment: datetime) -> date | None:
    """The day at whose end `moment` (aware) is, where it is worth being put together: the version is large,
    was imported by then, and nobody did so before. Raises `BadVersion` where there is no such version."""
    found, day = identity(version_file), day_that_ends(moment.astimezone(UTC).replace(tzinfo=None))
    if day is None or found[-1] < prepare.SMALL or day_beside(version_file, found, day).exists():
        return None
    [(first,)] = fetch_kept(version_file, Statement(_FIRST, ()))
    return day if first is not None and first <= day <= datetime.now(UTC).date() else None


def _then(sql: str) -> str:
    return sql.replace("{moment}", "$moment::TIMESTAMP").replace("{near}", "TRUE")


def _keep_the_last(made: Path, prepared: Path) -> None:
    """Remove the days that were made first, where they are too many, and those of other versions."""
    days = sorted(made.parent.glob("*.duckdb"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    own = [path for path in days if path.name.startswith(prepared.stem)]
    for path in {*days} - {*own[:MOST]}:
        with suppress(OSError):
            path.unlink()  # whoever has it open reads on
