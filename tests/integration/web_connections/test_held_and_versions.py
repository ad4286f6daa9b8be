"""A held import: whom it would remove, and the decision; and going back to an earlier version."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.beacon.connections.drafts import Given
from seatbeacon.beacon.connections.services import GivenSecrets, add_connection, edit_connection
from seatbeacon.beacon.imports.execute import run_import
from seatbeacon.beacon.imports.held import find_run, publish_held
from seatbeacon.beacon.models import (
    AuditEntry,
    Connection,
    ImportRun,
    InventoryVersion,
    Reckoning,
    RunState,
    Trigger,
)
from seatbeacon.beacon.savings.afterwards import judge
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.graph.secret import Secret
from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from seatbeacon.beacon.settings import Settings


@pytest.fixture
def operator(sign_in: Callable[[Role], Client]) -> Client:
    return sign_in(Role.OPERATOR)


@pytest.fixture
def imported(home: Settings) -> Callable[[int], ImportRun]:
    """Imports the same tenant as it is with so many users."""

    def go(users: int) -> ImportRun:
        with Simulator(TenantOptions(users=users)) as simulator:
            ring = load_key_ring(home)
            given = Given(token_endpoint=simulator.token_endpoint, graph_root=simulator.graph_root)
            secrets = GivenSecrets(refresh_token=Secret(simulator.issue_refresh_token("reports-reader")))
            connection = Connection.objects.first()
            if connection is None:
                connection = add_connection(ring, "Contoso", given, secrets)
            else:
                edit_connection(ring, connection, given, secrets)
                connection.refresh_from_db()
            run = run_import(home, connection, Trigger.PERSON)
            for report in simulator._reports._kept.values():
                report.open().close()
        return run

    return go


def text_of(page: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


def test_a_held_import_shows_whom_it_would_remove_and_is_decided(
    imported: Callable[[int], ImportRun], operator: Client, viewer: Client
) -> None:
    imported(60)
    run = imported(30)
    assert run.state == RunState.HELD
    page = operator.get(f"/imports/{run.pk}/").content.decode()
    assert f'href="/imports/{run.pk}/held/"' in page
    assert "Publish…" in page
    assert "Publish it with: seatbeacon" not in page
    assert "Publish…" not in viewer.get(f"/imports/{run.pk}/").content.decode()

    held = viewer.get(f"/imports/{run.pk}/held/")
    words = text_of(held)
    assert re.search(r"30 Users that would be removed from Contoso", words)
    assert "30 Users that would be left" in words
    assert "1–30 of 30" in words
    departments = re.findall(r'<td class="sb-long"><a href="\?department=([^"]*)">', held.content.decode())
    of_one = text_of(viewer.get(f"/imports/{run.pk}/held/?department={departments[0]}"))
    assert "1–30 of 30" not in of_one
    assert "Nobody matches" in text_of(viewer.get(f"/imports/{run.pk}/held/?q=%3Cscript%3E"))

    assert viewer.post(f"/imports/{run.pk}/publish/").status_code == 403
    assert viewer.post(f"/imports/{run.pk}/discard/").status_code == 403
    told = text_of(operator.post(f"/imports/{run.pk}/publish/", follow=True))
    assert f"Import {run.pk} is published" in told
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED
    entry = AuditEntry.objects.get(action="import.published")
    assert "operator@example.com" in entry.actor
    # Decided once: nothing is left to decide.
    assert "not held: there is nothing to decide" in text_of(
        operator.post(f"/imports/{run.pk}/discard/", follow=True)
    )
    assert operator.get(f"/imports/{run.pk}/held/")["Location"] == f"/imports/{run.pk}/"


@pytest.mark.parametrize("way", ["page", "command line"])
def test_what_was_held_is_judged_once_a_person_has_published_it(
    imported: Callable[[int], ImportRun], operator: Client, home: Settings, way: str
) -> None:
    imported(60)
    assert judge(home) == 1
    run = imported(30)
    assert run.state == RunState.HELD
    assert judge(home) == 0
    if way == "page":
        operator.post(f"/imports/{run.pk}/publish/")
    else:
        publish_held(home, find_run(run.pk))
    assert judge(home) == 1
    assert Reckoning.objects.get().version == InventoryVersion.objects.get(run=run).pk


def test_one_discards_what_is_held_and_goes_back_to_a_version(
    imported: Callable[[int], ImportRun], operator: Client, administrator: Client, viewer: Client
) -> None:
    first, second, third = imported(40), imported(42), imported(20)
    operator.post(f"/imports/{third.pk}/discard/")
    third.refresh_from_db()
    assert third.state == RunState.CANCELLED

    version = InventoryVersion.objects.get(run=first)
    page = administrator.get("/imports/versions/").content.decode()
    assert f"/imports/versions/{version.pk}/back/" in page
    assert page.count("/back/") == 1
    assert "Readers see it" in page
    assert "/back/" not in viewer.get("/imports/versions/").content.decode()
    assert "42" in text_of(viewer.get("/imports/versions/?tenant=" + version.tenant_id))
    assert "There is no version yet" in text_of(viewer.get("/imports/versions/?tenant=x"))

    assert operator.post(f"/imports/versions/{version.pk}/back/").status_code == 403
    told = text_of(administrator.post(f"/imports/versions/{version.pk}/back/", follow=True))
    assert f"Readers of Contoso see version {version.pk} from now on." in told
    assert InventoryVersion.objects.get(current=True) == version
    assert "40" in text_of(viewer.get("/users/"))
    assert "is the current one already" in text_of(
        administrator.post(f"/imports/versions/{version.pk}/back/", follow=True)
    )
    assert administrator.post("/imports/versions/987654/back/").status_code == 404
    assert "kept" in text_of(viewer.get(f"/imports/{second.pk}/"))


def test_imports_are_filtered_by_trigger(viewer: Client, home: object) -> None:
    now = datetime.now(UTC)
    for trigger in (Trigger.SCHEDULE, Trigger.PERSON):
        ImportRun.objects.create(
            connection_name=f"by {trigger}", trigger=trigger, state=RunState.FAILED, queued_at=now
        )
    page = text_of(viewer.get("/imports/?trigger=schedule"))
    assert "by schedule" in page
    assert "by person" not in page
    assert "No import matches" in text_of(viewer.get("/imports/?trigger=api"))
