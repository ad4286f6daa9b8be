from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.test import Client
from tests.secret_search import planted

from seatbeacon.beacon.models import AuditEntry
from seatbeacon.web.accounts.models import User
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.settings import Settings

WRONG = planted("wrong, quite wrong")


def sign_in_with(client: Client, email: str, password: str) -> int:
    return client.post("/account/login/", {"login": email, "password": password}).status_code


def test_a_password_lets_in_and_is_written_to_the_audit_log(
    make_user: Callable[..., User], password: str
) -> None:
    user = make_user(Role.VIEWER)
    assert identify_hasher(user.password).algorithm == "argon2"
    client = Client()
    assert sign_in_with(client, "Viewer@EXAMPLE.com", password) == 302
    assert client.get("/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/").status_code == 302
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["session.signed-in", "session.signed-out"]


def test_guessing_is_throttled_across_processes_and_told(
    make_user: Callable[..., User], password: str
) -> None:
    make_user(Role.VIEWER)
    for _ in range(5):
        assert sign_in_with(Client(), "viewer@example.com", WRONG) == 200
    answer = Client().post("/account/login/", {"login": "viewer@example.com", "password": password})
    assert answer.status_code == 200
    assert "Too many failed login attempts" in answer.content.decode()
    failed = AuditEntry.objects.filter(action="session.sign-in-failed")
    assert {entry.target for entry in failed} == {"viewer@example.com"}
    assert WRONG not in str(list(AuditEntry.objects.values()))


def test_an_unknown_address_is_answered_as_a_wrong_password_is(make_user: Callable[..., User]) -> None:
    make_user(Role.VIEWER)
    pages = [
        Client().post("/account/login/", {"login": email, "password": WRONG}).content.decode()
        for email in ("viewer@example.com", "nobody@example.com")
    ]
    assert all("not correct" in page for page in pages)


def test_nobody_signs_up(home: Settings) -> None:
    given = {"email": "eve@example.com", "password1": "a quiet harbour", "password2": "a quiet harbour"}
    answer = Client().post("/account/signup/", given)
    assert answer.status_code == 200
    assert "Accounts come by invitation" in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(make_user: Callable[..., User], password: str, address: str) -> None:
    make_user(Role.VIEWER)
    given = {"login": "viewer@example.com", "password": password, "next": address}
    assert Client().post("/account/login/", given)["Location"] == "/"
    assert Client().post("/theme/", {"theme": "dark", "next": address})["Location"] == "/"


def test_a_session_is_worth_nothing_after_the_password_changed(viewer: Client, password: str) -> None:
    user = User.objects.get()
    user.set_password("another harbour at dusk")
    user.save()
    assert viewer.get("/").status_code == 302


def test_cookies_are_kept_from_scripts_and_other_sites(make_user: Callable[..., User], password: str) -> None:
    make_user(Role.VIEWER)
    client = Client()
    client.get("/account/login/")
    sign_in_with(client, "viewer@example.com", password)
    for name in ("seatbeacon_session", "seatbeacon_csrf"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"
