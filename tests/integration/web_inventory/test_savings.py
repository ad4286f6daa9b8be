"""Savings are told in full by what one asks for, add up, and lead to as many rows."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.beacon.audit import Actor
from seatbeacon.beacon.imports.versions import choose_version
from seatbeacon.beacon.models import Decision, DecisionState, ProductPrice, SavingsDay
from seatbeacon.beacon.savings import cuts
from seatbeacon.beacon.savings.cuts import KINDS, savings_cut
from seatbeacon.beacon.savings.decisions import decide
from seatbeacon.beacon.savings.evaluate import recommendations_of
from seatbeacon.beacon.savings.listed import findings
from seatbeacon.inventory.filters import Filter
from seatbeacon.inventory.query import run
from seatbeacon.web.templatetags.seatbeacon import money

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from seatbeacon.beacon.settings import Settings

PAGE = "/optimization/savings/"


@pytest.fixture
def priced(home: Settings, inventory: Path) -> Settings:
    """Every product costs 10 EUR a month."""
    for (sku,) in run(inventory, "licenses", columns=["sku_id"]).rows:
        ProductPrice.objects.create(sku_id=str(sku), amount=10, currency="EUR", changed_at=datetime.now(UTC))
    return home


@pytest.mark.parametrize("by", KINDS)
def test_lines_add_up_to_the_totals(priced: Settings, by: str) -> None:
    version = choose_version(None)
    totals = recommendations_of(priced, version).totals
    found = savings_cut(priced, version, by)
    assert found.total.yearly_saving == totals.yearly_saving > 0
    assert found.total.seats == totals.seats
    assert not found.silent
    assert all(line.name for line in found.lines)


def test_sums_of_tenants_are_kept_until_something_is_decided_or_priced(
    priced: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = recommendations_of(priced, choose_version(None))
    judged: list[object] = []

    def counted(*given: Any, **options: Any) -> Any:
        judged.append(given)
        return recommendations_of(*given, **options)

    monkeypatch.setattr(cuts, "recommendations_of", counted)
    before = savings_cut(priced, choose_version(None), "tenant").total
    assert not judged
    [one] = findings(outcome, filters=[Filter("category", "=", "remove")], limit=1)
    decide(outcome.tenant_id, [one], DecisionState.DISMISSED, actor=Actor("anna"), reason="needed")
    after = savings_cut(priced, choose_version(None), "tenant").total
    assert after.yearly_saving == before.yearly_saving - (one.yearly_saving or 0) < before.yearly_saving
    assert savings_cut(priced, choose_version(None), "tenant").total == after
    assert len(judged) == 1
    ProductPrice.objects.update(amount=20)
    assert savings_cut(priced, choose_version(None), "tenant").total.yearly_saving == after.yearly_saving * 2
    assert len(judged) == 2


@pytest.mark.parametrize("by", [by for by in KINDS if by != "tenant"])
def test_every_number_leads_to_as_many_rows(viewer: Client, priced: Settings, see: Any, by: str) -> None:
    page = see(viewer, f"{PAGE}?by={by}&sort=name")
    links = re.findall(
        r'<td class="sb-number"><a href="(/optimization/recommendations/\?[^"#]*)#found">([\d\u202f]+)</a>',
        page.text,
    )
    assert links
    for address, told in [*links[:3], links[-1]]:
        assert re.search(rf"\b{told} recommendations? match", see(viewer, html.unescape(address)).words)


def test_the_file_has_the_lines(viewer: Client, priced: Settings) -> None:
    found = savings_cut(priced, choose_version(None), "product_name")
    answer = viewer.get(f"{PAGE}export/csv/?by=product_name")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [Decimal(row["yearly_saving"]) for row in rows] == [line.yearly_saving for line in found.lines]
    assert viewer.get(f"{PAGE}export/pdf/?by=rule").content.startswith(b"%PDF-")
    assert viewer.get(f"{PAGE}export/exe/").status_code == 404


@pytest.mark.parametrize("address", ["?by=tenant", "?by=id", "?q=%00<b>", "?sort=x&page=99"])
def test_a_strange_address_is_answered(viewer: Client, home: Settings, address: str) -> None:
    answer = viewer.get(PAGE + address)
    assert answer.status_code == 200
    assert "<b>" not in answer.content.decode()


def test_the_trend_shows_each_day_that_was_judged_and_leads_to_the_rows(
    viewer: Client, priced: Settings, see: Any
) -> None:
    assert "No day is told yet" in see(viewer, f"{PAGE}trend/").words
    outcome = recommendations_of(priced, choose_version(None))
    [accepted] = findings(outcome, filters=[Filter("category", "=", "remove")], limit=1)
    decide(outcome.tenant_id, [accepted], DecisionState.DONE, actor=Actor("anna"), reason="unneeded")
    Decision.objects.update(confirmed_at=datetime.now(UTC), import_no=1)
    for row in SavingsDay.objects.all():
        row.pk, row.day = None, row.day - timedelta(days=1)
        row.save()
    page = see(viewer, f"{PAGE}trend/")
    monthly = money(outcome.totals.monthly_saving).replace("\u202f", " ")
    assert f"{monthly} EUR could be saved a month" in page.words
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    waste, realised = page.links(today)
    saving = savings_cut(priced, choose_version(None), "rule").total.recommendations
    told = see(viewer, waste)
    [rows] = told.links("its recommendations")
    assert f"{saving} recommendations match" in see(viewer, rows).words.replace("\u202f", "")
    confirmed = see(viewer, realised)
    assert "1 decision match" in confirmed.words
    assert accepted.user_name in confirmed.words


def test_a_day_gone_by_tells_what_was_recommended_on_it_and_what_is_held_no_more(
    viewer: Client, priced: Settings, see: Any
) -> None:
    outcome = recommendations_of(priced, choose_version(None))
    day = datetime.now(UTC).date()
    SavingsDay.objects.create(
        tenant_id=outcome.tenant_id, day=day - timedelta(days=9), rule="guest", recommendations=4711,
        seats=4711, monthly=Decimal("12.34"), yearly=148, confirmed=0, realised=0, realised_monthly=0,
        currency="EUR",
    )  # fmt: skip
    [address, _realised] = see(viewer, f"{PAGE}trend/").links(f"{day - timedelta(days=9)}")
    page = see(viewer, address)
    assert "Guest with a paid license 4 711 4 711 12.34 EUR" in page.words
    assert "held of the last import only" in page.words
    between = see(viewer, f"{PAGE}day/?day={day - timedelta(days=3)}")
    assert f"Nothing was judged on that day; these are the sums of {day - timedelta(days=9)}" in between.words
    assert "nothing is held of this day" in see(viewer, f"{PAGE}day/?day=2020-01-01").words
    assert viewer.get(f"{PAGE}day/?day=x").status_code == 400


@pytest.mark.parametrize("address", ["?tenant=nobody", "?sort=x&page=99", "?tenant=%00"])
def test_a_strange_address_of_the_trend_is_answered(viewer: Client, priced: Settings, address: str) -> None:
    recommendations_of(priced, choose_version(None))
    assert viewer.get(f"{PAGE}trend/{address}").status_code == 200
