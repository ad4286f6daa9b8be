"""Excel: one sheet, or several where it takes more rows; real types, a frozen header, and a table on each."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from seatbeacon.inventory.formulas import FORMULA_STARTS
from seatbeacon.inventory.querying.reading import batches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal
    from pathlib import Path

    from seatbeacon.inventory.exports.table import Table
    from seatbeacon.inventory.listings import Column

ROWS = 1_048_576
"""Rows that a sheet holds, its header included. Source: Microsoft, "Excel specifications and limits"."""
_LONGEST = 32_767  # characters that a cell holds, by the same source
_WIDEST = 60
_STYLE = "Table Style Light 1"
_TITLE = 25  # characters of a sheet's name: Excel takes 31, its number included
_OLDEST = date(1900, 3, 1)  # the day from which Excel counts days as everybody does
_EXACT = 1 << 53  # Excel's numbers are doubles


def write(version_file: Path, table: Table, target: Path, *, rows: int = ROWS) -> None:
    """Write the file `target`, at most `rows` to a sheet. Times are UTC, and the header says so."""
    import xlsxwriter  # noqa: PLC0415 - only for this format

    book = xlsxwriter.Workbook(str(target), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    try:
        sheets = _Sheets(book, table, rows)
        for batch in batches(version_file, table.read([table.cell(column) for column in table.columns])):
            for row in batch:
                sheets.add(row)
        sheets.end()
    finally:
        book.close()


class _Sheets:
    """The sheets of a book, filled one after the other."""

    def __init__(self, book: Any, table: Table, rows: int) -> None:
        self._book = book
        self._title = _title(table.label)
        self._labels = _labels(table.columns)
        self._rows = rows
        self._number = 0
        self._row = rows  # full: the first row begins the first sheet
        self._sheet: Any = None
        self._head = book.add_format({"bold": True, "bottom": 1, "text_wrap": False})
        self._literal = book.add_format({"quote_prefix": True})
        self._money = book.add_format({"num_format": "#,##0.00"})
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._put = [self._putter(column) for column in table.columns]
        self._widths = [_width(column) for column in table.columns]

    def add(self, row: Sequence[object]) -> None:
        if self._row >= self._rows:
            self._begin()
        for place, value in enumerate(row):
            if value is not None:
                self._put[place](self._row, place, value)
        self._row += 1

    def end(self) -> None:
        if self._sheet is None:
            self._begin()
        self._finish()

    def _begin(self) -> None:
        if self._sheet is not None:
            self._finish()
        self._number += 1
        name = self._title if self._number == 1 else f"{self._title} {self._number}"
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        self._lay_table()
        for place, label in enumerate(self._labels):
            self._sheet.set_column(place, place, self._widths[place])
            self._sheet.write_string(0, place, label, self._head)
        self._row = 1

    def _lay_table(self) -> None:
        """Lay a table over the header and one row; `_finish` says how far it reaches.

        The library refuses tables where rows are written as they come, because it writes their header and
        keeps each of their cells: here the header is written again, and the cells are two rows.
        """
        self._sheet.constant_memory = False
        columns = [{"header": label} for label in self._labels]
        self._sheet.add_table(0, 0, 1, len(columns) - 1, {"columns": columns, "style": _STYLE})
        self._sheet.constant_memory = True

    def _finish(self) -> None:
        [table] = self._sheet.tables
        from xlsxwriter.utility import xl_range  # noqa: PLC0415 - only for this format

        whole = xl_range(0, 0, max(self._row - 1, 1), len(self._labels) - 1)
        table["range"] = table["a_range"] = table["autofilter"] = whole

    def _putter(self, column: Column) -> Callable[[int, int, Any], None]:
        match column.type:
            case "number":
                return self._number_cell
            case "money":
                return self._money_cell
            case "boolean":
                return self._flag_cell
            case "date" | "time":
                return self._day_cell
            case "texts":
                return lambda row, place, value: self._text_cell(row, place, "; ".join(map(str, value)))
            case _:
                return self._text_cell

    def _flag_cell(self, row: int, place: int, value: object) -> None:
        self._sheet.write_boolean(row, place, value)

    def _number_cell(self, row: int, place: int, value: int) -> None:
        if abs(value) <= _EXACT:
            self._sheet.write_number(row, place, value)
        else:
            self._sheet.write_string(row, place, str(value))

    def _money_cell(self, row: int, place: int, value: Decimal) -> None:
        self._sheet.write_number(row, place, value, self._money)

    def _day_cell(self, row: int, place: int, value: date) -> None:
        day = value.date() if isinstance(value, datetime) else value
        if day < _OLDEST:
            self._sheet.write_string(row, place, value.isoformat())
        else:
            self._sheet.write_datetime(row, place, value, self._time if isinstance(value, datetime) else None)

    def _text_cell(self, row: int, place: int, value: str) -> None:
        # A cell of text is never a formula; the mark keeps Excel from taking it for one once it is edited.
        style = self._literal if value.startswith(FORMULA_STARTS) else None
        text = value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"
        self._sheet.write_string(row, place, text, style)


def _labels(columns: Sequence[Column]) -> list[str]:
    """The headers: a table wants each once, whatever its case."""
    labels: list[str] = []
    for column in columns:
        label = f"{column.label} (UTC)" if column.type == "time" else column.label
        taken = {each.lower() for each in labels}
        numbered = (f"{label} {n}" for n in itertools.count(2))
        labels.append(next(each for each in itertools.chain([label], numbered) if each.lower() not in taken))
    return labels


def _title(label: str) -> str:
    """What a sheet may be called: no longer than Excel takes, with room for its number."""
    return label if len(label) <= _TITLE else f"{label[: _TITLE - 1]}…"


def _width(column: Column) -> int:
    known = {"date": 12, "time": 19, "number": 12, "money": 14, "boolean": 10, "texts": 36}
    usual = known.get(column.type, 24)
    return min(max(usual, len(column.label) + 4), _WIDEST)
