from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from seatbeacon.collection.package import Manifest, Outcome
from seatbeacon.collection.package.errors import (
    CollectionError,
    DamagedPackage,
    DiskFull,
    ForeignTenant,
    IncompletePackage,
    NewerFormat,
    NotAPackage,
    Unwritable,
)
from seatbeacon.collection.package.files import DatasetFile, json_lines
from seatbeacon.collection.package.reader import open_package
from seatbeacon.collection.package.schemas import SCHEMAS
from seatbeacon.collection.package.summary import summary

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def package(run: Callable[..., Manifest], graph: Any, tmp_path: Path) -> Path:
    run(graph)
    return tmp_path / "package"


def change(package: Path, **values: Any) -> None:
    path = package / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def swap(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[10] ^= 1
    path.write_bytes(body)


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"{}\n")


def misname(package: Path) -> None:
    datasets = json.loads((package / "manifest.json").read_text())["datasets"]
    datasets[1]["file"] = "../../users.ndjson"
    change(package, datasets=datasets)


@pytest.mark.parametrize(
    ("spoil", "error", "told"),
    [
        (lambda p: (p / "manifest.json").unlink(), NotAPackage, "has no manifest.json"),
        (lambda p: (p / "manifest.json").write_text("[1"), DamagedPackage, "cannot be understood"),
        (lambda p: (p / "manifest.json").write_bytes(b"\xff{}"), DamagedPackage, "cannot be understood"),
        (lambda p: (p / "manifest.json").write_text("{}"), NotAPackage, "something else"),
        (lambda p: change(p, version=3), NewerFormat, "has format 3"),
        (lambda p: change(p, datasets=7), DamagedPackage, "cannot be understood"),
        (lambda p: change(p, status="collecting"), IncompletePackage, "was interrupted"),
        (lambda p: change(p, tenant=None), DamagedPackage, "names no tenant"),
        (lambda p: change(p, datasets=[]), IncompletePackage, "organization and users and subscribedSkus"),
        (lambda p: (p / "groups.ndjson").unlink(), DamagedPackage, "groups.ndjson.* is missing"),
        (lambda p: lengthen(p / "users.ndjson"), DamagedPackage, "were collected"),
        (lambda p: swap(p / "users.ndjson"), DamagedPackage, "checksum differs"),
        (misname, DamagedPackage, "no such file"),
    ],
)
def test_a_package_that_is_not_whole_is_refused_with_the_reason(
    package: Path, spoil: Callable[[Path], Any], error: type[CollectionError], told: str
) -> None:
    open_package(package).verify()
    spoil(package)
    with pytest.raises(error, match=told) as caught:
        open_package(package).verify()
    assert caught.value.remedy
    assert str(package) in caught.value.message


def test_a_package_of_format_1_is_held_against_the_checksums_that_it_has(package: Path) -> None:
    datasets = json.loads((package / "manifest.json").read_text())["datasets"]
    for record in datasets:
        if record.pop("checksum"):
            record["sha256"] = hashlib.sha256((package / record["file"]).read_bytes()).hexdigest()
    change(package, version=1, datasets=datasets)
    open_package(package).verify()
    swap(package / "users.ndjson")
    with pytest.raises(DamagedPackage, match="checksum differs"):
        open_package(package).verify()


def test_a_folder_that_does_not_exist_is_no_package(tmp_path: Path) -> None:
    with pytest.raises(NotAPackage, match="does not exist"):
        open_package(tmp_path / "nowhere")


def test_a_package_of_another_tenant_is_refused(package: Path) -> None:
    with pytest.raises(ForeignTenant, match=r"of tenant Contoso .* not of 9999") as caught:
        open_package(package).verify(tenant="9999")
    assert caught.value.expected == "9999"


def test_only_collected_datasets_have_a_path(package: Path) -> None:
    opened = open_package(package)
    assert opened.path("users") == package / "users.ndjson"
    assert opened.collected("users")
    with pytest.raises(IncompletePackage, match="holds no holidays"):
        opened.path("holidays")


def test_a_missing_required_dataset_says_why(
    run: Callable[..., Manifest], graph: Any, tmp_path: Path
) -> None:
    graph.counts = lambda count: count + 1
    manifest = run(graph)
    assert manifest.missing_required == ("users",)
    with pytest.raises(IncompletePackage, match="Microsoft counts 41 users, the listing gave 40"):
        open_package(tmp_path / "package").verify()


def test_the_summary_tells_what_a_person_wants_to_know(package: Path) -> None:
    told = summary(open_package(package).manifest)
    assert (told.tenant_name, told.status, told.connection, told.cloud) == (
        "Contoso",
        "complete",
        "Contoso",
        "global",
    )
    assert [line.dataset for line in told.datasets] == list(SCHEMAS)
    assert told.bytes == sum(
        path.stat().st_size for path in package.iterdir() if path.name != "manifest.json"
    )
    assert msgspec.json.encode(told)


def test_the_manifest_survives_a_round_trip(package: Path) -> None:
    manifest = open_package(package).manifest
    assert msgspec.json.decode(msgspec.json.encode(manifest), type=Manifest) == manifest
    assert {record.outcome for record in manifest.datasets} == {Outcome.COLLECTED}


def test_a_file_has_its_name_only_once_it_is_whole(tmp_path: Path) -> None:
    file = DatasetFile(tmp_path, "users.ndjson")
    file.write(b"half a line")
    assert [path.name for path in tmp_path.iterdir()] == ["users.ndjson.part"]
    file.restart()
    file.write_lines(json_lines([b'{"id":1}', b'{\n "id": 2\n}']), 2)
    facts = file.finish()
    assert (tmp_path / "users.ndjson").read_bytes() == b'{"id":1}\n{"id":2}\n'
    assert facts.bytes == 18
    file.discard()
    assert [path.name for path in tmp_path.iterdir()] == ["users.ndjson"]


def test_a_discarded_file_leaves_nothing(tmp_path: Path) -> None:
    file = DatasetFile(tmp_path, "users.ndjson")
    file.discard()
    file.discard()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_with_folder_and_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    file = DatasetFile(tmp_path, "users.ndjson")
    file.write(b"x" * 1000)
    real = os.write
    calls = []

    def half(descriptor: int, data: memoryview) -> int:
        calls.append(len(data))
        if len(calls) > 1:
            raise OSError(number, "full")
        return real(descriptor, data[: len(data) // 2])

    monkeypatch.setattr("seatbeacon.collection.package.files.os.write", half)
    with pytest.raises(DiskFull, match=r"users\.ndjson in .* beyond 1,000 bytes; 2,000 more"):
        file.write(b"y" * 2000)
    assert calls == [2000, 1000]
    file.discard()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unwritable, match="cannot be written"):
        DatasetFile(tmp_path / "file", "users.ndjson")


def test_nobody_else_on_the_machine_reads_a_package(package: Path) -> None:
    assert stat.S_IMODE(package.stat().st_mode) == 0o700
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in package.glob("*son")}
    assert modes.pop("manifest.json") & stat.S_IWOTH == 0
    assert set(modes.values()) == {0o600}
