"""Prices at the command line: taken whole or not at all, listed, and missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.conftest import CommandLine

GOOD = "product,price,valid from\nSPE_E5,54.75,2026-01-01\nOffice 365 E1,7.7,\n"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "prices.csv"
    path.write_text(GOOD)
    return path


def test_a_sheet_is_tried_taken_and_taken_again(seatbeacon: CommandLine, sheet: Path) -> None:
    assert "no price yet" in seatbeacon("price", "list").stderr
    tried = seatbeacon("price", "import", str(sheet), "--dry-run")
    assert "New prices: 2; replaced: 0. Nothing was changed." in tried.stdout
    assert "SPE_E5" not in seatbeacon("price", "list").stdout
    assert "New prices: 2; replaced: 0." in seatbeacon("price", "import", str(sheet)).stdout
    assert "New prices: 0; replaced: 2." in seatbeacon("price", "import", str(sheet)).stdout
    listed = seatbeacon("price", "list", "--format", "csv").stdout.splitlines()
    assert [line.split(",")[1:6] for line in listed[1:]] == [
        ["SPE_E5", "Microsoft 365 E5", "54.75", "EUR", "month"],
        ["STANDARDPACK", "Office 365 E1", "7.70", "EUR", "month"],
    ]


def test_one_wrong_row_leaves_everything_as_it_was_unless_it_may_be_left_out(
    seatbeacon: CommandLine, sheet: Path
) -> None:
    sheet.write_text(f"{GOOD}No such product,1,\n")
    refused = seatbeacon("price", "import", str(sheet), status=1)
    assert "Row 4, No such product:" in refused.stderr
    assert "1 of 3 rows cannot be taken, so none was" in refused.stderr
    assert "no price yet" in seatbeacon("price", "list").stderr
    taken = seatbeacon("price", "import", str(sheet), "--leave-out-bad")
    assert "New prices: 2; replaced: 0. Left out: 1 row." in taken.stdout


def test_what_is_no_sheet_is_refused_in_a_sentence(seatbeacon: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("a,b\n1,2\n")
    refused = seatbeacon("price", "import", str(tmp_path / "odd.csv"), status=1)
    assert "no column product and no column amount" in refused.stderr
    seatbeacon("price", "import", str(tmp_path / "none.csv"), status=2)


def test_products_with_seats_and_no_price_are_listed(seatbeacon: CommandLine, tmp_path: Path) -> None:
    seatbeacon("demo", "--users", "30", "--day", "0", "--home", str(tmp_path / "demo"))
    seatbeacon.home = tmp_path / "demo"
    assert "Microsoft 365 E5" in seatbeacon("price", "missing").stdout
    (tmp_path / "one.csv").write_text("product,price\nSPE_E5,50\n")
    seatbeacon("price", "import", str(tmp_path / "one.csv"))
    assert "Microsoft 365 E5" not in seatbeacon("price", "missing").stdout
