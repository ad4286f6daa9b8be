"""Test connection: live, with what is denied and what to assign."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seatbeacon.beacon.audit import COMMAND_LINE
from seatbeacon.beacon.models import AuditEntry, Connection, SecretField
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.beacon.secrets.store import put_secret
from seatbeacon.graph.secret import Secret
from seatbeacon.web.connections import testing
from seatbeacon.web.connections.testing import ConnectionTest

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.simulator.server import Simulator


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test runs before its page is answered."""
    monkeypatch.setattr(testing, "_in_background", testing.carry_out)


def test_every_dataset_answers(administrator: Client, saved: Callable[..., int], at_once: None) -> None:
    number = saved()
    address = f"/inventory-systems/{number}/test/"
    assert "Not tested yet" in administrator.get(address).content.decode()
    page = administrator.post(address, follow=True).content.decode()
    assert "Token" in page
    assert "23 of 23" in page or "datasets answered" in page
    assert "(required)" in page
    assert "AuditLog.Read.All" in page
    told = AuditEntry.objects.order_by("pk").last()
    assert told is not None
    assert (told.action, told.target) == ("connection.tested", "Contoso")
    assert told.actor.startswith("Administrator")
    assert "hx-trigger" not in page[page.index('id="test"') :]


def test_a_missing_report_role_is_told_before_the_first_import(
    administrator: Client,
    saved: Callable[..., int],
    simulator: Simulator,
    home: Settings,
    at_once: None,
) -> None:
    connection = Connection.objects.get(pk=saved())
    token = Secret(simulator.issue_refresh_token("cloud-admin"))
    put_secret(load_key_ring(home), connection, SecretField.REFRESH_TOKEN, token)
    page = administrator.post(f"/inventory-systems/{connection.pk}/test/", follow=True).content.decode()
    assert "usage reports cannot" in page
    assert "Reports Reader" in page


def test_a_sign_in_that_fails_says_why(
    administrator: Client, saved: Callable[..., int], home: Settings, at_once: None
) -> None:
    connection = Connection.objects.get(pk=saved())
    put_secret(load_key_ring(home), connection, SecretField.REFRESH_TOKEN, Secret("nonsense"))
    page = administrator.post(f"/inventory-systems/{connection.pk}/test/", follow=True).content.decode()
    assert "Failed" in page
    assert "sb-notice-error" in page


def test_a_test_under_way_is_looked_at_again_and_not_started_twice(
    administrator: Client, saved: Callable[..., int]
) -> None:
    connection = Connection.objects.get(pk=saved())
    testing._store(connection, ConnectionTest(id="the first"))
    assert testing.start(connection, COMMAND_LINE).id == "the first"
    page = administrator.get(f"/inventory-systems/{connection.pk}/test/rows/").content.decode()
    assert "hx-trigger" in page
    assert "Asking" in page
    gone = ConnectionTest(id="dead", started=0.0)
    testing._store(connection, gone)
    assert not gone.is_running
