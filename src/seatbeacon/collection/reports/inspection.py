"""Looking a usage report through once, in constant memory.

A report of a million rows is 200 MB, so it is looked at in blocks: counting line ends and commas in a block
tells whether its rows are whole, and rows are only taken apart where that is not enough.
"""

from __future__ import annotations

import csv
import os
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from seatbeacon.collection.errors import TruncatedReport, UnreadableReport
from seatbeacon.collection.reports.blocks import Block, blocks_of
from seatbeacon.collection.reports.header import TRY_AGAIN, Header, read_header
from seatbeacon.collection.reports.names import UNKNOWN, is_concealed, is_nobody

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from seatbeacon.collection.datasets import Dataset

_FIRST = 200  # rows whose dates and names are looked at first: one name that is no hash settles it
_ROWS = 2000  # rows that are looked at together where the whole report needs a CSV parser


class ReportFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a report says of itself: data rows, the last day it covers, whether its names are hashes, and
    notes."""

    rows: int
    refresh_date: date | None
    concealed: bool
    unknown_rows: int
    ended: bool
    """Whether the last line has its end: where it has none, the report may have been cut just there."""
    notes: tuple[str, ...] = ()


def inspect_report(path: Path, dataset: Dataset) -> ReportFacts:
    """Look through the report in `path`. Raises `UnreadableReport` and `TruncatedReport`.

    Concealed: there is a name, and every name is a hash.
    """
    try:
        with path.open("rb") as file:
            first = file.readline()
            look = _Look(read_header(first, dataset))
            if not first.endswith(b"\n"):
                look.misshapen = "its header is not whole"
            simple = look.at_blocks(blocks_of(file))
        if not simple:
            # Fields that run over several lines: rare, and slow.
            with path.open(encoding="utf-8-sig", newline="") as text:
                reader = csv.reader(text)
                next(reader)
                look = _Look(look.header)
                look.at_rows(reader, ended=_ended(path))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableReport(f"The report {dataset.name} is no CSV: {error}.", TRY_AGAIN) from error
    if look.misshapen:
        raise TruncatedReport(
            f"The report {dataset.name} broke off or was damaged: {look.misshapen}.", TRY_AGAIN
        )
    return ReportFacts(
        rows=look.rows,
        refresh_date=look.refresh_date,
        concealed=look.concealed is True,
        unknown_rows=look.unknown_rows,
        ended=look.ended,
        notes=(*look.header.notes, *_told(look)),
    )


class _Look:
    """What has been seen so far."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.rows = 0
        self.refresh_date: date | None = None
        self.concealed: bool | None = None
        """None: no name seen yet."""
        self.unknown_rows = 0
        self.surplus_rows = 0
        self.misshapen = ""
        self.ended = True
        self._endings: set[str] = set()
        """What the first rows have in their last field; empty until rows were seen."""

    def at_blocks(self, blocks: Iterable[Block]) -> bool:
        """Look at lines; False as soon as a field runs over several of them."""
        width = len(self.header.columns)
        last, ended = b"", True
        for block in blocks:
            if block.open_quotes:
                return False
            if block.astray(width):
                self._measure(block.rows())
            if self.misshapen:
                return True
            if not self._endings:
                self._judge(block.rows(_FIRST))
            if self.concealed is not False:
                self._judge(block.rows())
            self.rows += block.lines
            self._count_unknown(block.rows_with(UNKNOWN.encode()))
            last, ended = block.last_line or last, block.ended
        if last:
            self._last_row(next(csv.reader([last.decode()])), ended=ended)
        return True

    def at_rows(self, reader: Iterable[list[str]], *, ended: bool) -> None:
        """Look at rows that a parser gives."""
        rows: list[list[str]] = []
        for row in reader:
            if len(rows) == _ROWS:
                self._take(rows)
                rows = []
            if row:
                rows.append(row)
        if rows:
            self._take(rows)
            self._last_row(rows[-1], ended=ended)

    def _take(self, rows: Sequence[list[str]]) -> None:
        self._measure(rows)
        if not self.misshapen:
            self._judge(rows)
            self.rows += len(rows)
            self._count_unknown(rows)

    def _measure(self, rows: Iterable[list[str]]) -> None:
        """Hold the number of each row's fields against the header's."""
        width = len(self.header.columns)
        widths = [len(row) for row in rows]
        self.surplus_rows += sum(each > width for each in widths)
        if widths and min(widths) < width:
            fields = "1 field" if min(widths) == 1 else f"{min(widths)} fields"
            self.misshapen = f"a row has {fields}, the header {width}"

    def _judge(self, rows: Sequence[list[str]]) -> None:
        """Dates of the first rows, and whether all names are hashes."""
        if rows and not self._endings:
            self._endings = {row[-1] for row in rows[:-1] or rows}
            self._dates([row[self.header.date] for row in rows])
        if self.concealed is not False:
            names = [row[self.header.name] for row in rows]
            known = [name for name in names if not is_nobody(name)]
            if known:
                self.concealed = all(map(is_concealed, known))

    def _count_unknown(self, rows: Sequence[list[str]]) -> None:
        self.unknown_rows += sum(row[self.header.name] == UNKNOWN for row in rows)

    def _dates(self, values: Sequence[str]) -> None:
        """Refresh dates of the first rows: the latest one counts."""
        for value in set(values):
            try:
                day = date.fromisoformat(value.strip())
            except ValueError:
                continue
            self.refresh_date = max(day, self.refresh_date or day)

    def _last_row(self, last: Sequence[str], *, ended: bool) -> None:
        """Where the last line has no end, its last field may lack some too: is it one that others have?"""
        self.ended = ended
        if not ended and not self.misshapen and last[-1] not in self._endings:
            self.misshapen = "its last row is not whole"


def _ended(path: Path) -> bool:
    """Whether the file's last line has its end."""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"


def _told(look: _Look) -> list[str]:
    notes = []
    if not look.rows:
        notes.append("The report came empty: usage stays unknown.")
    elif look.refresh_date is None:
        notes.append("The report does not say which day it covers.")
    if look.unknown_rows:
        rows = "1 row is" if look.unknown_rows == 1 else f"{look.unknown_rows:,} rows are"
        notes.append(f"{rows} of {UNKNOWN} users and joined to nobody.")
    if look.surplus_rows:
        rows = "1 row has" if look.surplus_rows == 1 else f"{look.surplus_rows:,} rows have"
        notes.append(f"{rows} more fields than the header; what is beyond it is passed over.")
    return notes
