"""A package as it would be later where little happened: an hour, after which one user in a hundred changed
and reports are as they were; or a day, after which every report is new, and one row in a hundred changed."""

from __future__ import annotations

import csv
import io
import re
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from seatbeacon.collection.package.files import facts_of
from seatbeacon.collection.package.manifest import MANIFEST_NAME
from seatbeacon.collection.package.reader import open_package
from seatbeacon.collection.package.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from seatbeacon.collection.package.manifest import DatasetRecord

_EVERY = 100  # one line of so many is changed
_DEPARTMENT = re.compile(rb'"department":(?:"(?:[^"\\]|\\.)*"|null)')
_DAY = timedelta(days=1)


def write_later(first: Path, folder: Path, *, refreshed: bool) -> None:
    """Write into `folder` what the package `first` would be later: a day where reports were `refreshed`.

    Of each hundredth user the department is another. In each report that was refreshed the date of all rows
    is a day later, as Microsoft sends them, and each hundredth row was active on that day, in an application
    of the report more than before. All else is byte for byte as it was.
    """
    folder.mkdir(parents=True)
    package = open_package(first)
    records = []
    for record in package.manifest.datasets:
        schema, changed = SCHEMAS[record.name], record
        if package.collected(record.name):
            source, target = first / schema.file, folder / schema.file
            if record.name == "users":
                changed = _written(record, target, _users(source))
            elif refreshed and schema.kind == "report" and record.refresh_date is not None:
                changed = msgspec.structs.replace(
                    _written(record, target, _report(source, record.refresh_date)),
                    refresh_date=record.refresh_date + _DAY,
                )
            else:
                shutil.copyfile(source, target)
        records.append(changed)
    manifest = package.manifest
    ended = manifest.ended_at + _DAY if manifest.ended_at else None
    later = msgspec.structs.replace(
        manifest, started_at=manifest.started_at + _DAY, ended_at=ended, datasets=tuple(records)
    )
    (folder / MANIFEST_NAME).write_bytes(msgspec.json.encode(later))


def _written(record: DatasetRecord, path: Path, lines: Iterator[bytes]) -> DatasetRecord:
    with path.open("wb") as file:
        file.writelines(lines)
    facts = facts_of(path)
    return msgspec.structs.replace(record, bytes=facts.bytes, checksum=facts.checksum)


def _users(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        for number, line in enumerate(file):
            yield line if number % _EVERY else _DEPARTMENT.sub(b'"department":"Moved"', line, count=1)


def _report(path: Path, refresh: date) -> Iterator[bytes]:
    before, after = str(refresh).encode(), str(refresh + _DAY).encode()
    with path.open("rb") as file:
        head = next(file)
        yield head
        names = next(csv.reader([head.decode("utf-8-sig")]))
        for number, line in enumerate(file):
            moved = after + line[len(before) :] if line.startswith(before) else line
            yield moved if number % _EVERY else _active(moved, names, after.decode())


def _active(line: bytes, names: list[str], day: str) -> bytes:
    """The row, active on `day`: by its first date of activity, and its first *No* of an application."""
    cells = next(csv.reader([line.decode()]))
    dates = [place for place, name in enumerate(names) if name.endswith("Last Activity Date")]
    flags = [place for place, cell in enumerate(cells) if cell == "No"]
    for place in dates[:1]:
        cells[place] = day
    for place in flags[-1:]:
        cells[place] = "Yes"
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()
