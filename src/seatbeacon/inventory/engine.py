"""Opening DuckDB files: the settings of the process that writes a version, and of those that read one."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from seatbeacon.inventory.errors import BadVersion, NoSpace
from seatbeacon.inventory.pool import Pool
from seatbeacon.inventory.preparing.tables import prepared_beside
from seatbeacon.inventory.schema import expect_today

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

# Nothing is fetched from the network: json, icu and parquet are built into the wheel.
_NEVER_DOWNLOAD = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
_READ_MEMORY = "512MB"  # per reading process; a page of a listing needs far less
_MAX_THREADS = 8  # more only adds memory: an import is bound by decoding


def threads() -> int:
    """How many threads DuckDB gets: what the machine has, from 2 to 8."""
    return max(2, min(_MAX_THREADS, os.cpu_count() or 2))


def _writing_threads() -> int:
    """Half of them, so that pages stay quick while an import runs. With more, the thread that waits for the
    others does so busily: on two busy cores one thread took a third less CPU than two, and less time."""
    return max(1, threads() // 2)


def open_for_writing(
    file: Path, *, memory_limit: str, scratch: Path, block_size: int | None = None
) -> duckdb.DuckDBPyConnection:
    """Open or create `file`, with `memory_limit` ('600MB') and `scratch` for what does not fit into it.

    `block_size` (bytes, a power of two from 16,384 to 262,144) is that of a file that is created.
    """
    import duckdb  # noqa: PLC0415 - keeps start-up light

    connection = duckdb.connect(
        str(file),
        config={
            **_NEVER_DOWNLOAD,
            "memory_limit": memory_limit,
            "threads": _writing_threads(),
            "preserve_insertion_order": "false",
            "temp_directory": str(scratch),
            # What 1.5 writes is a third cheaper to write than what 1.0 could still read.
            "storage_compatibility_version": "v1.5.0",
            **({"default_block_size": str(block_size)} if block_size else {}),
        },
    )
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def open_for_reading(file: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a version file of any schema. Raises `BadVersion` where it cannot be
    opened."""
    import duckdb  # noqa: PLC0415 - keeps start-up light

    try:
        return duckdb.connect(
            str(file),
            read_only=True,
            config={**_NEVER_DOWNLOAD, "memory_limit": _READ_MEMORY, "threads": threads()},
        )
    except duckdb.Error as error:
        reason = "does not exist" if not file.exists() else f"cannot be opened: {error}"
        raise BadVersion(
            f"The inventory {file} {reason}.", "Import again, or go back to an earlier version."
        ) from error


@contextmanager
def reading(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a version file, from those that the process keeps open. Raises `BadVersion`
    where it cannot be opened, or is of another schema than today's statements read; `NoSpace` where what is
    asked of it needs more memory than reading may take."""
    try:
        with _pool.reading(file) as connection:
            yield connection
    except Exception as error:
        # Known by its name, so that nothing is imported where nothing went wrong.
        if type(error).__name__ != "OutOfMemoryException":
            raise
        raise NoSpace(
            f"The answer needs more memory than reading may take ({_READ_MEMORY}).",
            "Narrow the list with a filter, or group or sort by another column.",
        ) from error


def is_prepared(file: Path) -> bool:
    """Whether what was prepared for a version can be read beside it. Raises `BadVersion`."""
    return _pool.prepared(file)


_pool = Pool(
    {**_NEVER_DOWNLOAD, "memory_limit": _READ_MEMORY, "threads": threads()}, expect_today, prepared_beside
)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.forget)
