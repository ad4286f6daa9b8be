"""The command line charges back as the page does, and writes reports whole."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING

from seatbeacon.beacon.imports.versions import choose_version
from seatbeacon.beacon.models import ProductPrice
from seatbeacon.beacon.savings.costs import costs_of
from seatbeacon.inventory.query import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings


def test_costs_are_printed_and_written(
    home: Settings, inventory: Path, command: Callable[..., str], tmp_path: Path
) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415 - used here alone

    for (sku,) in run(inventory, "licenses", columns=["sku_id"]).rows:
        ProductPrice.objects.create(sku_id=str(sku), amount=10, currency="EUR", changed_at=datetime.now(UTC))
    found = costs_of(home, choose_version(None), by="department")
    rows = list(csv.DictReader(io.StringIO(command("chargeback", "--format", "csv"))))
    assert sum(Decimal(row["cost"]) for row in rows) == found.total > 0
    folder = tmp_path / "reports"
    command("chargeback", "--each", str(folder), "--format", "pdf")
    files = list(folder.iterdir())
    assert len(files) == len(found.parts)
    assert all(file.read_bytes().startswith(b"%PDF-") for file in files)
    assert "not printed" in command("chargeback", "--format", "pdf", status=2)
    assert "Nothing is charged to" in command("chargeback", "--part", "nobody at all", status=2)
