"""One connection per tenant: when it is added, edited, first imported, and by the database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError
from django.db import connection as database
from django.db.migrations.executor import MigrationExecutor

from seatbeacon.beacon.connections.drafts import Given
from seatbeacon.beacon.connections.facts import authorized_facts
from seatbeacon.beacon.connections.services import GivenSecrets, add_connection, edit_connection
from seatbeacon.beacon.errors import TenantTaken
from seatbeacon.beacon.imports.execute import run_import
from seatbeacon.beacon.imports.observer import Unobserved
from seatbeacon.beacon.models import Connection, ImportRun, Trigger
from seatbeacon.beacon.secrets.keys import KeyRing, load_key_ring
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.collection.progress import Progress
    from seatbeacon.simulator.server import Simulator

TENANT = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def ring(home: Settings) -> KeyRing:
    return load_key_ring(home)


def test_adding_and_editing_name_the_first(ring: KeyRing) -> None:
    first = add_connection(ring, "First", Given(tenant_id=TENANT), GivenSecrets())
    with pytest.raises(TenantTaken, match="First") as refusal:
        add_connection(ring, "Second", Given(tenant_id=TENANT.upper()), GivenSecrets())
    assert (refusal.value.field, refusal.value.taken_by) == ("tenant-id", "First")
    second = add_connection(ring, "Second", Given(), GivenSecrets())
    with pytest.raises(TenantTaken, match="First"):
        edit_connection(ring, second, Given(tenant_id=TENANT), GivenSecrets())
    edit_connection(ring, first, Given(tenant_id=TENANT), GivenSecrets())


def test_the_database_keeps_it_too(ring: KeyRing) -> None:
    add_connection(ring, "First", Given(tenant_id=TENANT), GivenSecrets())
    second = add_connection(ring, "Second", Given(), GivenSecrets())
    with pytest.raises(IntegrityError):
        Connection.objects.filter(pk=second.pk).update(tenant_id=TENANT)


class Collected(Unobserved):
    """Which datasets were read."""

    def __init__(self) -> None:
        self.datasets: list[str] = []

    def collected(self, progress: Progress) -> None:
        """Note one."""
        self.datasets.append(progress.dataset)


def test_the_first_import_is_refused_where_its_tenant_is_taken(
    home: Settings, ring: KeyRing, form: Given, simulator: Simulator
) -> None:
    token = GivenSecrets(refresh_token=Secret(simulator.issue_refresh_token()))
    first = add_connection(ring, "First", form, token)
    second = add_connection(ring, "Second", form, token)
    run_import(home, first, Trigger.CLI)
    read = Collected()
    with pytest.raises(TenantTaken, match="First"):
        run_import(home, second, Trigger.CLI, observer=read)
    assert not read.datasets
    run = ImportRun.objects.latest("pk")
    assert run.state == "failed"
    assert "First" in run.problem


def test_an_import_notes_whose_token_it_used(
    home: Settings, ring: KeyRing, form: Given, simulator: Simulator
) -> None:
    token = GivenSecrets(refresh_token=Secret(simulator.issue_refresh_token()))
    connection = add_connection(ring, "Contoso", form, token)
    before = authorized_facts(connection)
    run_import(home, connection, Trigger.CLI)
    after = authorized_facts(connection)
    assert before is not None
    assert after is not None
    assert before.username is None
    assert after.username == "reports-reader@contoso.example"
    assert after.tenant_id == simulator.tenant.id
    assert after.last_used_at > before.last_used_at
    assert after.obtained_at == before.obtained_at


@pytest.fixture
def before_the_rule(home: Settings) -> Iterator[MigrationExecutor]:
    """The database as it was before one connection per tenant was a rule; brought up to date afterwards."""
    executor = MigrationExecutor(database)
    executor.migrate([("beacon", "0002_audit_log")])
    yield MigrationExecutor(database)
    again = MigrationExecutor(database)
    again.migrate(again.loader.graph.leaf_nodes("beacon"))


def test_an_older_home_with_two_connections_to_a_tenant_keeps_both(
    before_the_rule: MigrationExecutor,
) -> None:
    old = before_the_rule.loader.project_state([("beacon", "0002_audit_log")]).apps
    now = datetime.now(UTC)
    fields = {"cloud": "global", "token_endpoint": "t", "client_id": "c", "graph_root": "g"}
    for name, tenant in (("First", TENANT), ("Second", TENANT.upper()), ("Third", ""), ("Fourth", "")):
        old.get_model("beacon", "Connection").objects.create(
            name=name, tenant_id=tenant, created_at=now, updated_at=now, **fields
        )
    before_the_rule.migrate(before_the_rule.loader.graph.leaf_nodes("beacon"))
    tenants = dict(Connection.objects.values_list("name", "tenant_id"))
    assert tenants == {"First": TENANT, "Second": "", "Third": "", "Fourth": ""}
