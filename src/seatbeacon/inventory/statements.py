"""SQL that stands in `sql/*.sql`, in blocks that begin with `-- :name xyz`.

Values are bound (`$name`); `{word}` stands for an identifier or a list of them, and takes only what our own
declarations say, never anything that was read.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

_HEAD = re.compile(r"^-- :name (\w+).*$", re.MULTILINE)
_VALUE = re.compile(r"\$([a-z_][a-z0-9_]*)")


def blocks(file: str, package: str = "seatbeacon.inventory") -> dict[str, str]:
    """The named blocks of a package's `sql/<file>.sql`: name to text."""
    return _read(file, package)


@cache
def _read(file: str, package: str) -> dict[str, str]:
    parts = _HEAD.split(files(package).joinpath("sql", f"{file}.sql").read_text("utf-8"))
    return {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}


class Statements:
    """The blocks of one `.sql` file, run by name on one connection."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, file: str, package: str = "seatbeacon.inventory"
    ) -> None:
        self.connection = connection
        self._blocks = blocks(file, package)

    def text(self, name: str) -> str:
        """Block `name` as it stands, for who binds by place."""
        return self._blocks[name]

    def run(
        self, name: str, identifiers: dict[str, str] | None = None, **values: Any
    ) -> duckdb.DuckDBPyConnection:
        """Run block `name`; only the values that it names are bound."""
        text = self._blocks[name]
        for word, replacement in (identifiers or {}).items():
            text = text.replace(f"{{{word}}}", replacement)
        bound = {key: values[key] for key in set(_VALUE.findall(text))}
        return self.connection.execute(text, bound) if bound else self.connection.execute(text)

    def rows(
        self, name: str, identifiers: dict[str, str] | None = None, **values: Any
    ) -> list[tuple[Any, ...]]:
        """All rows that block `name` answers."""
        return self.run(name, identifiers, **values).fetchall()

    def one(self, name: str, identifiers: dict[str, str] | None = None, **values: Any) -> tuple[Any, ...]:
        """The first row that block `name` answers; it always has one (a count, an aggregate)."""
        row = self.run(name, identifiers, **values).fetchone()
        if row is None:
            raise LookupError(f"Block {name} answered no row.")
        return tuple(row)

    def count(self, name: str, identifiers: dict[str, str] | None = None, **values: Any) -> int:
        """The one number that block `name` answers: of a SELECT, or of the rows that it changed."""
        row = self.run(name, identifiers, **values).fetchone()
        return int(row[0]) if row and row[0] is not None else 0
