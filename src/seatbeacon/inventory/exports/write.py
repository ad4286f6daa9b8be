"""Write an export to a file object, or hand it out in pieces."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from seatbeacon.inventory.exports import csvfile, excel, parquet
from seatbeacon.inventory.exports.formats import FORMATS
from seatbeacon.inventory.filters import unknown
from seatbeacon.inventory.querying import statement
from seatbeacon.inventory.querying.looking_up import look_up
from seatbeacon.inventory.querying.reading import times_of
from seatbeacon.inventory.querying.statement import listing_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from seatbeacon.inventory.filters import Filter
    from seatbeacon.inventory.listings import Listing
    from seatbeacon.inventory.querying.statement import Asked

_PIECE = 1 << 18  # bytes handed out at a time


def write(
    version_file: Path,
    listing: str | Listing,
    stream: BinaryIO,
    *,
    format: str,  # noqa: A002 - it is called so everywhere
    filters: Sequence[Filter] = (),
    search: str | None = None,
    sort: Sequence[str] = (),
    columns: Sequence[str] = (),
    as_of: datetime | None = None,
) -> None:
    """Write a listing to `stream` (binary; needs no seek); arguments as those of `query.run`.

    Raises `InvalidQuery` before anything is written, and `BadVersion`.
    """
    for piece in chunks(
        version_file,
        listing,
        format=format,
        filters=filters,
        search=search,
        sort=sort,
        columns=columns,
        as_of=as_of,
    ):
        stream.write(piece)


def chunks(
    version_file: Path,
    listing: str | Listing,
    *,
    format: str,  # noqa: A002 - it is called so everywhere
    filters: Sequence[Filter] = (),
    search: str | None = None,
    sort: Sequence[str] = (),
    columns: Sequence[str] = (),
    as_of: datetime | None = None,
) -> Iterator[bytes]:
    """The bytes of an export, piece by piece, whatever its size; arguments as those of `query.run`.

    CSV begins at once; the other formats are written to a temporary file first. Raises `InvalidQuery` and
    `BadVersion` when it is called, not when the first piece is taken.
    """
    asked = _asked(version_file, listing, format, filters, search, sort, columns, as_of)
    if format == "csv":
        return csvfile.lines(version_file, asked)
    return _from_file(version_file, asked, format)


def write_file(
    version_file: Path,
    listing: str | Listing,
    target: Path,
    *,
    format: str,  # noqa: A002 - it is called so everywhere
    columns: Sequence[str] = (),
    as_of: datetime | None = None,
) -> None:
    """Write a listing to the new file `target`, which is not whole until this returns; arguments as those of
    `query.run`. Raises `InvalidQuery`, `BadVersion` and OSError."""
    asked = _asked(version_file, listing, format, (), None, (), columns, as_of)
    if format == "csv":
        with target.open("xb") as stream:
            stream.writelines(csvfile.lines(version_file, asked))
    else:
        _WRITERS[format](version_file, asked, target)


_WRITERS: dict[str, Callable[[Path, Asked, Path], None]] = {"parquet": parquet.write, "xlsx": excel.write}


def _asked(
    version_file: Path,
    listing: str | Listing,
    format: str,  # noqa: A002 - it is called so everywhere
    filters: Sequence[Filter],
    search: str | None,
    sort: Sequence[str],
    columns: Sequence[str],
    as_of: datetime | None,
) -> Asked:
    if format not in FORMATS:
        raise unknown("format", format, FORMATS)
    found, times = listing_named(listing), times_of(version_file, as_of)
    return statement.asked(
        found,
        filters=filters,
        search=look_up(version_file, found, search, times),
        sort=sort,
        columns=columns,
        times=times,
    )


def _from_file(version_file: Path, asked: Asked, name: str) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory(prefix="seatbeacon-export-") as folder:
        target = Path(folder) / f"export.{FORMATS[name].suffix}"
        _WRITERS[name](version_file, asked, target)
        with target.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece
