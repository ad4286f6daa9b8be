"""What the steps of one import share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seatbeacon.collection.package.manifest import Outcome
from seatbeacon.inventory.statements import Statements

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    import duckdb

    from seatbeacon.collection.package.manifest import DatasetRecord
    from seatbeacon.collection.package.reader import Package


@dataclass
class Context:
    """One import under way: `now` is its time (naive UTC, as DuckDB keeps it); `held` the states before
    it."""

    connection: duckdb.DuckDBPyConnection
    package: Package
    now: datetime
    catalog: Path | None
    check: Callable[[], None]
    progress: Callable[[str], None]
    first: bool = True
    new_names: bool = True
    """Somebody came whose name no earlier report could have been matched with."""
    gone: int = 0
    """Users there were before, and are no more."""
    known: dict[str, dict[str, object]] = field(default_factory=dict)
    """dataset_state before this import, by dataset."""
    notes: list[str] = field(default_factory=list)
    imported: set[str] = field(default_factory=set)
    """The datasets that this import took in."""

    def sql(self, file: str) -> Statements:
        """The statements of `sql/<file>.sql` on this import's connection."""
        return Statements(self.connection, file)

    def step(self, what: str) -> None:
        """Begin a step: the moment to tell it, and to stop where somebody asked to."""
        self.check()
        self.progress(what)

    def collected(self, dataset: str) -> DatasetRecord | None:
        """The record of a dataset whose data came, else None."""
        record = self.package.manifest.dataset(dataset)
        return record if record is not None and record.outcome is Outcome.COLLECTED else None

    def path(self, dataset: str) -> str:
        """The file of a collected dataset."""
        return str(self.package.path(dataset))

    def unchanged(self, dataset: str) -> bool:
        """Whether the dataset's file is byte for byte the one that was imported last."""
        record, held = self.collected(dataset), self.known.get(dataset)
        return bool(record and held and record.checksum and held["checksum"] == record.checksum)
