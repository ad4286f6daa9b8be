"""Versions that are open to be read: one DuckDB for the process, each version attached once and kept.

A version never changes once it is published, so it can stay open and what was computed for it can be kept.
Memory is one budget for all of them, whatever the number of versions and threads.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import sys
import tempfile
import threading
from collections import OrderedDict
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from seatbeacon.inventory.errors import BadVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import duckdb

Identity = tuple[str, int, int, int, int]
"""Path, device, inode, time of the last change (ns) and size: a file that was replaced is another one."""

_MOST = 8  # versions kept open; an open one takes little beside the pages that the memory limit covers
_SCRATCH = "8GB"  # of temporary files, for what does not fit into memory: the sorting of a large export

if importlib.util.find_spec("pandas") is None:
    # DuckDB looks for it at each value that is bound, twice, along the whole path for as long as it is not
    # found: a sixth of the CPU of a small import. That it is not there can be told at once.
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type] # what Python takes for "not there"


def identity(file: Path) -> Identity:
    """What tells a version file from others. Raises `BadVersion` where there is none."""
    try:
        found = file.stat()
    except OSError as error:
        raise BadVersion(
            f"The inventory {file} does not exist.", "Import again, or go back to an earlier version."
        ) from error
    return (str(file), found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)


class Pool:
    """The versions that a process has open; any number of threads may read them side by side."""

    def __init__(
        self,
        settings: dict[str, str | int],
        check: Callable[[duckdb.DuckDBPyConnection, Path], None],
        beside: Callable[[Path, Identity], Path] | None = None,
    ):
        """`settings` are DuckDB's; `check` raises where an opened file cannot be read by this program;
        `beside` names the file whose tables are read like those of the version, where it is there."""
        self._settings = settings
        self._check = check
        self._beside = beside
        self._lock = threading.RLock()
        self._numbers = itertools.count(1)
        self._open: OrderedDict[Identity, str] = OrderedDict()
        self._prepared: dict[str, str] = {}
        self._root: duckdb.DuckDBPyConnection | None = None

    @contextmanager
    def reading(self, file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection of the caller's own to a version. Raises `BadVersion` where it cannot be opened.

        What is left of an answer when the caller goes is not computed any further.
        """
        cursor = self._cursor(file)
        try:
            yield cursor
        finally:
            cursor.close()

    def prepared(self, file: Path) -> bool:
        """Whether the tables beside a version can be read: from now on, each reading of it finds them.
        Raises `BadVersion` where the version cannot be opened."""
        with self._lock:
            self._cursor(file).close()
            return self._open[identity(file)] in self._prepared

    def close(self) -> None:
        """Close every version that nobody reads any more."""
        with self._lock:
            root, self._root = self._root, None
            self._open.clear()
            self._prepared.clear()
            if root is not None:
                root.close()

    def forget(self) -> None:
        """Begin anew in a process that was forked: what its parent has open is not its own."""
        self._lock = threading.RLock()
        self._open.clear()
        self._prepared.clear()
        self._root = None

    def _cursor(self, file: Path) -> duckdb.DuckDBPyConnection:
        key = identity(file)
        with self._lock:
            root = self._root or self._connect()
            name = self._open.get(key)
            cursor = root.cursor()
            try:
                if name is None:
                    name = self._attach(cursor, key, file)
                self._open.move_to_end(key)
                beside = self._prepared.get(name) or self._attach_beside(cursor, key, file)
                cursor.execute(f"SET search_path = '{name},{beside}'" if beside else f"USE {name}")
            except BaseException:
                cursor.close()
                raise
            while len(self._open) > _MOST:
                _, oldest = self._open.popitem(last=False)
                self._let_go(root, oldest)  # who reads it still reads it to the end
            return cursor

    def _attach_beside(self, cursor: duckdb.DuckDBPyConnection, key: Identity, file: Path) -> str | None:
        """The name of what was prepared for a version; None where there is nothing that can be read."""
        import duckdb  # noqa: PLC0415 - keeps start-up light

        beside = self._beside(file, key) if self._beside else None
        if beside is None or not beside.exists():
            return None
        name = f"{self._open[key]}_prepared"
        quoted = str(beside).replace("'", "''")
        try:
            cursor.execute(f"ATTACH '{quoted}' AS {name} (READ_ONLY)")
        except duckdb.Error:
            return None  # nothing is lost without it but time
        self._prepared[self._open[key]] = name
        return name

    def _let_go(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        beside = self._prepared.pop(name, None)
        if beside:
            connection.execute(f"DETACH {beside}")
        connection.execute(f"DETACH {name}")

    def _attach(self, cursor: duckdb.DuckDBPyConnection, key: Identity, file: Path) -> str:
        import duckdb  # noqa: PLC0415 - keeps start-up light

        name = f"version_{next(self._numbers)}"
        quoted = str(file).replace("'", "''")
        try:
            cursor.execute(f"ATTACH '{quoted}' AS {name} (READ_ONLY)")
            cursor.execute(f"USE {name}")
            self._check(cursor, file)
        except duckdb.Error as error:
            self._detach(cursor, name)
            raise BadVersion(
                f"The inventory {file} cannot be opened: {error}.",
                "Import again, or go back to an earlier version.",
            ) from error
        except BadVersion:
            self._detach(cursor, name)
            raise
        for other in [each for each in self._open if each[0] == key[0]]:
            self._let_go(cursor, self._open.pop(other))  # what stood under this path before
        self._open[key] = name
        return name

    def _detach(self, cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        import duckdb  # noqa: PLC0415 - keeps start-up light

        with suppress(duckdb.Error):
            cursor.execute("USE memory")
            cursor.execute(f"DETACH {name}")

    def _connect(self) -> duckdb.DuckDBPyConnection:
        import duckdb  # noqa: PLC0415 - keeps start-up light

        scratch = os.path.join(tempfile.gettempdir(), f"seatbeacon-{os.getpid()}")  # noqa: PTH118 - a setting's text
        self._root = duckdb.connect(
            ":memory:",
            config={**self._settings, "temp_directory": scratch, "max_temp_directory_size": _SCRATCH},
        )
        self._root.execute("SET TimeZone = 'UTC'")
        return self._root
