"""A real `seatbeacon serve` over a home that holds one import, and an administrator's token for it."""

from __future__ import annotations

# ruff: noqa: E402 - models can be imported once Django is set up
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import pytest
import requests

django.setup()

from django.db import connections

from seatbeacon.beacon.audit import SYSTEM
from seatbeacon.web.accounts.models import User
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.scopes import Scope
from seatbeacon.web.accounts.tokens import make_token

if TYPE_CHECKING:
    from collections.abc import Iterator


def _shared() -> Any:
    place = Path(__file__).parents[1] / "web_inventory" / "conftest.py"
    spec = importlib.util.spec_from_file_location("seatbeacon_inventory_fixtures", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_pages = _shared()
prepared = _pages.prepared
stocked = _pages.stocked


@dataclass
class Served:
    """Where the API is, and a token that may do everything."""

    address: str
    token: str


@pytest.fixture(scope="session")
def served(stocked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One for all tests of a process. It may write no error to its log."""
    home = tmp_path_factory.mktemp("served")
    shutil.copytree(stocked, home, dirs_exist_ok=True)
    token = _token(home)
    environ = {k: v for k, v in os.environ.items() if k not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}}
    environ |= {
        "SEATBEACON_HOME": str(home),
        "SEATBEACON_INVENTORY": str(home / "inventory"),
        "SEATBEACON_API_RATE": "1000000",
        # The tenant has gone: that it does not answer is to be found out soon.
        "SEATBEACON_GIVE_UP_AFTER": "0.1",
    }
    with (home / "errors.log").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "seatbeacon.cli", "serve", "--port", "0", "--no-worker"],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        assert process.stdout is not None
        found = re.search(r"is at (\S+)", process.stdout.readline())
        assert found, (home / "errors.log").read_text()
        _wait_until_it_answers(found[1], process)
        try:
            yield Served(found[1], token)
        finally:
            process.terminate()
            process.wait(60)
            process.stdout.close()
    assert "Traceback" not in (home / "errors.log").read_text()


def _token(home: Path) -> str:
    """A token of an administrator's, made in the database of `home`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEATBEACON_HOME", str(home))
        patch.setitem(connections["default"].settings_dict, "NAME", str(home / _pages.DATABASE))
        connections.close_all()
        user = User.objects.create(email="ada@example.com", name="Ada", role=Role.ADMINISTRATOR)
        ends = datetime.now(UTC).date() + timedelta(days=30)
        token: str = make_token(SYSTEM, user, name="test", scope=Scope.ADMINISTER, ends_on=ends)[1]
        connections.close_all()
    return token


def _wait_until_it_answers(address: str, process: subprocess.Popen[str]) -> None:
    """The address is told before the pages are loaded."""
    while process.poll() is None:
        try:
            assert requests.get(f"{address}/api/v1/openapi.json", timeout=60).status_code == 200
        except requests.ConnectionError:
            continue
        return
    raise AssertionError(f"serve ended with status {process.returncode}")
