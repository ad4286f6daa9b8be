"""What the rules find is shown with what it would save, leads to its rows, and can be taken along."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.beacon.audit import Actor
from seatbeacon.beacon.imports.versions import choose_version
from seatbeacon.beacon.models import AuditEntry, DecisionState, ProductPrice
from seatbeacon.beacon.savings.decisions import decide
from seatbeacon.beacon.savings.evaluate import price_book, recommendations_of
from seatbeacon.beacon.savings.listed import findings
from seatbeacon.inventory.query import count, run
from seatbeacon.optimization import RECOMMENDATIONS
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client

    from seatbeacon.beacon.settings import Settings

PAGE = "/optimization/recommendations/"


@pytest.fixture
def priced(home: Settings, inventory: Path) -> Settings:
    """Every product costs 10 EUR a month."""
    for (sku,) in run(inventory, "licenses", columns=["sku_id"]).rows:
        ProductPrice.objects.create(sku_id=str(sku), amount=10, currency="EUR", changed_at=datetime.now(UTC))
    return home


def test_without_prices_nothing_is_invented(viewer: Client, home: Settings, see: Any) -> None:
    outcome = recommendations_of(home, choose_version(None))
    assert outcome.totals.yearly_saving == 0
    assert outcome.totals.recommendations > 0
    page = see(viewer, PAGE)
    assert "have no price today" in page.words
    assert "— could be saved a year" in page.words


def test_the_totals_are_those_of_the_rules_and_lead_to_as_many_rows(
    viewer: Client, priced: Settings, see: Any
) -> None:
    outcome = recommendations_of(priced, choose_version(None))
    assert outcome.file is not None
    assert outcome.totals.yearly_saving > 0
    saved = [row[0] for row in run(outcome.file, RECOMMENDATIONS, columns=["yearly_saving"]).rows]
    page = see(viewer, PAGE)
    assert f"{count(outcome.file, RECOMMENDATIONS)} recommendations" in page.words.replace("\u202f", "")
    assert sum(Decimal(str(one)) for one in saved if one is not None) >= outcome.totals.yearly_saving
    rules = re.findall(rf'<a href="({PAGE}\?[^"#]*f=rule=[^"#]+)#found">([\d\u202f]+)</a>', page.text)
    assert rules
    for address, told in rules:
        assert re.search(rf"\b{told} recommendations? match", see(viewer, html.unescape(address)).words)


def test_a_new_price_is_reckoned_with_at_once(home: Settings, inventory: Path) -> None:
    version = choose_version(None)
    before = recommendations_of(home, version)
    assert recommendations_of(home, version).file == before.file
    sku = next(iter(run(inventory, "licenses", columns=["sku_id"], sort=["-assigned"], limit=1).rows))[0]
    ProductPrice.objects.create(
        sku_id=str(sku), amount=120, currency="EUR", per="year", changed_at=datetime.now(UTC)
    )
    assert price_book().prices[0].per == "year"
    after = recommendations_of(home, version)
    assert after.file != before.file
    assert len(after.unpriced_products) == len(before.unpriced_products) - 1


def test_what_is_seen_is_taken_along(viewer: Client, priced: Settings, see: Any) -> None:
    page = see(viewer, f"{PAGE}?f=rule=unassigned&sort=-seats&columns=product_name,seats")
    [address] = page.links("CSV")
    answer = viewer.get(html.unescape(address))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined] # it streams
    rows = list(csv.DictReader(io.StringIO(text)))
    outcome = recommendations_of(priced, choose_version(None))
    found = next(one for one in outcome.totals.by_rule if one.rule == "unassigned")
    assert len(rows) == found.recommendations
    assert list(rows[0]) == ["product_name", "seats"]
    seats = [int(row["seats"]) for row in rows]
    assert seats == sorted(seats, reverse=True)
    assert AuditEntry.objects.filter(action="list.exported", target="Recommendations").exists()
    assert viewer.get("/inventory/recommendations/export/exe/").status_code == 404


def test_scripts_are_offered_to_who_decides_once_something_is_accepted(
    sign_in: Callable[[Role], Client], viewer: Client, priced: Settings, see: Any
) -> None:
    operator = sign_in(Role.OPERATOR)
    assert "PowerShell" not in see(operator, PAGE).words
    outcome = recommendations_of(priced, choose_version(None))
    decide(outcome.tenant_id, findings(outcome), DecisionState.ACCEPTED, actor=Actor("anna"))
    assert "PowerShell" in see(operator, PAGE).words
    assert "PowerShell" not in see(viewer, PAGE).words
    answer = operator.get(f"{PAGE}script/powershell/")
    assert answer.content.startswith(b"\xef\xbb\xbf# License changes for ")
    assert b"Set-MgUserLicense" in answer.content
    assert operator.get(f"{PAGE}script/graph/").content.startswith(b'{"method": "POST", "url": "/users/')
    assert operator.get(f"{PAGE}script/sh/").status_code == 404
    assert viewer.get(f"{PAGE}script/graph/").status_code == 403
    assert AuditEntry.objects.filter(action="recommendations.handed-over").count() == 2


@pytest.mark.parametrize(
    "address",
    [
        "?page=99999",
        "?page=x",
        "?f=rule=nothing",
        "?f=nothing=1",
        "?q=%00<b>",
        "?f=product_name=%3Cscript%3Ealert",
    ],
)
def test_a_strange_address_is_answered(viewer: Client, home: Settings, address: str) -> None:
    answer = viewer.get(PAGE + address, follow=True)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert "<b>" not in answer.content.decode()


def test_a_day_in_the_address_is_not_claimed(viewer: Client, home: Settings) -> None:
    assert "As it was at the end of" not in viewer.get(f"{PAGE}?as_of=2026-01-01").content.decode()
