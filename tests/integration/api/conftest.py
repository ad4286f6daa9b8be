"""The fixtures of the API's tests: a home that holds one import of a simulated tenant, and tokens."""

from __future__ import annotations

# ruff: noqa: E402 - models can be imported once Django is set up
import importlib.util
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import pytest

django.setup()

from django.test import Client

from seatbeacon.api import limits
from seatbeacon.beacon.audit import Actor
from seatbeacon.web.accounts.models import User
from seatbeacon.web.accounts.scopes import Scope
from seatbeacon.web.accounts.tokens import make_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seatbeacon.web.accounts.roles import Role


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
password_hash = _pages.password_hash
make_user = _pages.make_user
sign_in = _pages.sign_in
administrator = _pages.administrator
stocked = _pages.stocked
home = _pages.home
inventory = _pages.inventory


class Api:
    """A program with a token."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def __call__(self, path: str, method: str = "GET", body: Any = None, **query: Any) -> Any:
        """Ask, and return the answer as Django's test client has it, `.body` its JSON if there is any."""
        options: dict[str, Any] = {"query_params": query}
        if body is not None:
            options |= {"data": json.dumps(body), "content_type": "application/json"}
        answer: Any = self.client.generic(method, f"/api/v1{path}", options.pop("data", ""), **options)
        kind = answer.get("Content-Type", "")
        answer.body = json.loads(answer.content) if "json" in kind else None
        if answer.status_code >= 400:
            assert kind == "application/problem+json"
            assert answer.body["status"] == answer.status_code
            assert answer.body["detail"]
            assert answer.body["title"]
        return answer


@pytest.fixture(autouse=True)
def _full_buckets() -> Iterator[None]:
    yield
    for limit in (limits.PER_TOKEN, limits.PER_ADDRESS, limits.FAILURES):
        limit.forget()


@pytest.fixture
def token_of(make_user: Callable[..., User]) -> Callable[..., str]:
    """Makes tokens: `token_of(Role.OPERATOR, Scope.READ)`."""

    def make(role: Role, scope: Scope, **fields: Any) -> str:
        email = f"{role.value}@example.com"
        user = User.objects.filter(email=email).first() or make_user(role)
        ends = datetime.now(UTC).date() + timedelta(days=30)
        return make_token(Actor("a test"), user, name="test", scope=scope, ends_on=ends, **fields)[1]

    return make


@pytest.fixture
def api(token_of: Callable[..., str]) -> Callable[[Scope], Api]:
    """A program with a token of that scope, of a person whose role just reaches."""
    return lambda scope: Api(token_of(scope.role, scope))


@pytest.fixture
def reader(api: Callable[[Scope], Api]) -> Api:
    return api(Scope.READ)
