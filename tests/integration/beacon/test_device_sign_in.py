"""Generate… by a code that is typed on another device."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.beacon.audit import COMMAND_LINE
from seatbeacon.beacon.authorization.device import begin_device, poll_device
from seatbeacon.beacon.errors import AuthorizationError, AuthorizationKind, InvalidConnection
from seatbeacon.beacon.models import Authorization

if TYPE_CHECKING:
    from seatbeacon.beacon.authorization.device import DeviceBegun
    from seatbeacon.beacon.connections.drafts import Given
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.simulator.server import Simulator

ME = "session of Ada"


def _begin(home: Settings, form: Given) -> DeviceBegun:
    return begin_device(home, given=replace(form, flow="device-code"), asker=ME, actor=COMMAND_LINE)


def _poll(home: Settings, begun: DeviceBegun) -> Any:
    """Ask once, as if the interval were over."""
    Authorization.objects.update(polled_at=None)
    return poll_device(home, begun.id, asker=ME, actor=COMMAND_LINE)


def test_a_code_is_waited_for_and_becomes_a_candidate(
    home: Settings, form: Given, browser: Any, simulator: Simulator
) -> None:
    begun = _begin(home, form)
    assert begun.user_code in begun.message
    assert _poll(home, begun) is None
    assert "signed in" in browser.enter_code(begun.user_code)
    found = _poll(home, begun)
    assert found.facts.tenant_id == simulator.tenant.id
    assert found.facts.method == "device-code"
    assert _poll(home, begun) == found


def test_microsoft_is_asked_no_more_often_than_it_wants(
    home: Settings, form: Given, simulator: Simulator
) -> None:
    begun = _begin(home, form)
    assert poll_device(home, begun.id, asker=ME, actor=COMMAND_LINE) is None
    asked = Authorization.objects.get().polled_at
    # Nobody answers there any more: a question would be told as a failure.
    simulator.stop()
    for _ in range(5):
        assert poll_device(home, begun.id, asker=ME, actor=COMMAND_LINE) is None
    assert Authorization.objects.get().polled_at == asked


def test_declining_on_the_other_device_is_told(home: Settings, form: Given, browser: Any) -> None:
    begun = _begin(home, form)
    browser.enter_code(begun.user_code, cancel="1")
    with pytest.raises(AuthorizationError) as refusal:
        _poll(home, begun)
    assert refusal.value.kind is AuthorizationKind.DECLINED
    with pytest.raises(AuthorizationError):
        _poll(home, begun)


def test_a_code_that_nobody_typed_expires(home: Settings, form: Given) -> None:
    begun = _begin(home, form)
    Authorization.objects.update(expires_at=begun.expires_at - timedelta(hours=1))
    with pytest.raises(AuthorizationError, match="expired") as refusal:
        _poll(home, begun)
    assert refusal.value.kind is AuthorizationKind.EXPIRED


def test_another_session_cannot_ask(home: Settings, form: Given) -> None:
    begun = _begin(home, form)
    with pytest.raises(AuthorizationError) as refusal:
        poll_device(home, begun.id, asker="session of Eve", actor=COMMAND_LINE)
    assert refusal.value.kind is AuthorizationKind.OTHER_SESSION


def test_nobody_signs_in_for_client_credentials(home: Settings, form: Given, simulator: Simulator) -> None:
    given = replace(
        form,
        flow="client-credentials",
        client_id=simulator.own_client_id,
        tenant_id=simulator.tenant.id,
        authorization_endpoint=None,
    )
    with pytest.raises(InvalidConnection, match="nobody signs in"):
        begin_device(home, given=given, asker=ME, actor=COMMAND_LINE)
