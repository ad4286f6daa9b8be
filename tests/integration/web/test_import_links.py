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


def test_each_difference_leads_to_as_many_rows(viewer: Client, runs: list[ImportRun]) -> None:
    for page in ("/imports/", "/imports/versions/", *(f"/imports/{run.pk}/" for run in runs)):
        text = viewer.get(page).content.decode()
        shown = [run for run in runs if page in ("/imports/", "/imports/versions/", f"/imports/{run.pk}/")]
        led = set(re.findall(r'href="(/imports/\d+/changes/\w+/\w+/)"', text))
        assert led == {
            f"/imports/{run.pk}/changes/{what}/{kind}/"
            for run in shown
            for what in ("users", "licenses", "assignments")
            for kind in ("added", "removed", "changed")
            if run.counts[what][kind]
        }
    assert all(runs[1].counts[what][kind] for what, kind in (("users", "changed"), ("assignments", "added")))
    led = set(re.findall(r'href="(/imports/\d+/changes/\w+/\w+/)"', viewer.get("/imports/").content.decode()))
    for address in sorted(led):
        _, _, number, _, what, kind, _ = address.split("/")
        rows = viewer.get(address, follow=True)
        assert rows.redirect_chain[0][0].startswith("/history/?import=")
        counts = next(run.counts for run in runs if run.pk == int(number))
        told = re.search(r"([\d\s\u202f\u00a0]+) rows, page 1", rows.content.decode())
        assert told is not None, address
        assert int(re.sub(r"\D", "", told[1])) == counts[what][kind], address


def test_a_difference_without_rows_leads_back_with_a_reason(
    viewer: Client, home: Settings, runs: list[ImportRun]
) -> None:
    nothing = viewer.get(f"/imports/{runs[0].pk}/changes/users/eaten/", follow=True)
    assert nothing.redirect_chain == [(f"/imports/{runs[0].pk}/", 302)]
    go_back(home, InventoryVersion.objects.get(run=runs[0]))
    gone = viewer.get(f"/imports/{runs[1].pk}/changes/users/added/", follow=True)
    assert gone.redirect_chain == [(f"/imports/{runs[1].pk}/", 302)]
    assert "readers were led back to an earlier version" in gone.content.decode()


def test_an_import_that_readers_do_not_see_any_more_leads_nowhere(
    viewer: Client, home: Settings, runs: list[ImportRun]
) -> None:
    go_back(home, InventoryVersion.objects.get(run=runs[0]))
    assert "/history/?import=" in viewer.get(f"/imports/{runs[0].pk}/").content.decode()
    assert "/history/?import=" not in viewer.get(f"/imports/{runs[1].pk}/").content.decode()


def test_an_import_that_is_none_is_told(viewer: Client, runs: list[ImportRun]) -> None:
    assert "knows of no import" in viewer.get("/history/", {"import": "77"}).content.decode()
    assert "knows of no import" in viewer.get("/history/", {"import": "x"}).content.decode()
