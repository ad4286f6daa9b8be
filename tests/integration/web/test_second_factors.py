"""The keys of second factors, and sessions: nothing in the database opens anything."""

from __future__ import annotations

import base64
import re
import sqlite3
import time
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client

from seatbeacon.beacon.audit import COMMAND_LINE
from seatbeacon.beacon.secrets.inspection import inspect_secrets
from seatbeacon.beacon.secrets.keys import new_key, write_key_file
from seatbeacon.beacon.secrets.rotation import rotate_keys
from seatbeacon.beacon.settings.loading import KEY_FILE
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.second_factors import SEALED
from seatbeacon.web.accounts.sessions import SessionStore, row_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.web.accounts.models import User

migration = import_module("seatbeacon.web.accounts.migrations.0003_seal_second_factors")


def code_of(secret: str, steps: int = 0) -> str:
    """What an authenticator app shows, so many times half a minute from now. No code counts twice."""
    app = TOTP(base64.b32decode(secret), 6, SHA1(), 30)  # noqa: S303 - what authenticator apps do
    return app.generate(int(time.time()) + 30 * steps).decode()


def begun(password: str) -> Client:
    """A client that gave the password."""
    client = Client()
    client.post("/account/login/", {"login": "viewer@example.com", "password": password})
    return client


def signs_in(password: str, code: str) -> bool:
    client = begun(password)
    assert client.get("/imports/").status_code == 302, "the password alone does"
    client.post("/account/second-factor/", {"code": code})
    return client.get("/imports/").status_code == 200


def written(home: Settings) -> bytes:
    """Everything in the database, as text and as it lies on the disk."""
    with sqlite3.connect(home.home / "seatbeacon.sqlite3") as database:
        told = "\n".join(database.iterdump()).encode()
    database.close()
    return told + b"".join(path.read_bytes() for path in home.home.glob("seatbeacon.sqlite3*"))


@pytest.fixture
def secret(make_user: Callable[..., User], password: str, home: Settings) -> str:
    """The key of the authenticator app that a viewer has set up."""
    make_user(Role.VIEWER)
    client = begun(password)
    client.post("/profile/confirm/", {"password": password})
    page = client.get("/profile/authenticator/").content.decode()
    found = re.search(r"\b[A-Z2-7]{32}\b", page)
    assert found, page
    assert found[0].encode() not in written(home), "while it is set up"
    assert client.post("/profile/authenticator/", {"code": code_of(found[0])}).status_code == 302
    return found[0]


def test_an_authenticator_signs_in_and_its_key_stands_nowhere(
    home: Settings, secret: str, password: str
) -> None:
    assert Authenticator.objects.get(type="totp").data["secret"].startswith(SEALED)
    assert secret.encode() not in written(home)
    assert not signs_in(password, "000000")
    assert signs_in(password, code_of(secret))


def test_recovery_codes_sign_in_once_each_and_their_seed_stands_nowhere(
    home: Settings, secret: str, password: str
) -> None:
    client = begun(password)
    client.post("/account/second-factor/", {"code": code_of(secret)})
    client.post("/profile/confirm/", {"password": password})
    told = client.get("/profile/codes/download/").content.decode()
    code = re.findall(r"^\d{8}$", told, re.MULTILINE)[0]
    assert Authenticator.objects.get(type="recovery_codes").data["seed"].startswith(SEALED)
    assert signs_in(password, code)
    assert not signs_in(password, code)


def test_a_rotation_of_the_keys_seals_second_factors_anew(home: Settings, secret: str, password: str) -> None:
    before = {str(factor.data) for factor in Authenticator.objects.all()}
    done = rotate_keys(home, actor=COMMAND_LINE)
    assert (done.resealed, done.lost) == (2, ())
    assert not before & {str(factor.data) for factor in Authenticator.objects.all()}
    assert inspect_secrets(home).lost == ()
    assert signs_in(password, code_of(secret, 1))


def test_a_lost_key_tells_whose_second_factor_it_was(home: Settings, secret: str) -> None:
    write_key_file(home.home / KEY_FILE, (new_key(),))
    lost = inspect_secrets(home).lost
    assert {(one.connection, one.state) for one in lost} == {("Viewer <viewer@example.com>", "key lost")}
    assert "Reset the person's second factors" in lost[0].remedy
    assert {one.connection for one in rotate_keys(home, actor=COMMAND_LINE).lost} == {
        "Viewer <viewer@example.com>"
    }


def test_what_an_older_version_stored_in_the_clear_is_sealed(
    home: Settings, secret: str, password: str
) -> None:
    factor = Authenticator.objects.get(type="totp")
    factor.data["secret"] = secret
    factor.save()
    migration.seal(apps, None)
    factor.refresh_from_db()
    assert factor.data["secret"].startswith(SEALED)
    assert not Session.objects.exists()
    assert signs_in(password, code_of(secret))


def test_the_key_that_a_browser_shows_and_what_its_session_holds_stand_nowhere(
    home: Settings, viewer: Client
) -> None:
    key = viewer.cookies["seatbeacon_session"].value
    store = SessionStore(key)
    store["held"] = "something of this session"
    store.save()
    assert SessionStore(key)["held"] == "something of this session"
    there = written(home)
    assert key.encode() not in there
    assert b"something of this session" not in there
    assert b"_auth_user_hash" not in there
    assert Session.objects.get().session_key == row_key(key)
    # What stands in the table lets nobody in.
    stranger = Client()
    stranger.cookies["seatbeacon_session"] = row_key(key)
    assert stranger.get("/imports/").status_code == 302
    assert viewer.get("/imports/").status_code == 200


def test_a_session_that_is_moved_to_another_row_or_changed_is_empty(home: Settings, viewer: Client) -> None:
    row = Session.objects.get()
    other = SessionStore()
    other.create()
    Session.objects.filter(pk=row_key(other.session_key or "")).update(session_data=row.session_data)
    assert dict(SessionStore(other.session_key).items()) == {}
    for damaged in ("", "no base64 at all", row.session_data[:-8] + "AAAAAAA="):
        Session.objects.filter(pk=row.pk).update(session_data=damaged)
        assert viewer.get("/imports/").status_code == 302


def test_a_session_ends_with_the_signing_keys_and_outlives_one_that_is_added(
    home: Settings, viewer: Client, settings_of_django: Callable[..., None]
) -> None:
    from django.conf import settings  # noqa: PLC0415 - as it is now

    before = settings.SECRET_KEY
    settings_of_django(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[before])
    assert viewer.get("/imports/").status_code == 200
    settings_of_django(SECRET_KEY="newer", SECRET_KEY_FALLBACKS=[])
    assert viewer.get("/imports/").status_code == 302


@pytest.fixture
def settings_of_django(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets some of Django's settings for the test."""
    from django.conf import settings  # noqa: PLC0415 - set up by now

    def change(**values: object) -> None:
        for name, value in values.items():
            monkeypatch.setattr(settings, name, value)

    return change
