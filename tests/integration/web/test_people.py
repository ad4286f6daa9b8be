from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from tests.secret_search import planted

from seatbeacon.beacon.audit import COMMAND_LINE
from seatbeacon.beacon.models import AuditEntry
from seatbeacon.web.accounts import links, services
from seatbeacon.web.accounts.errors import LastAdministrator, LinkSpent
from seatbeacon.web.accounts.models import OneTimeLink, Purpose, User
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.settings import Settings

HARBOUR = planted("a quiet harbour")
GIVEN = {"name": "Ada", "email": "ada@example.com", "password": HARBOUR, "again": HARBOUR}


def test_the_first_link_is_made_while_nobody_has_an_account(
    home: Settings, make_user: Callable[..., User]
) -> None:
    first = services.first_administrator_link()
    second = services.first_administrator_link()
    assert first is not None
    assert second is not None
    assert links.find_link(first) is None
    assert links.find_link(second) is not None
    make_user(Role.VIEWER)
    assert services.first_administrator_link() is None


def test_the_first_link_makes_one_administrator_and_signs_in(home: Settings) -> None:
    token = services.first_administrator_link()
    client = Client()
    assert client.get(f"/welcome/{token}/").status_code == 200
    assert client.post(f"/welcome/{token}/", GIVEN).status_code == 302
    user = User.objects.get()
    assert (user.role, user.email, user.is_active) == (Role.ADMINISTRATOR, "ada@example.com", True)
    assert client.get("/administration/people/").status_code == 200
    assert Client().get(f"/welcome/{token}/").status_code == 410
    assert user.password.startswith("argon2")


def test_only_the_hash_of_a_token_is_kept(home: Settings) -> None:
    token = links.make_link(Purpose.FIRST_ADMINISTRATOR)
    kept = OneTimeLink.objects.get()
    assert token not in {str(value) for value in vars(kept).values()}
    assert len(token) >= 43


def test_a_link_ends_after_a_day(home: Settings) -> None:
    token = links.make_link(Purpose.FIRST_ADMINISTRATOR)
    OneTimeLink.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert Client().get(f"/welcome/{token}/").status_code == 410
    assert Client().post(f"/welcome/{token}/", GIVEN).status_code == 410
    assert not User.objects.exists()


def test_of_two_who_use_a_link_at_once_one_wins(home: Settings) -> None:
    token = links.make_link(Purpose.FIRST_ADMINISTRATOR)
    link = links.find_link(token)
    assert link is not None
    services.accept(link, email="a@example.com", name="A", password="x", address="")
    with pytest.raises(LinkSpent):
        services.accept(link, email="b@example.com", name="B", password="x", address="")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"again": "another thing"}, "The two passwords differ."),
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "123456789012", "again": "123456789012"}, "entirely numeric"),
        ({"email": "no address"}, "Enter a valid email address."),
    ],
)
def test_a_wrong_answer_to_a_link_changes_nothing(home: Settings, change: dict[str, str], words: str) -> None:
    token = services.first_administrator_link()
    answer = Client().post(f"/welcome/{token}/", GIVEN | change)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not User.objects.exists()


def test_an_invitation_shows_its_link_once_and_lets_in_with_that_role(administrator: Client) -> None:
    answer = administrator.post(
        "/administration/people/invite/", {"name": "Grace", "email": "Grace@Example.com", "role": "operator"}
    )
    found = re.search(r"/welcome/[\w-]+/", answer.content.decode())
    assert found is not None
    assert "/welcome/" not in administrator.get("/administration/people/").content.decode()
    client = Client()
    client.post(found[0], {**GIVEN, "email": "other@example.com"})
    user = User.objects.get(email="grace@example.com")
    assert user.role == Role.OPERATOR
    assert not user.is_invited
    assert client.get("/imports/").status_code == 200
    entry = AuditEntry.objects.get(action="people.invited")
    assert entry.actor == "Administrator <administrator@example.com>"
    assert entry.address == "127.0.0.1"
    assert found[0].split("/")[2] not in str(list(AuditEntry.objects.values()))


def test_a_mail_address_is_somebodys_in_whichever_case(administrator: Client) -> None:
    answer = administrator.post(
        "/administration/people/invite/",
        {"name": "X", "email": "ADMINISTRATOR@example.com", "role": "viewer"},
    )
    assert answer.status_code == 400
    assert User.objects.count() == 1


def test_the_last_administrator_can_be_neither_demoted_nor_deactivated(
    make_user: Callable[..., User],
) -> None:
    last = make_user(Role.ADMINISTRATOR)
    other = make_user(Role.ADMINISTRATOR, "other@example.com")
    services.set_active(COMMAND_LINE, other, active=False)
    services.invite(COMMAND_LINE, email="new@example.com", name="New", role=Role.ADMINISTRATOR)
    with pytest.raises(LastAdministrator, match="last administrator and cannot lose that role"):
        services.change_role(COMMAND_LINE, last, Role.VIEWER)
    with pytest.raises(LastAdministrator, match="last administrator and cannot be deactivated"):
        services.set_active(COMMAND_LINE, last, active=False)
    services.set_active(COMMAND_LINE, other, active=True)
    services.change_role(COMMAND_LINE, last, Role.VIEWER)
    assert User.objects.get(pk=last.pk).role == Role.VIEWER


def test_somebody_deactivated_is_out_at_the_next_request(
    administrator: Client, viewer: Client, home: Settings
) -> None:
    user = User.objects.get(role=Role.VIEWER)
    assert viewer.get("/").status_code == 200
    administrator.post(f"/administration/people/{user.pk}/active/", {"active": "no"})
    assert viewer.get("/").status_code == 302
    administrator.post(f"/administration/people/{user.pk}/active/", {"active": "yes"})
    assert User.objects.get(pk=user.pk).is_active


def test_a_reset_ends_sessions_and_passwords_and_gives_a_link(
    administrator: Client, viewer: Client, password: str
) -> None:
    user = User.objects.get(role=Role.VIEWER)
    answer = administrator.post(f"/administration/people/{user.pk}/reset/")
    assert viewer.get("/").status_code == 302
    signing_in = {"login": user.email, "password": password}
    assert Client().post("/account/login/", signing_in).status_code == 200
    found = re.search(r"/welcome/[\w-]+/", answer.content.decode())
    assert found is not None
    assert Client().post(found[0], GIVEN).status_code == 302
    user.refresh_from_db()
    assert user.check_password(GIVEN["password"])
    assert user.email == "viewer@example.com"


def test_a_link_of_somebody_deactivated_does_not_work(administrator: Client) -> None:
    user, token = services.invite(COMMAND_LINE, email="n@example.com", name="N", role=Role.VIEWER)
    administrator.post(f"/administration/people/{user.pk}/active/", {"active": "no"})
    assert Client().get(f"/welcome/{token}/").status_code == 410
