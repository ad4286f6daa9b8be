"""The file that a tenant's first import begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seatbeacon.inventory import blank

if TYPE_CHECKING:
    import pytest


def _block_size(kit: Any, file: Any) -> int:
    return int(kit.sql(file, "SELECT block_size FROM pragma_database_size()")[0][0])


def test_a_small_tenant_gets_a_small_file(kit: Any, make: Any) -> None:
    first = make.take(make.package([kit.user(number) for number in range(1, 51)]), previous=None)
    assert _block_size(kit, first) == 16_384
    assert first.stat().st_size < 2_000_000


def test_a_large_tenant_gets_large_blocks(kit: Any, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blank, "SMALL", 100)
    first = make.take(make.package([kit.user(number) for number in range(1, 51)]), previous=None)
    assert _block_size(kit, first) == 262_144


def test_each_first_import_begins_with_nothing_of_another(kit: Any, make: Any) -> None:
    one = make.take(make.package([kit.user(1), kit.user(2)]), previous=None)
    other = make.take(make.package([kit.user(3)]), previous=None)
    assert kit.sql(one, "SELECT count(*) FROM users") == [(2,)]
    assert kit.sql(other, "SELECT count(*) FROM users") == [(1,)]
    assert not list(other.parent.glob("*.partial*"))
