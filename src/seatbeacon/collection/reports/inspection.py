"""Looking a usage report through once, in constant memory.

A report of a million rows is 200 MB, so rows are looked at in blocks of lines, and only a report that quotes
its fields goes through a CSV parser.
"""

from __future__ import annotations

import csv
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from seatbeacon.collection.errors import TruncatedReport, UnreadableReport
from seatbeacon.collection.reports.header import Header, read_header
from seatbeacon.collection.reports.names import UNKNOWN, is_concealed, is_nobody

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from seatbeacon.collection.datasets import Dataset

_BLOCK = 1 << 20  # bytes of lines that are looked at together
_ROWS = 2000  # rows that are looked at together where a CSV parser is needed
_TRY_AGAIN = "Run the import again; if it stays so, look at what stands between this machine and Microsoft."
_BLANK = (b"\n", b"\r\n")


class ReportFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a report says of itself: data rows, the last day it covers, whether its names are hashes, and
    notes."""

    rows: int
    refresh_date: date | None
    concealed: bool
    unknown_rows: int
    notes: tuple[str, ...] = ()


def inspect_report(path: Path, dataset: Dataset) -> ReportFacts:
    """Look through the report in `path`. Raises `UnreadableReport` and `TruncatedReport`.

    Concealed: there is a name, and every name is a hash.
    """
    with path.open("rb") as file:
        header = read_header(file.readline(), dataset)
        look = _Look(header)
        plain = _look_at_lines(iter(lambda: file.readlines(_BLOCK), []), look)
    if not plain:
        look = _Look(header)
        try:
            with path.open(encoding="utf-8-sig", newline="") as text:
                _look_at_rows(csv.reader(text), look)
        except (UnicodeDecodeError, csv.Error) as error:
            raise UnreadableReport(f"The report {dataset.name} is no CSV: {error}.", _TRY_AGAIN) from error
    if look.misshapen:
        raise TruncatedReport(
            f"The report {dataset.name} broke off or was damaged: {look.misshapen}.", _TRY_AGAIN
        )
    return ReportFacts(
        rows=look.rows,
        refresh_date=look.refresh_date,
        concealed=look.concealed is True,
        unknown_rows=look.unknown_rows,
        notes=(*header.notes, *_told(look)),
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
        self.misshapen = ""
        self._first_period = ""

    def dates(self, values: Sequence[str]) -> None:
        """Refresh dates of some rows: the latest one counts."""
        for value in set(values):
            try:
                day = date.fromisoformat(value.strip())
            except ValueError:
                continue
            self.refresh_date = max(day, self.refresh_date or day)

    def names(self, names: Sequence[str]) -> None:
        """Names of some rows."""
        self.unknown_rows += names.count(UNKNOWN)
        if self.concealed is not False:
            known = [name for name in names if not is_nobody(name)]
            if known:
                self.concealed = all(map(is_concealed, known))

    def widths(self, widths: set[int]) -> None:
        """How many fields some rows have."""
        wrong = widths - {len(self.header.columns)}
        if wrong:
            self.misshapen = (
                f"a row has {min(wrong)} field{'s' if min(wrong) != 1 else ''}, the header "
                f"{len(self.header.columns)}"
            )

    def last_row(self, first: Sequence[str], last: Sequence[str], *, ended: bool) -> None:
        """The first and the last row: where the last line has no end, its last field may lack some too."""
        if not ended and self.header.columns[-1] == "Report Period" and first[-1].strip() != last[-1].strip():
            self.misshapen = self.misshapen or "its last row is not whole"


def _look_at_lines(blocks: Iterator[list[bytes]], look: _Look) -> bool:
    """Look at lines without quotes; False as soon as one has some."""
    name, day = look.header.name, look.header.date
    first = last = b""
    for lines in blocks:
        block = b"".join(lines)
        if b'"' in block:
            return False
        rows = [line for line in lines if line not in _BLANK]
        if not rows:
            continue
        look.widths({row.count(b",") + 1 for row in rows})
        if look.misshapen:
            return True
        if not look.rows:
            look.dates([_text(row.split(b",", day + 1)[day]) for row in rows])
            first = rows[0]
        if look.concealed is not False or UNKNOWN.encode() in block:
            look.names([_text(row.split(b",", name + 1)[name]) for row in rows])
        look.rows += len(rows)
        last = rows[-1]
    if last:
        look.last_row(_text(first).split(","), _text(last).split(","), ended=last.endswith(b"\n"))
    return True


def _look_at_rows(reader: Iterator[list[str]], look: _Look) -> None:
    next(reader, None)
    rows: list[list[str]] = []
    for row in reader:
        if row:
            rows.append(row)
        if len(rows) == _ROWS:
            _take(rows, look)
            rows = []
    if rows:
        _take(rows, look)


def _take(rows: list[list[str]], look: _Look) -> None:
    look.widths(set(map(len, rows)))
    if look.misshapen:
        return
    if not look.rows:
        look.dates([row[look.header.date] for row in rows])
    look.names([row[look.header.name] for row in rows])
    look.rows += len(rows)


def _text(field: bytes) -> str:
    return field.decode(errors="replace").rstrip("\r\n")


def _told(look: _Look) -> list[str]:
    notes = []
    if not look.rows:
        notes.append("The report came empty: usage stays unknown.")
    elif look.refresh_date is None:
        notes.append("The report does not say which day it covers.")
    if look.unknown_rows:
        rows = "1 row is" if look.unknown_rows == 1 else f"{look.unknown_rows:,} rows are"
        notes.append(f"{rows} of {UNKNOWN} users and joined to nobody.")
    return notes
