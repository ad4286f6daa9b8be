"""Read back the values that a face shows, in one form, so that faces can be compared.

A value is a text as it stands with blanks made one, a number, a day or a time as ISO has it, True, False; a
list is its entries joined by `; `; None stands for what no face tells apart: null, an empty text or list.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
from python_calamine import CalamineWorkbook

from seatbeacon.inventory.formulas import FORMULA_STARTS
from seatbeacon.web.pages.inventory.cells import bytes_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from seatbeacon.inventory.listings import Column, Listing

Row = dict[str, Any]

NO_VALUE = {"", "—", "unknown", "Never"}
"""What the pages say where there is no value."""

WORDS = {"in grace": "warning", "locked out": "lockedout"}
"""What the pages call by another name than Graph, in lower case."""


def value(raw: Any, column: Column) -> Any:  # noqa: PLR0911 - one for each type
    """A value as Python has it, or as JSON and Parquet hold it."""
    if isinstance(raw, list | tuple):
        raw = "; ".join(map(str, raw))
    if raw is None or raw == "":
        return None
    match column.type:
        case "money":
            return Decimal(str(raw)).quantize(Decimal("0.01"))
        case "number":
            return int(raw)
        case "boolean":
            return {"true": True, "false": False}[str(raw).lower()]
        case "date":
            return (raw if isinstance(raw, date) else date.fromisoformat(str(raw))).isoformat()[:10]
        case "time":
            moment = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
            moment = moment.replace(tzinfo=moment.tzinfo or UTC)
            return moment.astimezone(UTC).isoformat(timespec="seconds")
        case _:
            return " ".join(str(raw).split()) or None


def of_json(rows: Iterable[Row], listing: Listing) -> list[Row]:
    """Rows as the API and `--format json` have them."""
    return [{key: value(one, _column(listing, key)) for key, one in row.items()} for row in rows]


def of_lines(text: str, listing: Listing) -> list[Row]:
    """JSON, one object a line."""
    return of_json(map(json.loads, text.splitlines()), listing)


def of_csv(text: str, listing: Listing) -> list[Row]:
    """CSV with the columns' keys above."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{key: value(_plain(one), _column(listing, key)) for key, one in row.items()} for row in rows]


def of_excel(data: bytes, keys: Sequence[str], listing: Listing) -> list[Row]:
    """The first sheet of a book, whose head has the columns' labels."""
    head, *rows = rows_of_excel(data)
    columns = [_column(listing, key) for key in keys]
    assert [str(label).removesuffix(" (UTC)") for label in head] == [column.label for column in columns]
    return [
        {column.key: value(one, column) for column, one in zip(columns, row, strict=True)} for row in rows
    ]


def rows_of_excel(data: bytes) -> list[list[Any]]:
    """The rows of a book's first sheet, its head included."""
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def of_parquet(data: bytes, folder: Path, listing: Listing) -> list[Row]:
    """A Parquet file."""
    file = folder / "export.parquet"
    file.write_bytes(data)
    with duckdb.connect() as connection:
        answer = connection.execute("FROM read_parquet(?)", [str(file)])
        keys = [one[0] for one in answer.description or ()]
        rows = answer.fetchall()
    return of_json([dict(zip(keys, row, strict=True)) for row in rows], listing)


def of_page(text: str, keys: Sequence[str], listing: Listing) -> list[Row]:
    """The rows of a list's table, which shows the columns `keys`; other tables may stand above it."""
    text = text.partition('id="listing-count"')[2] or text
    body = text.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = []
    for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL):
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        pairs = zip(keys, cells, strict=True)
        rows.append({key: _cell(cell, _column(listing, key)) for key, cell in pairs})
    return rows


def as_shown(rows: Iterable[Row], listing: Listing) -> list[Row]:
    """Rows as far as a page tells them: its words are capitalised, and sizes are rounded."""
    return [{key: _shown(one, _column(listing, key)) for key, one in row.items()} for row in rows]


def _shown(one: Any, column: Column) -> Any:
    if one is not None and column.role == "bytes":
        return " ".join(bytes_in_words(one).split()).casefold()
    return one.casefold() if isinstance(one, str) else one


def _cell(cell: str, column: Column) -> Any:  # noqa: PLR0911 - one for each type
    day = re.search(r'<time [^>]*?datetime="([^"]+)"', cell)
    if day:
        return value(day[1], column)
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", "", cell)).split())
    if words in NO_VALUE or words.startswith("since ") or (column.type in ("date", "time")):
        return None
    match column.type:
        case "texts":
            tags = re.findall(r'<bdi dir="auto">(.*?)</bdi>', cell, re.DOTALL)
            return value([html.unescape(tag) for tag in tags], column)
        case "boolean":
            return words in {"Yes", "Enabled", "Counted"}
        case "number" if column.role != "bytes":
            plain = re.sub(r"[\s,]|days$", "", words).replace("−", "-")
            return -int(plain.removesuffix("over")) if plain.endswith("over") else int(plain)
        case "money":
            return value(words.replace(",", ""), column)
        case _:
            return words


def _plain(cell: Any) -> Any:
    """A cell of CSV without the mark that keeps spreadsheets from executing it."""
    text = str(cell)
    return text[1:] if text.startswith("'") and text[1:2] and text[1:].startswith(FORMULA_STARTS) else text


def _column(listing: Listing, key: str) -> Column:
    found = listing.column(key)
    assert found is not None, key
    return found


def spelled(rows: Iterable[Row]) -> list[Row]:
    """What a page says, in Graph's words and without capitals."""
    return [
        {
            key: WORDS.get(one.casefold(), one.casefold()) if isinstance(one, str) else one
            for key, one in row.items()
        }
        for row in rows
    ]


def differences(seen: Sequence[Row], wanted: Sequence[Row]) -> list[str]:
    """Where rows are not the same, in words; empty where they are."""
    told = [f"{len(seen)} rows instead of {len(wanted)}"] if len(seen) != len(wanted) else []
    for number, (one, other) in enumerate(zip(seen, wanted, strict=False)):
        if list(one) != list(other):
            return [*told, f"row {number} has {list(one)} instead of {list(other)}"]
        told += [
            f"row {number}, {key}: {one[key]!r} instead of {other[key]!r}"
            for key in one
            if one[key] != other[key]
        ]
    return told[:20]
