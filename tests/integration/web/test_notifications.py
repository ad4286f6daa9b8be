"""Administration → Notifications: for administrators; a stored address never comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import Resolver404, resolve
from tests.secret_search import planted

from seatbeacon.beacon.models import Event, NotificationTarget
from seatbeacon.beacon.secrets.inspection import inspect_secrets
from seatbeacon.beacon.secrets.rotation import rotate_keys
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from seatbeacon.beacon.settings import Settings

TOKEN = planted("hook-token")
ADDRESS = f"json://127.0.0.1:9/{TOKEN}"
LIST = "/administration/notifications/"


def make(client: Client, **fields: object) -> int:
    given = {"name": "Teams <b>", "address": ADDRESS, "events": Event.values, "enabled": "on", **fields}
    return client.post(f"{LIST}new/", given).status_code


def test_a_notification_is_made_and_listed_without_its_address(administrator: Client) -> None:
    assert "Nobody is notified yet" in administrator.get(LIST).content.decode()
    assert make(administrator) == 302
    page = administrator.get(LIST).content.decode()
    assert "Teams &lt;b&gt;" in page
    assert "JSON" in page
    assert "An import failed" in page
    target = NotificationTarget.objects.get()
    form = administrator.get(f"{LIST}{target.pk}/").content.decode()
    assert TOKEN not in page + form
    assert "Leave this empty to keep it" in form


def test_an_empty_address_keeps_the_stored_one(administrator: Client) -> None:
    make(administrator)
    target = NotificationTarget.objects.get()
    sealed = bytes(target.sealed)
    answer = administrator.post(f"{LIST}{target.pk}/", {"name": "Renamed", "events": ["import-held"]})
    assert answer.status_code == 302
    target.refresh_from_db()
    assert (target.name, target.events, target.enabled) == ("Renamed", ["import-held"], False)
    assert bytes(target.sealed) == sealed


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"address": "not an address"}, "no address that a notification can go to"),
        ({"address": ""}, "required"),
        ({"events": []}, "Choose at least one"),
        ({"name": ""}, "required"),
        ({"address": "json://" + "x" * 5000}, "at most 2000"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(
    administrator: Client, fields: dict[str, object], told: str
) -> None:
    given = {"name": "Mail", "address": ADDRESS, "events": Event.values, **fields}
    answer = administrator.post(f"{LIST}new/", given)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert TOKEN not in answer.content.decode()
    assert not NotificationTarget.objects.exists()


def test_a_test_that_is_not_taken_says_so(administrator: Client) -> None:
    make(administrator)
    target = NotificationTarget.objects.get()
    page = administrator.post(f"{LIST}{target.pk}/test/", follow=True).content.decode()
    assert "The notification was not delivered" in page
    assert TOKEN not in page


def test_a_deleted_one_is_gone(administrator: Client) -> None:
    make(administrator)
    target = NotificationTarget.objects.get()
    assert administrator.get(f"{LIST}{target.pk}/delete/").status_code == 405
    administrator.post(f"{LIST}{target.pk}/delete/")
    assert not NotificationTarget.objects.exists()


def test_only_administrators_come_here(sign_in: Callable[[Role], Client]) -> None:
    assert LIST not in sign_in(Role.OPERATOR).get("/").content.decode()
    assert sign_in(Role.OPERATOR).get(LIST).status_code == 403


def test_a_rotation_of_keys_seals_addresses_anew(home: Settings, administrator: Client) -> None:
    from seatbeacon.beacon.audit import COMMAND_LINE  # noqa: PLC0415

    make(administrator)
    before = bytes(NotificationTarget.objects.get().sealed)
    done = rotate_keys(home, actor=COMMAND_LINE)
    assert (done.resealed, done.lost) == (1, ())
    assert bytes(NotificationTarget.objects.get().sealed) != before
    assert [one.state for one in inspect_secrets(home).secrets] == ["opens"]


@pytest.mark.parametrize("path", ["/imports/5/", "/inventory-systems/5/"])
def test_the_pages_that_notifications_lead_to_are_there(path: str) -> None:
    try:
        resolve(path)
    except Resolver404:
        pytest.fail(f"notifications link to {path}, and there is no such page")
