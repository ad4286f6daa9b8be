"""What becomes current is judged without anybody asking, and a fault of it harms nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seatbeacon.beacon.connections.drafts import Given
from seatbeacon.beacon.connections.services import GivenSecrets, add_connection
from seatbeacon.beacon.imports.execute import run_import
from seatbeacon.beacon.imports.going_back import go_back
from seatbeacon.beacon.imports.versions import choose_version, version_path
from seatbeacon.beacon.models import InventoryVersion, Reckoning, RunState, SavingsDay, Trigger
from seatbeacon.beacon.savings.afterwards import AGAIN, Judging, unjudged
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.graph.secret import Secret
from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seatbeacon.beacon.models import Connection
    from seatbeacon.beacon.settings import Settings


@pytest.fixture
def connection(home: Settings) -> Iterator[Connection]:
    with Simulator(TenantOptions(users=60)) as running:
        given = Given(
            token_endpoint=running.token_endpoint,
            authorization_endpoint=running.authorization_endpoint,
            redirect_uri=running.redirect_uri,
            graph_root=running.graph_root,
        )
        secrets = GivenSecrets(refresh_token=Secret(running.issue_refresh_token()))
        yield add_connection(load_key_ring(home), "Contoso", given, secrets)


def test_an_import_and_a_step_back_are_judged_once_each(home: Settings, connection: Connection) -> None:
    judging = Judging(home)
    assert judging.judge() == 0
    run_import(home, connection, Trigger.CLI)
    first = choose_version(None)
    assert unjudged() == [first]
    assert judging.judge() == 1
    assert Reckoning.objects.get().version == first.pk
    assert SavingsDay.objects.exists()
    assert judging.judge() == 0
    run_import(home, connection, Trigger.CLI)
    assert judging.judge() == 1
    go_back(home, InventoryVersion.objects.get(pk=first.pk))
    assert judging.judge() == 1
    assert Reckoning.objects.get().version == first.pk


def test_a_fault_is_told_with_its_tenant_and_tried_again_after_a_while(
    home: Settings, connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    run = run_import(home, connection, Trigger.CLI)
    version = choose_version(None)
    file = version_path(home, version)
    aside = file.rename(file.with_suffix(".aside"))
    now = [0.0]
    judging = Judging(home, clock=lambda: now[0])
    assert judging.judge() == 0
    assert version.tenant.display_name in caplog.text
    assert "Traceback" not in caplog.text
    run.refresh_from_db()
    assert run.state in (RunState.SUCCEEDED, RunState.SUCCEEDED_WITH_PROBLEMS)
    aside.rename(file)
    assert judging.judge() == 0
    now[0] = AGAIN
    assert judging.judge() == 1
