"""A report as an Excel file: what it says on a first sheet, then a sheet per table, with real types."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter

from seatbeacon.inventory.formulas import FORMULA_STARTS

if TYPE_CHECKING:
    from seatbeacon.documents.document import Document, Table

_LONGEST = 32_767  # characters that a cell holds. Source: Microsoft, "Excel specifications and limits"
_MOST = 1_048_575  # rows below the head, by the same source
_WIDTHS = {"text": 32, "number": 12, "money": 16, "date": 12}


def excel(document: Document) -> bytes:
    """The file."""
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    styles = {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "bold": book.add_format({"bold": True}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "literal": book.add_format({"quote_prefix": True}),
    }
    _front(book, document, styles)
    for table in document.tables:
        _sheet(book, table, styles)
    book.close()
    return into.getvalue()


def _front(book: Any, document: Document, styles: dict[str, Any]) -> None:
    sheet = book.add_worksheet("Report")
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 60)
    _text(sheet, 0, 0, document.title, styles, styles["bold"])
    _text(sheet, 1, 0, document.lead, styles)
    row = 3
    for label, value in document.facts:
        _text(sheet, row, 0, label, styles)
        _text(sheet, row, 1, value, styles)
        row += 1
    for note in document.notes:
        _text(sheet, row + 1, 0, note, styles)
        row += 1


def _sheet(book: Any, table: Table, styles: dict[str, Any]) -> None:
    sheet = book.add_worksheet(table.title[:31])
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, _WIDTHS[column.kind])
        sheet.write_string(0, place, column.label, styles["head"])
    number = 0
    for number, row in enumerate(table.rows[:_MOST], start=1):
        for place, value in enumerate(row):
            _cell(sheet, number, place, value, styles)
    sheet.autofilter(0, 0, max(number, 1), len(table.columns) - 1)


def _cell(sheet: Any, row: int, place: int, value: object, styles: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, Decimal):
        sheet.write_number(row, place, value, styles["money"])
    elif isinstance(value, int):
        sheet.write_number(row, place, value)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value)
    else:
        _text(sheet, row, place, str(value), styles)


def _text(sheet: Any, row: int, place: int, text: str, styles: dict[str, Any], style: Any = None) -> None:
    # A cell of text is never a formula; the mark keeps Excel from taking it for one once it is edited.
    literal = styles["literal"] if text.startswith(FORMULA_STARTS) else style
    sheet.write_string(row, place, text[:_LONGEST], literal)
