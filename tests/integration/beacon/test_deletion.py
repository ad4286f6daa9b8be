"""Deleting a connection says what goes stale, and takes no more with it than was asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.beacon.audit import COMMAND_LINE
from seatbeacon.beacon.connections.deletion import delete, stale_tenants, what_goes_stale
from seatbeacon.beacon.connections.drafts import Given
from seatbeacon.beacon.connections.services import GivenSecrets, add_connection
from seatbeacon.beacon.errors import RunIsActive
from seatbeacon.beacon.imports.execute import run_import
from seatbeacon.beacon.imports.writing import writing_tenant
from seatbeacon.beacon.models import Connection, ImportRun, InventoryVersion, StoredSecret, Tenant, Trigger
from seatbeacon.beacon.runs.presence import present
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.simulator.server import Simulator


@pytest.fixture
def connection(home: Settings, form: Given, simulator: Simulator) -> Connection:
    """A connection that has imported twice."""
    secrets = GivenSecrets(refresh_token=Secret(simulator.issue_refresh_token()))
    made = add_connection(load_key_ring(home), "Contoso", form, secrets)
    for _ in range(2):
        run_import(home, made, Trigger.CLI)
        made.refresh_from_db()
    return made


def test_what_goes_stale_is_counted(connection: Connection) -> None:
    stale = what_goes_stale(connection)
    run = ImportRun.objects.latest("pk")
    assert stale.users == run.counts["users"]["total"] > 0
    assert stale.licenses == run.counts["licenses"]["total"] > 0
    assert (stale.tenant_name, stale.versions, stale.packages) == ("Contoso", 2, 1)
    assert f"{stale.users} users" in stale.sentence


def test_a_connection_without_data_leaves_nothing_behind(home: Settings) -> None:
    stale = what_goes_stale(add_connection(load_key_ring(home), "New", Given(), GivenSecrets()))
    assert not stale.anything
    assert stale.sentence == "Nothing was imported through it."


def test_what_was_imported_stays_and_is_known_to_be_stale(
    home: Settings, connection: Connection, audit: Callable[[], Any]
) -> None:
    assert stale_tenants() == []
    delete(home, connection, actor=COMMAND_LINE)
    assert not Connection.objects.exists()
    assert not StoredSecret.objects.exists()
    assert InventoryVersion.objects.filter(current=True).count() == 1
    assert [tenant.display_name for tenant in stale_tenants()] == ["Contoso"]
    assert audit()[-1][:2] == ("connection.deleted", "Contoso")


def test_the_inventory_goes_with_it_where_that_was_asked(home: Settings, connection: Connection) -> None:
    tenant, packages = connection.tenant_id, home.home / "packages"
    assert any(packages.iterdir())
    delete(home, connection, with_inventory=True, actor=COMMAND_LINE)
    assert not InventoryVersion.objects.exists()
    assert not Tenant.objects.exists()
    assert not (home.inventory / tenant).exists()
    assert not any(packages.iterdir())
    assert ImportRun.objects.count() == 2
    assert stale_tenants() == []


def test_an_inventory_that_is_being_written_is_left_alone(home: Settings, connection: Connection) -> None:
    with present(home) as me, writing_tenant(home, me, connection.tenant_id), pytest.raises(RunIsActive):
        delete(home, connection, with_inventory=True, actor=COMMAND_LINE)
    assert Connection.objects.exists()
    assert Path(home.inventory / InventoryVersion.objects.get(current=True).file).exists()
