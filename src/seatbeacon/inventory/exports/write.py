"""Write an export to a file, or hand it out in pieces once it is whole."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypedDict, Unpack

from seatbeacon.inventory.exports import csvfile, excel, parquet
from seatbeacon.inventory.exports.formats import FORMATS
from seatbeacon.inventory.exports.table import table_of_groups, table_of_rows
from seatbeacon.inventory.filters import unknown
from seatbeacon.inventory.querying import grouping, statement
from seatbeacon.inventory.querying.looking_up import look_up
from seatbeacon.inventory.querying.told import told_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from seatbeacon.inventory.exports.table import Table
    from seatbeacon.inventory.filters import Filter
    from seatbeacon.inventory.listings import Listing

    Writer = Callable[[Path, Table, Path], None]

_PIECE = 1 << 18  # bytes handed out at a time


class Question(TypedDict, total=False):
    """What of a listing is exported: as the arguments of `query.run`. With `by`, a column's key, its rows are
    counted by that column's values; `sort` is then as in `query.group`, and columns have no say."""

    filters: Sequence[Filter]
    search: str | None
    sort: Sequence[str]
    columns: Sequence[str]
    as_of: datetime | None
    by: str


class Pieces:
    """The bytes of an export that is whole, piece by piece; iterate once. `size` says how many there are.

    They stand in a temporary file until the last was taken, or `close` was called.
    """

    def __init__(self, fill: Callable[[Path], None]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="seatbeacon-export-")
        self._file = Path(self._folder.name) / "export"
        try:
            fill(self._file)
            self.size = self._file.stat().st_size
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        try:
            with self._file.open("rb") as file:
                while piece := file.read(_PIECE):
                    yield piece
        finally:
            self.close()

    def close(self) -> None:
        """Remove the file."""
        self._folder.cleanup()


def chunks(
    version_file: Path,
    listing: str | Listing,
    *,
    format: str,  # noqa: A002 - it is called so everywhere
    **question: Unpack[Question],
) -> Pieces:
    """An export, written when this returns: whoever hands out pieces cannot take them back, and what ends in
    the middle looks whole to many a program. Raises `InvalidQuery`, `BadVersion`, `NoSpace` and OSError.
    """
    return Pieces(lambda file: write_file(version_file, listing, file, format=format, **question))


def write(
    version_file: Path,
    listing: str | Listing,
    stream: BinaryIO,
    *,
    format: str,  # noqa: A002 - it is called so everywhere
    **question: Unpack[Question],
) -> None:
    """Write a listing to `stream` (binary; needs no seek); raises as `chunks`, before anything is written."""
    stream.writelines(chunks(version_file, listing, format=format, **question))


def write_file(
    version_file: Path,
    listing: str | Listing,
    target: Path,
    *,
    format: str,  # noqa: A002 - it is called so everywhere
    **question: Unpack[Question],
) -> None:
    """Write a listing to the new file `target`, which is not whole until this returns; raises as `chunks`."""
    if format not in FORMATS:
        raise unknown("format", format, FORMATS)
    file, found, times = told_by(version_file, listing, question.get("as_of"))
    search = look_up(file, found, question.get("search"), times)
    filters, sort, by = question.get("filters", ()), question.get("sort", ()), question.get("by", "")
    if by:
        groups = grouping.groups(
            found, by, filters=filters, search=search, sort=sort, limit=None, times=times
        )
        table = table_of_groups(found, by, groups, sort)
    else:
        columns = question.get("columns", ())
        asked = statement.asked(
            found, filters=filters, search=search, sort=sort, columns=columns, times=times
        )
        table = table_of_rows(asked)
    _WRITERS[format](file, table, target)


def _csv(version_file: Path, table: Table, target: Path) -> None:
    with target.open("xb") as stream:
        stream.writelines(csvfile.lines(version_file, table))


_WRITERS: dict[str, Writer] = {"csv": _csv, "parquet": parquet.write, "xlsx": excel.write}
