"""From DuckDB's errors to sentences that say which file and what to do."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from seatbeacon.inventory.errors import BadPackageData, BadVersion, InventoryError, NoSpace, Unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seatbeacon.inventory.statements import Statements

LINE_SIZE = 4 << 20  # bytes that one object may take; Graph's largest are far below
_NO_SPACE = ("no space left", "disk quota exceeded", "file too large", "errno 28", "not enough space")


@contextmanager
def reading_file(path: str, sql: Statements) -> Iterator[None]:
    """While a file of the package is read: what is wrong in it becomes `BadPackageData` with its line."""
    try:
        yield
    except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
        name, line = Path(path).name, None
        if path.endswith(".ndjson"):
            try:
                line = sql.count("bad_line", path=path, line_size=LINE_SIZE) or None
            except duckdb.Error:
                line = None
        where = f"Line {line} of {name}" if line else name
        raise BadPackageData(
            f"{where} cannot be read: {_first_line(error)}",
            "The package's checksum is right, so it came so from Microsoft Graph: collect again.",
            file=path,
            line=line,
        ) from error


@contextmanager
def explained(target: Path) -> Iterator[None]:
    """Around a whole import into `target`: DuckDB's and the system's errors become the inventory's."""
    try:
        yield
    except InventoryError:
        raise
    except duckdb.OutOfMemoryException as error:
        raise NoSpace(
            f"The memory allowed was too small to write {target}: {_first_line(error)}",
            "Give the import more memory, or free disk space beside the inventory.",
        ) from error
    except (duckdb.Error, OSError) as error:
        text = str(error)
        if any(sign in text.lower() for sign in _NO_SPACE):
            raise NoSpace(
                f"The disk is full: {target} could not be written.",
                f"Free space in {target.parent}, then import again; the published version is untouched.",
            ) from error
        if isinstance(error, OSError | duckdb.IOException):
            raise Unwritable(
                f"{target} could not be written: {_first_line(error)}",
                "Check that the folder exists, that this account may write there, and that the disk is "
                "sound.",
            ) from error
        raise BadVersion(
            f"{target} could not be made: {_first_line(error)}",
            "Import again; if it says the same, go back to an earlier version or report this with the log.",
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
