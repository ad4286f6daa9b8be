from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from seatbeacon.inventory.catalog import update_catalog
from seatbeacon.inventory.catalog.build import HEADER, read_microsoft, read_products, write_products
from seatbeacon.inventory.catalog.update import load_catalog
from seatbeacon.inventory.errors import BadCatalog, Unwritable

if TYPE_CHECKING:
    from collections.abc import Sequence

TABLES = Path(__file__).resolve().parents[3].parent / "shared" / "facts" / "skus"
OLDER = TABLES / "product-names-and-service-plans-2025-12.csv"
NEWER = TABLES / "product-names-and-service-plans-2026-07.csv"


def _table(path: Path, rows: Sequence[tuple[str, ...]], *, filler: int = 100) -> Path:
    padding = [
        (
            f"Product {n}",
            f"PART_{n}",
            f"00000000-0000-4000-8000-{n:012x}",
            "PLAN",
            f"10000000-0000-4000-8000-{n:012x}",
        )
        for n in range(filler)
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerows([(*HEADER, "Service_Plans_Included_Friendly_Names"), *padding, *rows])
    return path


def test_the_shipped_catalog_is_made_from_the_newer_table() -> None:
    assert load_catalog(None) == read_microsoft(NEWER)


def test_the_older_table_is_read_too() -> None:
    assert len(read_microsoft(OLDER)) == 569


def test_products_have_clean_names_and_plans() -> None:
    products = load_catalog(None)
    assert len(products) == 619
    e3 = products["6fd2c87f-b296-42f0-b197-1e91e994b900"]
    assert (e3.part_number, e3.name) == ("ENTERPRISEPACK", "Office 365 E3")
    assert ("EXCHANGE_S_ENTERPRISE", "efb87545-963c-4e0d-99df-69c6916d9eb0") in e3.plans
    texts = [text for p in products.values() for text in (p.sku_id, p.part_number, p.name)]
    assert all(text == text.strip() and "\xa0" not in text for text in texts)


def test_quirks_of_the_table_are_cleaned(tmp_path: Path) -> None:
    sku, plan = "4b74a65c-8b4a-4fc8-9f6b-5177ed11ddfa", "20000000-0000-4000-8000-000000000001"
    rows = [
        ("Power Virtual Agent, User", "VIRTUAL_AGENT_USL\xa0", f"{sku.upper()}\xa0", "PLAN_A ", plan),
        ("Power Virtual Agent, User", "VIRTUAL_AGENT_USL", sku, "PLAN_A", plan),
        ("Microsoft Copilot Studio User License", "VIRTUAL_AGENT_USL", sku, "PLAN_A", plan),
        ("Power Virtual Agent, User", "VIRTUAL_AGENT_USL", sku, "PLAN_A", plan),
        ("", "", "", "", ""),
    ]
    product = read_microsoft(_table(tmp_path / "table.csv", rows))[sku]
    assert product.name == "Microsoft Copilot Studio User License"
    assert product.part_number == "VIRTUAL_AGENT_USL"
    assert product.plans == (("PLAN_A", plan),)


def test_one_part_number_of_two_products_stays_two() -> None:
    products = load_catalog(None)
    assert len([p for p in products.values() if p.part_number == "MCOPSTN5"]) == 2


def test_an_update_tells_what_is_new(tmp_path: Path) -> None:
    copy = tmp_path / "home" / "catalog.csv"
    change = update_catalog(OLDER, copy)
    assert (change.total, change.dropped) == (569, 50)
    change = update_catalog(NEWER, copy)
    assert (change.total, change.added, change.dropped) == (619, 50, 0)
    assert load_catalog(copy) == load_catalog(None)
    again = update_catalog(NEWER, copy)
    assert (again.added, again.changed, again.dropped) == (0, 0, 0)


def test_what_is_written_reads_the_same(tmp_path: Path) -> None:
    products = read_microsoft(OLDER)
    write_products(products, tmp_path / "ours.csv")
    assert read_products(tmp_path / "ours.csv") == products


def test_another_file_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    copy = tmp_path / "catalog.csv"
    update_catalog(NEWER, copy)
    before = copy.read_bytes()
    wrong = tmp_path / "wrong.csv"
    for content in (b"a,b\r\n1,2\r\n", b"\xff\xfe\x00", b"", b"PK\x03\x04\x00\x80\x81"):
        wrong.write_bytes(content)
        with pytest.raises(BadCatalog, match="Product names and service plan identifiers"):
            update_catalog(wrong, copy)
    with pytest.raises(BadCatalog, match="names only 3 products"):
        update_catalog(_table(wrong, [], filler=3), copy)
    with pytest.raises(BadCatalog, match="Line 102"):
        update_catalog(_table(wrong, [("x", "y", "not-a-guid", "z", "")]), copy)
    with pytest.raises(BadCatalog, match="cannot be read"):
        update_catalog(tmp_path / "nowhere.csv", copy)
    assert copy.read_bytes() == before


def test_a_damaged_copy_is_told(tmp_path: Path) -> None:
    damaged = tmp_path / "catalog.csv"
    damaged.write_bytes(b"\xff\xfe")
    with pytest.raises(BadCatalog, match="damaged"):
        load_catalog(damaged)


def test_a_folder_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unwritable, match="cannot be written"):
        update_catalog(NEWER, tmp_path / "file" / "catalog.csv")
