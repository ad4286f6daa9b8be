"""The fixtures of tests that compare the faces: those of the API's tests, and somebody who sees the pages."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


def _shared() -> Any:
    place = Path(__file__).parents[1] / "api" / "conftest.py"
    spec = importlib.util.spec_from_file_location("seatbeacon_api_fixtures", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_api = _shared()
_pages = _api._pages
prepared = _api.prepared
password_hash = _api.password_hash
make_user = _api.make_user
sign_in = _api.sign_in
stocked = _api.stocked
home = _api.home
inventory = _api.inventory
token_of = _api.token_of
api = _api.api
reader = _api.reader
_full_buckets = _api._full_buckets
viewer = _pages.viewer


@pytest.fixture
def command(
    home: object, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """Runs a command line in this process: `command("list", "users")`, and answers what it printed."""
    # The command line sets Django up for itself, which leaves its own settings' name behind.
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "seatbeacon.web.django_settings")
    from seatbeacon.cli.main import run  # noqa: PLC0415 - once Django is set up

    def call(*arguments: str, status: int = 0) -> str:
        capsysbinary.readouterr()
        assert run(arguments) == status
        told = capsysbinary.readouterr()
        return (told.out if status == 0 else told.err).decode()

    return call
