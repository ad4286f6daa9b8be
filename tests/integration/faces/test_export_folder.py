"""`seatbeacon export DIR`: every listing, whole or not at all, and never over what is not ours."""

from __future__ import annotations

import hashlib
import json
import stat
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from tests.integration.faces import reading

from seatbeacon.beacon.audit import SYSTEM
from seatbeacon.beacon.exporting.export import Wish, export_folder
from seatbeacon.beacon.imports.versions import choose_version
from seatbeacon.beacon.listings import NAMES, RECOMMENDATIONS, declared
from seatbeacon.beacon.models import AuditEntry
from seatbeacon.inventory import exports

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.integration.api.conftest import Api

    from seatbeacon.beacon.settings import Settings


def told(folder: Path) -> Any:
    return json.loads((folder / "manifest.json").read_bytes())


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_every_listing_is_there_as_the_api_exports_it(
    command: Callable[..., str], reader: Api, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "export"
    out = command("export", str(folder), "--format", "csv")
    assert names(folder) == {"manifest.json", *(f"{name}.csv" for name in NAMES)}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in told(folder)["files"]:
        data = (folder / file["name"]).read_bytes()
        answer = reader.client.get(f"/api/v1/{file['listing']}/export")
        assert data == b"".join(answer.streaming_content)  # type: ignore[attr-defined] # it streams
        assert len(reading.of_csv(data.decode(), declared(file["listing"]))) == file["rows"]
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
        assert f"{file['name']} " in out
    assert "Exported Contoso" in out
    entry = AuditEntry.objects.get(action="inventory.exported")
    assert entry.details["folder"] == str(folder)


@pytest.mark.parametrize("kind", ["parquet", "xlsx"])
def test_other_formats_hold_the_same_rows(
    kind: str, command: Callable[..., str], reader: Api, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    command("export", str(folder), "--format", kind, "--listing", "licenses", "--listing", RECOMMENDATIONS)
    assert names(folder) == {"manifest.json", f"licenses.{kind}", f"recommendations.{kind}"}
    for name in ("licenses", RECOMMENDATIONS):
        listing = declared(name)
        answer = reader.client.get(f"/api/v1/{name}/export")
        wanted = reading.of_csv(b"".join(answer.streaming_content).decode(), listing)  # type: ignore[attr-defined] # it streams
        data = (folder / f"{name}.{kind}").read_bytes()
        keys = [column.key for column in listing.columns]
        seen = (
            reading.of_parquet(data, tmp_path, listing)
            if kind == "parquet"
            else reading.of_excel(data, keys, listing)
        )
        assert reading.differences(seen, wanted) == []


def test_an_earlier_export_is_replaced_and_nothing_of_it_is_left(
    command: Callable[..., str], tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    command("export", str(folder), "--format", "csv", "--listing", "users", "--listing", "groups")
    command("export", str(folder), "--listing", "users", "--inventory")
    assert names(folder) == {"manifest.json", "users.parquet", "inventory.duckdb"}
    with duckdb.connect(str(folder / "inventory.duckdb"), read_only=True) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM users").fetchall()
    assert [file["rows"] for file in told(folder)["files"]] == [count, None]


@pytest.mark.parametrize("other", ["notes.txt", ".hidden", "users.parquet", "manifest.json"])
def test_a_folder_that_holds_other_things_is_left_alone(
    other: str, command: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / other).write_text('{"files": []}')
    problem = command("export", str(tmp_path / "mine"), "--listing", "users", status=1)
    assert f"holds other things than an export: {other}. Nothing was written." in problem
    assert names(tmp_path / "mine") == {other}
    assert (tmp_path / "mine" / other).read_text() == '{"files": []}'


@pytest.mark.parametrize("before", [False, True], ids=["a new folder", "an earlier export"])
def test_a_fault_in_the_middle_leaves_the_folder_as_it_was(
    before: bool, home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "export"
    version = choose_version(None)
    if before:
        export_folder(home, version, folder, Wish(("users",), "csv"), actor=SYSTEM)
    stood = {path.name: path.read_bytes() for path in folder.iterdir()} if before else None
    write, written = exports.write_file, []

    def fails(file: Path, listing: Any, target: Path, **options: Any) -> None:
        write(file, listing, target, **options)
        written.append(target)
        if len(written) == 3:
            raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(exports, "write_file", fails)
    with pytest.raises(OSError, match="No space left"):
        export_folder(home, version, folder, Wish(), actor=SYSTEM)
    assert len(written) == 3
    now = {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else None
    assert now == stood


def test_an_export_that_was_cut_off_while_it_took_its_place_is_made_good_by_the_next(
    home: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    version = choose_version(None)
    wish = Wish(("users", "groups"), "csv")
    export_folder(home, version, folder, wish, actor=SYSTEM)
    aside = folder / ".seatbeacon-export-cut"
    aside.mkdir()
    for name in ("manifest.json", "groups.csv"):  # as after a kill: one file is in its place, two are not
        (folder / name).rename(aside / name)
    export_folder(home, version, folder, Wish(("groups",), "csv"), actor=SYSTEM)
    assert names(folder) == {"manifest.json", "groups.csv"}


def test_as_of_a_day_what_has_no_past_is_left_out_in_words(
    command: Callable[..., str], tmp_path: Path
) -> None:
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    command("export", str(tmp_path / "export"), "--as-of", today)
    held = {file["listing"] for file in told(tmp_path / "export")["files"]}
    assert held == {name for name in NAMES if declared(name).as_of}
    assert told(tmp_path / "export")["as_of"].startswith(today)
    problem = command(
        "export", str(tmp_path / "other"), "--as-of", today, "--listing", RECOMMENDATIONS, status=1
    )
    assert "Recommendations are told of the last import only. Ask without a date" in problem
    assert not (tmp_path / "other").exists()
