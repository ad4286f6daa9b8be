"""Recommendations are handed on as a report: what the list shows, by rule, with its evidence."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook

from seatbeacon.beacon.audit import Actor
from seatbeacon.beacon.imports.versions import choose_version
from seatbeacon.beacon.models import AuditEntry, DecisionState, ProductPrice
from seatbeacon.beacon.savings.decisions import decide
from seatbeacon.beacon.savings.evaluate import recommendations_of
from seatbeacon.beacon.savings.listed import SAVES, STANDS, findings
from seatbeacon.beacon.savings.report import Scope, recommendations_document, scopes_by
from seatbeacon.inventory.filters import Filter
from seatbeacon.inventory.query import run

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.optimization import Outcome

PAGE = "/optimization/recommendations/report/"


@pytest.fixture
def outcome(home: Settings, inventory: Path) -> Outcome:
    """Judged with every product at 10 EUR a month."""
    for (sku,) in run(inventory, "licenses", columns=["sku_id"]).rows:
        ProductPrice.objects.create(sku_id=str(sku), amount=10, currency="EUR", changed_at=datetime.now(UTC))
    return recommendations_of(home, choose_version(None))


def scope(outcome: Outcome, *filters: Filter) -> Scope:
    return Scope(tenant="Contoso", imported_at=outcome.imported_at, filters=filters)


def test_the_report_has_every_rule_with_its_recommendations_and_the_totals(outcome: Outcome) -> None:
    document = recommendations_document(outcome, scope(outcome))
    rules, *tables = document.tables
    assert sum(row[1] for row in rules.rows) == outcome.totals.recommendations  # type: ignore[misc]
    assert [table.title for table in tables] == [row[0] for row in rules.rows]
    assert [len(table.rows) for table in tables] == [row[1] for row in rules.rows]
    yearly = f"{outcome.totals.yearly_saving:,.2f} EUR a year".replace(",", "\u00a0")
    assert ("Could be saved", yearly) in document.facts
    keys = [column.key for column in tables[0].columns]
    evidence = [row[keys.index("evidence")] for table in tables for row in table.rows]
    told = " ".join(map(str, evidence))
    assert "by the group" in told
    assert "given by" in told


def test_a_rule_of_which_not_all_is_printed_says_how_many_there_are(outcome: Outcome) -> None:
    document = recommendations_document(outcome, scope(outcome), most=2)
    assert all(len(table.rows) <= 2 for table in document.tables[1:])
    assert sum(table.count for table in document.tables[1:]) == outcome.totals.recommendations


def test_each_manager_gets_what_still_stands_of_their_people(outcome: Outcome) -> None:
    whole = scope(outcome, STANDS)
    before = scopes_by(outcome, whole, "manager_id")
    assert len({one.title for one in before}) > 1
    manager = before[0].filters[-1]
    theirs = findings(outcome, filters=[manager, SAVES])
    decide(outcome.tenant_id, theirs, DecisionState.DISMISSED, actor=Actor("anna"), reason="needed")
    document = recommendations_document(outcome, before[0])
    assert document.title == before[0].title
    left = findings(outcome, filters=[manager, STANDS])
    assert sum(row[1] for row in document.tables[0].rows) == len(left)  # type: ignore[misc]


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF-"), ("xlsx", b"PK")])
def test_what_the_list_is_narrowed_to_is_taken_along(
    viewer: Client, outcome: Outcome, kind: str, begins: bytes
) -> None:
    answer = viewer.get(f"{PAGE}{kind}/?f=rule=unassigned")
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert AuditEntry.objects.filter(action="report.exported", target="Recommendations").exists()
    if kind == "xlsx":
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        assert len(book.sheet_names) == 3
        rows = book.get_sheet_by_index(2).to_python()
        assert len(rows) - 1 == len(findings(outcome, filters=[Filter("rule", "=", "unassigned")]))


def test_a_line_of_savings_leads_to_its_report(viewer: Client, outcome: Outcome, see: Any) -> None:
    page = see(viewer, "/optimization/savings/?by=manager_id&sort=name")
    named = [one for one in page.text.split('"') if one.startswith("PDF of ")]
    assert named
    [address] = page.links(named[0])
    assert viewer.get(address).content.startswith(b"%PDF-")


@pytest.mark.parametrize(("address", "status"), [("exe/", 404), ("csv/", 404), ("pdf/?f=nothing=1", 400)])
def test_a_strange_address_is_answered(viewer: Client, outcome: Outcome, address: str, status: int) -> None:
    assert viewer.get(f"{PAGE}{address}").status_code == status
