"""The head of a usage report: which columns came, and which of them are news."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import msgspec

from seatbeacon.collection.errors import UnreadableReport

if TYPE_CHECKING:
    from seatbeacon.collection.datasets import Dataset

BOM = b"\xef\xbb\xbf"
DATE_COLUMN = "Report Refresh Date"
TRY_AGAIN = "Run the import again; if it stays so, look at what stands between this machine and Microsoft."
_MOST_NAMED = 8


class Header(msgspec.Struct, frozen=True):
    """Column names with their blanks collapsed, and where the date and the name stand (from 0)."""

    columns: tuple[str, ...]
    date: int
    name: int
    notes: tuple[str, ...] = ()


def read_header(line: bytes, dataset: Dataset) -> Header:
    """The header of a report, from its first line. Raises `UnreadableReport` where it is none."""
    try:
        text = line.removeprefix(BOM).decode()
        columns = tuple(" ".join(name.split()) for name in next(csv.reader(io.StringIO(text)), []))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableReport(f"The report {dataset.name} is no CSV: {error}.", TRY_AGAIN) from error
    who = dataset.name_column or ""
    if DATE_COLUMN not in columns:
        raise UnreadableReport(
            f"What came as the report {dataset.name} is none: it begins with {_beginning(text)}.", TRY_AGAIN
        )
    if who not in columns:
        raise UnreadableReport(
            f"The report {dataset.name} has no column {who!r}, so that nobody can be told from it.",
            "Microsoft changed the report; look for a newer Seatbeacon.",
        )
    return Header(columns, columns.index(DATE_COLUMN), columns.index(who), _notes(columns, dataset))


def _notes(columns: tuple[str, ...], dataset: Dataset) -> tuple[str, ...]:
    used = dataset.schema.columns
    missing = [name for name in used if name not in columns]
    unknown = [name for name in columns if name not in used and name not in dataset.known_columns]
    notes = []
    if missing:
        notes.append(f"Columns that did not come: {_named(missing)}.")
    if unknown:
        notes.append(f"Unknown columns, passed over: {_named(unknown)}.")
    return tuple(notes)


def _named(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(name or "(no name)" for name in names[:_MOST_NAMED]) + more


def _beginning(text: str) -> str:
    return repr(text.strip()[:40]) if text.strip() else "nothing at all"
