"""Write a report in a format by its name."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from seatbeacon.inventory.exports.formats import FORMATS as EXPORTED
from seatbeacon.inventory.exports.formats import Format
from seatbeacon.inventory.formulas import neutral_cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seatbeacon.documents.document import Document, Table

FORMATS: dict[str, Format] = {
    "pdf": Format("pdf", "PDF", "pdf", "application/pdf"),
    "xlsx": EXPORTED["xlsx"],
    "csv": EXPORTED["csv"],
}
"""What a report can be written as, by name."""


def write_document(document: Document, name: str, table: str = "") -> bytes:
    """The bytes of a report. CSV holds one table: that named `table`, or the first.

    Raises `KeyError` for a format or a table that there is not.
    """
    if name == "csv":
        tables = {each.name: each for each in document.tables}
        return b"".join(csv_lines(tables[table] if table else document.tables[0]))
    if name == "xlsx":
        from seatbeacon.documents.excel import excel  # noqa: PLC0415 - only for this format

        return excel(document)
    if name == "pdf":
        from seatbeacon.documents.pdf import pdf  # noqa: PLC0415 - only for this format

        return pdf(document)
    raise KeyError(name)


def csv_lines(table: Table) -> Iterator[bytes]:
    """A table as RFC 4180 has it, in UTF-8, keys in the first line; without its sums, so that rows are of one
    kind. Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    yield _line([column.key for column in table.columns])
    for row in table.rows:
        yield _line([neutral_cell(cell) for cell in row])


def _line(cells: list[object] | list[str]) -> bytes:
    into = io.StringIO()
    csv.writer(into).writerow(cells)
    return into.getvalue().encode("utf-8", "replace")
