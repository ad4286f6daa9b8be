"""Files of facts and of results: made whole, kept while they are asked for, tidied away."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from seatbeacon.inventory import engine
from seatbeacon.inventory.importing.faults import explained

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

MEMORY = "900MB"
"""What DuckDB may use for an evaluation; a million users need about half of it."""
_DAY = 86_400  # seconds
_KEPT_FACTS = 3
_KEPT_RESULTS = 12


@contextmanager
def made_whole(target: Path) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """A connection that writes `target`, which is there, and whole, only once the block has ended well; None
    where it is there already.

    Two processes may make the same at once: each writes a file of its own, and the last puts its own in
    place. Raises `NoSpace` and `Unwritable`.
    """
    if target.exists():
        with suppress(OSError):
            os.utime(target)  # what is asked for is not tidied away
        yield None
        return
    partial = target.with_name(f"{target.name}.{os.getpid()}-{secrets.token_hex(4)}.partial")
    scratch = partial.with_name(f"{partial.name}.tmp")
    with explained(target):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with closing(
                engine.open_for_writing(partial, memory_limit=MEMORY, scratch=scratch)
            ) as connection:
                yield connection
                connection.execute("CHECKPOINT")
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
            partial.with_name(f"{partial.name}.wal").unlink(missing_ok=True)
            shutil.rmtree(scratch, ignore_errors=True)
    tidy(target.parent)


def tidy(folder: Path) -> list[Path]:
    """Remove what nobody asked for lately: all but the newest files of facts and of results, and what was cut
    off more than a day ago. Answers what was removed; whoever has one open reads on."""
    old = [path for path in folder.glob("*.partial*") if time.time() - path.stat().st_mtime > _DAY]
    for kind, keep in (("facts", _KEPT_FACTS), ("results", _KEPT_RESULTS)):
        found = sorted(folder.glob(f"*.{kind}-*.duckdb"), key=lambda path: path.stat().st_mtime, reverse=True)
        old += found[keep:]
    removed = []
    for path in old:
        with suppress(OSError):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            removed.append(path)
    return removed
