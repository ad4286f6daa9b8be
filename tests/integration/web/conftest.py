from __future__ import annotations

# ruff: noqa: E402 - models can be imported once Django is set up
import shutil
import socket
from typing import TYPE_CHECKING

import django
import pytest

django.setup()

from django.conf import settings as django_settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import connections
from django.test import Client
from tests.prepared import DATABASE, prepare
from tests.secret_search import planted

from seatbeacon.beacon.settings import load_settings
from seatbeacon.web.accounts.models import User
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.start import prepare_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings

# The host name that Django's test client calls.
django_settings.ALLOWED_HOSTS.append("testserver")

PASSWORD = planted("a quiet harbour at dawn")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose tables are made, once per process; tests get copies."""
    return prepare(tmp_path_factory.mktemp("prepared"), lambda: prepare_tables(load_settings()))


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Argon2 takes its time; the accounts of tests share one hash."""
    return make_password(PASSWORD)


@pytest.fixture
def home(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The settings of a home of this test's own."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    shutil.copy(prepared / DATABASE, folder)
    monkeypatch.setenv("SEATBEACON_HOME", str(folder))
    connections.close_all()
    monkeypatch.setitem(connections["default"].settings_dict, "NAME", str(folder / DATABASE))
    yield load_settings()
    cache.close()
    connections.close_all()


@pytest.fixture
def make_user(home: Settings, password_hash: str) -> Callable[..., User]:
    """Makes accounts: `make_user(Role.VIEWER)`."""

    def make(role: Role, email: str | None = None, **fields: object) -> User:
        user = User(email=email or f"{role.value}@example.com", name=role.label, role=role, **fields)
        user.password = password_hash
        user.save()
        return user

    return make


@pytest.fixture
def sign_in(make_user: Callable[..., User]) -> Callable[[Role], Client]:
    """A client with a session of somebody of that role."""

    def make(role: Role) -> Client:
        email = f"{role.value}@example.com"
        user = User.objects.filter(email=email).first() or make_user(role)
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make


@pytest.fixture
def administrator(sign_in: Callable[[Role], Client]) -> Client:
    return sign_in(Role.ADMINISTRATOR)


@pytest.fixture
def viewer(sign_in: Callable[[Role], Client]) -> Client:
    return sign_in(Role.VIEWER)


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
    return found
