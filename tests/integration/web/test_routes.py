"""Every route with every role and without a session; every form without its CSRF token."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import get_resolver

from seatbeacon.api.limits import FAILURES
from seatbeacon.web import checks
from seatbeacon.web.access import BY_TOKEN, PUBLIC, access_of, public, requires, routes
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

ROUTES = [(path, access_of(pattern.callback)) for path, pattern in routes(get_resolver().url_patterns)]
FINE = {200, 204, 302, 404, 405, 410}
"""What a route may answer to somebody it lets in: a page, somewhere else, or that the thing is not there."""


@pytest.fixture(autouse=True)
def _no_failures_before() -> None:
    FAILURES.forget()


def address(path: str) -> str:
    return "/" + re.sub(r"<(int:)?\w+>", "987654", re.sub(r"<str:\w+>", "nothing", path))


@pytest.mark.parametrize(("path", "access"), ROUTES, ids=[path or "/" for path, _ in ROUTES])
def test_a_route_lets_in_whom_it_says(path: str, access: Any, sign_in: Callable[[Role], Client]) -> None:
    answer = Client().get(address(path))
    if access == BY_TOKEN:
        # A session does not count there; tests/integration/api walks the scopes.
        statuses = {sign_in(role).get(address(path)).status_code for role in Role}
        assert {answer.status_code, *statuses} <= {401, 405}
        return
    if access == PUBLIC:
        assert answer.status_code in FINE
        assert "/account/login/?next=" not in answer.get("Location", "")
    else:
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/?next=")
    for role in Role:
        status = sign_in(role).get(address(path)).status_code
        if access == PUBLIC or role.allows(access):
            assert status in FINE
        else:
            assert status == 403


@pytest.mark.parametrize(("path", "access"), ROUTES, ids=[path or "/" for path, _ in ROUTES])
def test_a_post_without_its_token_is_refused(
    path: str, access: Any, sign_in: Callable[[Role], Client]
) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.post(address(path), {"name": "x"})
    if access == BY_TOKEN:
        assert answer.status_code in {401, 405}
        return
    assert answer.status_code == 403
    if not path.startswith("api/"):
        assert "This form has expired" in answer.content.decode()


def test_a_role_below_is_told_which_one_it_needs(sign_in: Callable[[Role], Client]) -> None:
    page = sign_in(Role.OPERATOR).get("/administration/people/").content.decode()
    assert "This needs the role Administrator; yours is Operator." in page


def test_a_route_that_states_nothing_is_found_and_refused(
    sign_in: Callable[[Role], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    pattern = next(pattern for path, pattern in routes(get_resolver().url_patterns) if path == "imports/")

    def bare(request: object) -> HttpResponse:
        raise AssertionError

    monkeypatch.setattr(pattern, "callback", bare)
    assert [error.id for error in checks.every_route_states_its_role()] == ["web.E001"]
    assert sign_in(Role.ADMINISTRATOR).get("/imports/").status_code == 403


def test_a_name_leads_to_one_route() -> None:
    names: dict[str, set[str]] = {}
    for path, pattern in routes(get_resolver().url_patterns):
        if pattern.name:
            names.setdefault(pattern.name, set()).add(path)
    assert {name: paths for name, paths in names.items() if len(paths) > 1} == {}


def test_every_route_states_its_role() -> None:
    assert checks.every_route_states_its_role() == []


def test_marks_are_read_back() -> None:
    def view(request: object) -> HttpResponse:
        raise AssertionError

    assert access_of(public(view)) == PUBLIC
    assert access_of(requires(Role.OPERATOR)(view)) is Role.OPERATOR
    assert access_of(view) is None


def test_asking_for_a_part_of_a_page_without_a_session_is_told_and_not_sent_elsewhere(home: object) -> None:
    answer = Client().get("/imports/indicator/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
