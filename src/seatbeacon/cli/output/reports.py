"""Reports as files, whole or as they were."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

import click

from seatbeacon.inventory.neutral import neutral_line

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.documents import Document


def table_of(document: Document, name: str | None) -> str:
    """The table of that name, or the first one. A wrong command line where there is none."""
    names = [table.name for table in document.tables]
    if name is not None and name not in names:
        raise click.UsageError(f"There is no table {name!r}; there are: {', '.join(names)}.")
    return name or names[0]


def write_report(target: Path, document: Document, format_: str, table: str = "") -> None:
    """Write a report; the file is whole, or as it was."""
    from seatbeacon.documents import write_document  # noqa: PLC0415 - takes its time to load

    content = write_document(document, format_, table)
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise click.ClickException(neutral_line(f"{target} cannot be written: {error.strerror}.")) from error


def make_folder(folder: Path) -> None:
    """Make a folder for reports, where it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(neutral_line(f"{folder} cannot be made: {error.strerror}.")) from error


def file_name(kind: str, name: str, taken: set[str]) -> str:
    """A file's name for a report of a kind on something: harmless on every system, and not taken yet; it is
    taken then."""
    plain = re.sub(r"[^\w]+", "-", name, flags=re.UNICODE).strip("-_")[:40] or "part"
    chosen, number = f"{kind}-{plain}", 1
    while chosen.casefold() in taken:
        number += 1
        chosen = f"{kind}-{plain}-{number}"
    taken.add(chosen.casefold())
    return chosen
