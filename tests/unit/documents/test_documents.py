"""Reports hold what they are given: in any script, cut where it is too long, harmless where it is hostile."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from datetime import date
from decimal import Decimal

import pytest

from seatbeacon.documents import Column, Document, Table, csv_lines, write_document

COLUMNS = (
    Column("name", "Name", weight=3),
    Column("seats", "Seats", "number", 1),
    Column("day", "Day", "date"),
    Column("cost", "Cost", "money"),
    Column("id", "Id", weight=0),
)
HOSTILE = (
    "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "＝1", "x" * 5_000, "evil\u202egnp.exe",
    "a\x00b\r\nc", "{n}", "**b** [l](http://x)", "日本語",
    "שלום עולם", "مرحبا", "\ud800", "🦄", "", "<script>", "\\) Tj (",
)  # fmt: skip


def document(*names: str | None, printed: int = 2_000) -> Document:
    rows = [
        (name, 1_234, date(2026, 3, 1), Decimal("5.50"), f"id-{place}") for place, name in enumerate(names)
    ]
    table = Table("people", "People", COLUMNS, rows, ("Total", 1, None, Decimal(5), None), "A note.", printed)
    return Document("Title", "Lead", (("Fact", "value"),), ("Note.",), (table,), "Foot")


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def test_what_a_spreadsheet_takes_for_a_formula_is_text() -> None:
    text = b"".join(csv_lines(document(*HOSTILE).tables[0])).decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == ["name", "seats", "day", "cost", "id"]
    assert len(rows) == len(HOSTILE) + 1
    assert not [row for row in rows[1:] if row[0][:1] in set("=+-@\t＝")]
    assert rows[1][1:] == ["1234", "2026-03-01", "5.50", "id-0"]


def test_an_excel_file_has_no_formula_and_all_columns() -> None:
    book = zipfile.ZipFile(
        io.BytesIO(write_document(document(*(n for n in HOSTILE if n != "\ud800")), "xlsx"))
    )
    sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/")]
    assert len(sheets) == 2
    assert not [sheet for sheet in sheets if b"<f>" in sheet]
    assert b"id-0" in book.read("xl/sharedStrings.xml")


def test_hostile_names_are_printed_on_few_pages() -> None:
    pdf = write_document(document(*HOSTILE, None), "pdf")
    assert pdf.startswith(b"%PDF-")
    assert pages_of(pdf) == 1
    streams = b"".join(map(_inflated, re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)))
    assert b"http://x" not in streams
    assert b"/URI" not in pdf
    assert b"/JavaScript" not in pdf


def test_long_tables_go_on_with_their_head_and_say_what_is_left_out() -> None:
    assert pages_of(write_document(document(*["Somebody"] * 200), "pdf")) > 3
    assert pages_of(write_document(document(*["Somebody"] * 200, printed=5), "pdf")) == 1


def test_an_empty_table_is_printed_as_nothing() -> None:
    assert pages_of(write_document(document(), "pdf")) == 1
    assert write_document(document(), "csv") == b"name,seats,day,cost,id\r\n"


def test_a_table_or_format_that_there_is_not_is_refused() -> None:
    for name, table in (("exe", ""), ("csv", "nothing")):
        with pytest.raises(KeyError):
            write_document(document("A"), name, table)


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""
