"""An export read back is what the listing says."""

from __future__ import annotations

import csv
import io
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from seatbeacon.inventory import exports, query
from seatbeacon.inventory.errors import BadVersion, InvalidQuery
from seatbeacon.inventory.exports import excel
from seatbeacon.inventory.exports.table import table_of_rows
from seatbeacon.inventory.formulas import FORMULA_STARTS, neutral_cell
from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.inventory.querying import statement
from seatbeacon.inventory.querying.reading import times_of

HOSTILE = (
    "plain", "=1+1", "+49 30", "-5", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", 'say "hi", twice',
    "two\r\nlines",
    " lead",
    "ذكي \u202eevil", "🦆" * 40, "<b>&amp;</b>", "'quoted", "a;b", "", "x" * 40_000,
)  # fmt: skip


@pytest.fixture(scope="module")
def version(kit: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    users = [
        kit.user(
            n,
            displayName=name,
            department=None if n % 2 else "Sales",
            createdDateTime=["1890-01-01T00:00:00Z", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.25Z", None][
                n % 4
            ],
            **(kit.holding(kit.e3, kit.visio) if n % 3 else {}),
        )
        for n, name in enumerate(HOSTILE)
    ]
    mails = {"user1@contoso.example": "2026-07-01", "user2@contoso.example": "2026-07-02"}
    made = kit.maker(tmp_path_factory.mktemp("exports"))
    skus = [kit.sku(prepaidUnits={"enabled": 3}), kit.sku(kit.visio, "VISIOCLIENT")]
    made.version(users, skus=skus, emailActivity=kit.activity(mails))
    return Path(made.version(users[1:], skus=skus, emailActivity=kit.activity(mails)))


def _written(version: Path, listing: str, name: str, **asked: Any) -> bytes:
    stream = io.BytesIO()
    exports.write(version, listing, stream, format=name, **asked)
    return stream.getvalue()


def _csv(version: Path, listing: str, **asked: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(_written(version, listing, "csv", **asked).decode(), newline="")))


def _cell(value: Any) -> Any:
    """A value as CSV has it."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list():
            return neutral_cell("; ".join(value))
        case datetime():
            return value.replace(tzinfo=UTC).isoformat()
        case _:
            return str(neutral_cell(value))


@pytest.mark.parametrize("name", LISTINGS)
def test_csv_read_back_is_the_listing(version: Path, name: str) -> None:
    keys = [column.key for column in LISTINGS[name].columns]
    head, *rows = _csv(version, name, columns=keys)
    assert head == keys
    assert rows == [[_cell(value) for value in row] for row in query.run(version, name, columns=keys).rows]


@pytest.mark.parametrize("name", LISTINGS)
def test_parquet_read_back_is_the_listing_with_its_types(version: Path, name: str, tmp_path: Path) -> None:
    keys = [column.key for column in LISTINGS[name].columns]
    file = tmp_path / "it's.parquet"
    file.write_bytes(_written(version, name, "parquet", columns=keys))
    with duckdb.connect() as connection:
        read = connection.read_parquet(str(file))
        assert read.columns == keys
        assert read.fetchall() == list(query.run(version, name, columns=keys).rows)


@pytest.mark.parametrize("name", ["users", "licenses", "assignments", "usage"])
def test_excel_read_back_is_the_listing_with_its_types(version: Path, name: str) -> None:
    listing = LISTINGS[name]
    keys = [column.key for column in listing.columns]
    book_bytes = _written(version, name, "xlsx", columns=keys)
    book = CalamineWorkbook.from_filelike(io.BytesIO(book_bytes))
    assert book.sheet_names == [listing.label]
    head, *rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert head == [f"{c.label} (UTC)" if c.type == "time" else c.label for c in listing.columns]
    assert _tables(book_bytes) == [(head, len(rows))]
    for told, row in zip(rows, query.run(version, name, columns=keys).rows, strict=True):
        assert [_plain(value) for value in told] == [_of_excel(value) for value in row]


def _tables(book: bytes) -> list[tuple[list[str], int]]:
    """What the columns of each table are called, and how many rows are under them."""
    read = CalamineWorkbook.from_filelike(io.BytesIO(book), load_tables=True)
    tables = [read.get_table_by_name(name) for name in sorted(read.table_names or ())]
    return [(table.columns, len(table.to_python())) for table in tables]


def _plain(value: Any) -> Any:
    return value.replace("_x000D_", "\r") if isinstance(value, str) else value


def _of_excel(value: Any) -> Any:
    match value:
        case None:
            return ""
        case list():
            return "; ".join(value)
        case date() if (value.date() if isinstance(value, datetime) else value) < date(1900, 3, 1):
            return value.isoformat()
        case str() if len(value) > 32_767:
            return value[:32_766] + "…"
        case _:
            return value


def test_what_looks_like_a_formula_is_text(version: Path) -> None:
    names = [row[0] for row in _csv(version, "users", columns=["display_name"])[1:]]
    assert {"'=1+1", "'+49 30", "'-5", "'@SUM(A1)", "'\tx", "'\rx", "'\nx", "'＝1"} <= set(names)
    assert not [name for name in names if name.startswith(FORMULA_STARTS)]
    book = _written(version, "users", "xlsx", columns=["display_name"])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)
    assert "=1+1" in [row[0] for row in sheet.to_python()]
    assert sheet.to_python() == sheet.to_python(skip_empty_area=True)


def test_a_negative_number_is_a_number(version: Path) -> None:
    rows = _csv(version, "licenses", columns=["available"], filters=[query.parse_filter("available<0")])
    assert rows == [["available"], ["-9"], ["-2"]]


def test_an_export_is_what_was_asked_for(version: Path, kit: Any) -> None:
    asked: dict[str, Any] = {
        "filters": [query.parse_filter("department=Sales"), query.parse_filter("license_count>0")],
        "search": "user",
        "sort": ["-id"],
        "columns": ["id", "licenses"],
        "as_of": kit.start,
    }
    expected = [[_cell(value) for value in row] for row in query.run(version, "users", **asked).rows]
    assert expected
    assert _csv(version, "users", **asked)[1:] == expected
    assert len(_csv(version, "users", as_of=kit.start)) == len(_csv(version, "users")) + 1


def test_excel_goes_on_on_further_sheets(version: Path, tmp_path: Path) -> None:
    asked = statement.asked(LISTINGS["users"], columns=["id"], times=times_of(version, None))
    file = tmp_path / "small.xlsx"
    excel.write(version, table_of_rows(asked), file, rows=8)
    book = CalamineWorkbook.from_path(str(file))
    assert book.sheet_names == ["Users", "Users 2", "Users 3"]
    sheets = [book.get_sheet_by_index(n).to_python() for n in range(3)]
    assert [len(sheet) for sheet in sheets] == [8, 8, 5]
    assert [sheet[0] for sheet in sheets] == [["Id"]] * 3
    assert _tables(file.read_bytes()) == [(["Id"], 7), (["Id"], 7), (["Id"], 4)]
    rows = [row[0] for sheet in sheets for row in sheet[1:]]
    assert rows == [row[0] for row in query.run(version, "users", columns=["id"]).rows]


@pytest.mark.parametrize("name", exports.FORMATS)
def test_an_empty_listing_is_a_file_with_its_header(version: Path, name: str, tmp_path: Path) -> None:
    found = _written(version, "users", name, search="nobody at all", columns=["id"])
    file = tmp_path / f"empty.{exports.FORMATS[name].suffix}"
    file.write_bytes(found)
    if name == "csv":
        assert found == b"id\r\n"
    elif name == "xlsx":
        assert CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python() == [["Id"]]
    else:
        with duckdb.connect() as connection:
            assert connection.read_parquet(str(file)).fetchall() == []


def test_a_wrong_question_is_refused_before_anything_is_written(version: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidQuery, match="csv, xlsx, parquet"):
        exports.chunks(version, "users", format="pdf")
    with pytest.raises(InvalidQuery, match="no column"):
        exports.chunks(version, "users", format="csv", columns=["x"])
    with pytest.raises(BadVersion, match="does not exist"):
        exports.chunks(tmp_path / "v9.duckdb", "users", format="csv")


def test_an_export_that_nobody_wants_any_more_is_given_up(version: Path) -> None:
    for name in exports.FORMATS:
        pieces = exports.chunks(version, "users", format=name)
        assert next(iter(pieces))
        pieces.close()
    assert threading.active_count() < 50
