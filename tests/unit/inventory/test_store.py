from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seatbeacon.inventory.errors import Unwritable
from seatbeacon.inventory.store import InventoryStore, partial_of, scratch_of

if TYPE_CHECKING:
    from pathlib import Path

TENANT = "8F1C2A34-0000-4000-8000-00000000AAAA"


def _touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def test_versions_are_numbered_on(tmp_path: Path) -> None:
    store = InventoryStore(tmp_path)
    assert store.versions(TENANT) == []
    first = store.next_target(TENANT)
    assert first == tmp_path / TENANT.lower() / "v000001.duckdb"
    _touch(first)
    _touch(first.with_name("v000009.duckdb"))
    _touch(first.with_name("notes.txt"))
    assert [path.name for path in store.versions(TENANT)] == ["v000001.duckdb", "v000009.duckdb"]
    assert store.next_target(TENANT).name == "v000010.duckdb"


def test_what_was_cut_off_is_found_and_its_number_not_used_again(tmp_path: Path) -> None:
    store = InventoryStore(tmp_path)
    whole = _touch(store.next_target(TENANT, "7-1"))
    assert whole.name == "v000001-7-1.duckdb"
    target = store.next_target(TENANT, "7-2")
    partial = _touch(partial_of(target))
    log = _touch(partial.with_name(partial.name + ".wal"))
    _touch(scratch_of(target) / "duckdb_temp_storage-0.tmp")
    assert store.versions(TENANT) == [whole]
    assert set(store.unfinished(TENANT)) == {partial, log, scratch_of(target)}
    assert store.next_target(TENANT).name == "v000003.duckdb"
    assert store.tenants() == [TENANT.lower()]
    assert InventoryStore(tmp_path / "nowhere").tenants() == []


def test_the_newest_are_kept_and_published_ones_always(tmp_path: Path) -> None:
    store = InventoryStore(tmp_path)
    versions = [_touch(store.folder(TENANT) / f"v{n:06d}.duckdb") for n in range(1, 7)]
    removed = store.prune(TENANT, keep=2, published=[versions[1]])
    assert removed == [versions[0], *versions[2:4]]
    assert store.versions(TENANT) == [versions[1], *versions[4:]]


@pytest.mark.parametrize("tenant", ["", "../x", "a/b", "x" * 65])
def test_what_is_no_tenant_id_makes_no_folder(tmp_path: Path, tenant: str) -> None:
    with pytest.raises(Unwritable, match="tenant id"):
        InventoryStore(tmp_path).folder(tenant)
