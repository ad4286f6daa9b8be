"""Bring a current table to its new state, its old rows to history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatbeacon.inventory.result import Counts

if TYPE_CHECKING:
    from seatbeacon.inventory.importing.context import Context


@dataclass(frozen=True)
class Merge:
    """A table with history: `keys` name a row, `columns` are what history keeps; `extras` are only inserted.

    `stage` holds the new rows in the same column names. `scope` (SQL over the current row `c`) says which
    current rows `stage` speaks for; rows outside stay as they are.
    """

    table: str
    stage: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    extras: tuple[str, ...] = ()
    scope: str = "TRUE"

    def run(self, context: Context) -> Counts:
        """Merge within the open transaction; answers what changed."""
        sql = context.sql("merge")
        every = self.keys + self.columns
        words = {
            "table": self.table,
            "stage": self.stage,
            "first": self.keys[0],
            "scope": self.scope,
            "on": " AND ".join(f"c.{key} IS NOT DISTINCT FROM s.{key}" for key in self.keys),
            "current": ", ".join(f"c.{column}" for column in self.columns),
            "staged": ", ".join(f"s.{column}" for column in self.columns),
            "columns": ", ".join(every),
            "inserted": ", ".join(f"s.{column}" for column in every + self.extras),
        }
        gone = changed = 0
        size = 0 if context.first else sql.count("size", words)
        if size and sql.count("doomed", words):
            gone, changed = sql.one("doomed_counts")
            sql.run("retire", words, now=context.now)
            size -= sql.count("remove", words)
        added = sql.count("add", words, now=context.now)
        return Counts(size + added, added - changed, gone, changed)
