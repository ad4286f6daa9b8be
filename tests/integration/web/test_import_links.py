"""The numbers of an import lead to the rows that it brought."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.connecting import connect

from seatbeacon.beacon.imports.execute import run_import
from seatbeacon.beacon.imports.going_back import go_back
from seatbeacon.beacon.models import ImportRun, InventoryVersion, Trigger
from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator

if TYPE_CHECKING:
    from django.test import Client

    from seatbeacon.beacon.settings import Settings


@pytest.fixture
def runs(home: Settings) -> list[ImportRun]:
    """Two imports of a tenant, twenty days apart."""
    with Simulator(TenantOptions(users=120)) as running:
        connection = connect(home, running)
        run_import(home, connection, Trigger.CLI)
        running.set_day(20)
        run_import(home, connection, Trigger.CLI)
    return list(ImportRun.objects.order_by("pk"))


def test_what_an_import_brought_leads_to_as_many_rows(viewer: Client, runs: list[ImportRun]) -> None:
    for run in runs:
        page = viewer.get(f"/imports/{run.pk}/").content.decode()
        led = dict(
            re.findall(r'href="(/history/\?import=\d+&amp;show=(?:joined|left|changed))">(\S+)</a>', page)
        )
        told = {kind: run.counts["users"][kind] for kind in ("added", "removed", "changed")}
        assert len(led) == sum(1 for number in told.values() if number)
        for address, number in led.items():
            rows = viewer.get(address.replace("&amp;", "&")).content.decode()
            plain = re.sub(r"\D", "", number)
            assert re.search(rf"\b{plain}\b", re.sub(r"[\u202f\u00a0]", "", rows)), (address, number)
    assert all(runs[1].counts["users"][kind] for kind in ("added", "removed", "changed"))


def test_an_import_that_readers_do_not_see_any_more_leads_nowhere(
    viewer: Client, home: Settings, runs: list[ImportRun]
) -> None:
    go_back(home, InventoryVersion.objects.get(run=runs[0]))
    assert "/history/?import=" in viewer.get(f"/imports/{runs[0].pk}/").content.decode()
    assert "/history/?import=" not in viewer.get(f"/imports/{runs[1].pk}/").content.decode()


def test_an_import_that_is_none_is_told(viewer: Client, runs: list[ImportRun]) -> None:
    assert "knows of no import" in viewer.get("/history/", {"import": "77"}).content.decode()
    assert "knows of no import" in viewer.get("/history/", {"import": "x"}).content.decode()
