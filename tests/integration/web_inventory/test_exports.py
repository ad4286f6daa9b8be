"""An export is the list as it is seen: its rows, columns, order and day, on all pages."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import duckdb
from python_calamine import CalamineWorkbook

from seatbeacon.beacon.models import AuditEntry
from seatbeacon.inventory import query
from seatbeacon.inventory.errors import NoSpace
from seatbeacon.inventory.exports import csvfile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest
    from django.test import Client

SEEN = "?q=a&f=account_enabled=true&sort=-display_name&columns=display_name,id,license_count&rows=25&page=2"


def taken(client: Client, kind: str, seen: str = SEEN, listing: str = "users") -> bytes:
    answer = client.get(f"/inventory/{listing}/export/{kind}/{seen}")
    assert answer.status_code == 200
    assert answer.streaming
    assert f".{kind}" in answer["Content-Disposition"]
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined] # asserted above
    assert answer["Content-Length"] == str(len(data))
    return data


def wanted(inventory: Path) -> list[tuple[object, ...]]:
    return list(
        query.run(
            inventory,
            "users",
            search="a",
            filters=[query.parse_filter("account_enabled=true")],
            sort=["-display_name"],
            columns=["display_name", "id", "license_count"],
        ).rows
    )


def test_csv_holds_every_row_that_the_page_finds_in_its_order(viewer: Client, inventory: Path) -> None:
    head, *rows = csv.reader(io.StringIO(taken(viewer, "csv").decode()))
    assert head == ["display_name", "id", "license_count"]
    assert [row[1:] for row in rows] == [[str(key), str(count)] for _, key, count in wanted(inventory)]


def test_excel_and_parquet_hold_the_same_rows(viewer: Client, inventory: Path, tmp_path: Path) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(taken(viewer, "xlsx")))
    sheet = book.get_sheet_by_index(0).to_python()
    assert [row[1] for row in sheet[1:]] == [key for _, key, _ in wanted(inventory)]
    file = tmp_path / "users.parquet"
    file.write_bytes(taken(viewer, "parquet"))
    with duckdb.connect() as connection:
        assert connection.execute("FROM read_parquet(?)", [str(file)]).fetchall() == wanted(inventory)


def test_the_page_links_the_export_of_what_it_shows(viewer: Client, see: Any) -> None:
    page = see(viewer, f"/users/{SEEN}")
    (address,) = page.links("CSV")
    assert address == (
        "/inventory/users/export/csv/?q=a&f=account_enabled=true&sort=-display_name"
        "&columns=display_name,id,license_count"
    )


def test_the_standard_columns_of_the_page_are_those_of_the_export(viewer: Client) -> None:
    head = taken(viewer, "csv", "", "licenses").decode().splitlines()[0]
    assert head.startswith("product_name,sku_part_number,purchased,assigned")


def test_cells_that_a_spreadsheet_would_execute_are_neutral(viewer: Client) -> None:
    told = taken(viewer, "csv", "?columns=application", "applications").decode()
    assert "'=cmd" in told


def test_an_export_is_written_to_the_audit_log(viewer: Client) -> None:
    taken(viewer, "csv", "?f=department=Sales")
    entry = AuditEntry.objects.get(action="list.exported")
    assert (entry.target, entry.details) == ("Users", {"format": "csv", "address": "f=department=Sales"})


def test_what_cannot_be_exported_is_told_in_words(viewer: Client) -> None:
    answer = viewer.get("/inventory/users/export/csv/?f=nothing=1")
    assert answer.status_code == 400
    assert "There is no column of users" in answer.content.decode()
    assert viewer.get("/inventory/users/export/docx/").status_code == 404
    assert viewer.get("/inventory/nothing/export/csv/").status_code == 404


def test_what_fails_in_the_middle_is_told_and_nothing_of_it_is_sent(
    viewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = csvfile.lines

    def fails(*asked: Any) -> Iterator[bytes]:
        pieces = lines(*asked)
        yield next(pieces)
        yield next(pieces)
        raise NoSpace("The answer needs more memory than reading may take.", "Narrow the list.")

    monkeypatch.setattr(csvfile, "lines", fails)
    answer = viewer.get("/inventory/users/export/csv/")
    assert answer.status_code == 400
    assert "Narrow the list." in answer.content.decode()
    assert not AuditEntry.objects.filter(action="list.exported")


def test_an_administrator_takes_the_inventory_file_of_a_version_and_nobody_else(
    administrator: Client, viewer: Client, inventory: Path
) -> None:
    found = re.search(
        r'href="(/imports/versions/\d+/file/)"', administrator.get("/imports/versions/").content.decode()
    )
    assert found
    answer = administrator.get(found[1])
    assert b"".join(answer.streaming_content) == inventory.read_bytes()  # type: ignore[attr-defined] # it streams
    assert answer["Content-Disposition"].endswith('.duckdb"')
    assert AuditEntry.objects.filter(action="inventory.downloaded").count() == 1
    assert "/file/" not in viewer.get("/imports/versions/").content.decode()
    assert viewer.get(found[1]).status_code == 403
    assert administrator.get("/imports/versions/987654/file/").status_code == 404
