"""What parts of the organisation cost is told with its rows behind it, adds up, and can be handed on."""

from __future__ import annotations

import csv
import html
import io
import re
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.beacon.audit import Actor
from seatbeacon.beacon.imports.versions import choose_version
from seatbeacon.beacon.models import AuditEntry, DecisionState, ProductPrice
from seatbeacon.beacon.savings.costs import KINDS, costs_of
from seatbeacon.beacon.savings.decisions import decide
from seatbeacon.beacon.savings.evaluate import recommendations_of
from seatbeacon.beacon.savings.listed import SAVES, findings
from seatbeacon.inventory.filters import Filter
from seatbeacon.inventory.query import run
from seatbeacon.optimization import UNASSIGNED

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from seatbeacon.beacon.settings import Settings

PAGE = "/optimization/chargeback/"


@pytest.fixture
def priced(home: Settings, inventory: Path) -> Settings:
    """Every product costs 10.01 EUR a month, but the one that most people hold."""
    skus = [str(row[0]) for row in run(inventory, "licenses", columns=["sku_id"], sort=["-assigned"]).rows]
    for sku in skus[1:]:
        ProductPrice.objects.create(
            sku_id=sku, amount=Decimal("10.01"), currency="EUR", changed_at=datetime.now(UTC)
        )
    return home


def rows_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_without_prices_nothing_is_charged(viewer: Client, home: Settings, see: Any) -> None:
    page = see(viewer, PAGE)
    assert "Nothing to charge" in page.words
    assert re.search(r"\d+ products that are paid for have no price", page.words)


@pytest.mark.parametrize("by", KINDS)
def test_parts_add_up_and_every_number_leads_to_as_many_rows(
    viewer: Client, priced: Settings, see: Any, by: str
) -> None:
    found = costs_of(priced, choose_version(None), by=by)  # type: ignore[arg-type] # one of them
    assert sum(part.cost for part in found.parts) == found.total > 0
    page = see(viewer, f"{PAGE}?by={by}")
    links = re.findall(r'<a href="(/(?:users|inventory/holders)/\?[^"]*)">([\d\u202f]+)</a>', page.text)
    assert len(links) > 1
    for address, told in links[:6]:
        assert re.search(rf"of {told}\b", see(viewer, html.unescape(address)).words)


def test_a_product_of_a_part_leads_to_its_holders(viewer: Client, priced: Settings, see: Any) -> None:
    parts = re.findall(r'href="(/optimization/chargeback/part/\?[^"]*value=[^"]*)"', see(viewer, PAGE).text)
    page = see(viewer, html.unescape(parts[0]))
    links = re.findall(r'<a href="(/inventory/holders/\?[^"]*)">([\d\u202f]+)</a>', page.text)
    assert links
    for link, told in links:
        assert re.search(rf"of {told}\b", see(viewer, html.unescape(link)).words)
    assert "What could be saved here" in page.words


def test_the_file_has_the_parts_of_the_page_and_is_audited(viewer: Client, priced: Settings) -> None:
    found = costs_of(priced, choose_version(None), by="department", per="year")
    rows = rows_of(viewer.get(f"{PAGE}export/csv/?per=year"))
    assert [Decimal(row["cost"]) for row in rows] == [part.cost for part in found.parts]
    lines = rows_of(viewer.get(f"{PAGE}export/csv/?per=year&table=products"))
    assert sum(Decimal(row["cost"]) for row in lines) == found.total
    assert AuditEntry.objects.filter(action="report.exported", target="Costs by department").count() == 2


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF-"), ("xlsx", b"PK")])
def test_reports_are_printed_for_all_and_for_one(
    viewer: Client, priced: Settings, kind: str, begins: bytes
) -> None:
    found = costs_of(priced, choose_version(None), by="manager_id")
    part = next(part for part in found.parts if part.value)
    for address in (f"export/{kind}/?by=manager_id", f"part/export/{kind}/?by=manager_id&value={part.value}"):
        answer = viewer.get(PAGE + address)
        assert answer.status_code == 200
        assert answer.content.startswith(begins)
        assert f'.{kind}"' in answer["Content-Disposition"]


def test_cost_centers_are_those_of_the_directory(priced: Settings, inventory: Path) -> None:
    found = costs_of(priced, choose_version(None), by="cost_center")
    told = {part.value: part.users for part in found.parts if part.value != UNASSIGNED}
    users = run(inventory, "users", columns=["cost_center"]).rows
    # Nothing is charged to who holds nothing.
    assert told.items() <= Counter(cost_center for (cost_center,) in users).items()
    assert any(str(value).startswith("CC-") for value in told)


def test_a_report_of_a_part_names_the_licenses_of_its_people(
    viewer: Client, priced: Settings, inventory: Path
) -> None:
    found = costs_of(priced, choose_version(None), by="department")
    part = next(part for part in found.parts if part.value)
    address = f"{PAGE}part/export/csv/?by=department&value={part.value}&table="
    held = rows_of(viewer.get(f"{address}licenses"))
    assert sum(Decimal(row["cost"]) for row in held if row["cost"]) == part.assigned_cost
    products = rows_of(viewer.get(f"{address}products"))
    assert sum(Decimal(row["cost"]) for row in products) == part.cost
    saved = rows_of(viewer.get(f"{address}recommendations"))
    assert {row["user_principal_name"] for row in saved} <= {row["user_principal_name"] for row in held}
    assert saved
    outcome = recommendations_of(priced, choose_version(None))
    of_part = findings(outcome, filters=[Filter("department", "=", part.value), SAVES])
    decide(outcome.tenant_id, of_part[:1], DecisionState.DISMISSED, actor=Actor("anna"), reason="needed")
    assert len(rows_of(viewer.get(f"{address}recommendations"))) == len(saved) - 1


@pytest.mark.parametrize(
    "address",
    ["?by=id&spread=x&per=y", "?sort=nothing&page=999", "?q=%00<b>", "?as_of=2026-01-01"],
)
def test_a_strange_address_is_answered(viewer: Client, priced: Settings, address: str) -> None:
    answer = viewer.get(PAGE + address)
    assert answer.status_code == 200
    assert "<b>" not in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["part/?value=nothing", "part/", "export/exe/", "export/csv/?table=users", "part/?value=%00x"]
)
def test_what_is_not_there_is_not_found(viewer: Client, priced: Settings, address: str) -> None:
    assert viewer.get(PAGE + address).status_code == 404
