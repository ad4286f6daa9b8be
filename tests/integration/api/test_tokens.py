"""Tokens: made once, kept hashed, bounded by scope, role and end; and how often they may ask."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from tests.integration.api.conftest import Api

from seatbeacon.api import limits
from seatbeacon.api.limits import Limit
from seatbeacon.api.schema import operations, scope_of
from seatbeacon.api.urls import api as the_api
from seatbeacon.beacon.audit import Actor
from seatbeacon.beacon.models import AuditEntry
from seatbeacon.web.accounts import services
from seatbeacon.web.accounts.errors import InvalidToken
from seatbeacon.web.accounts.models import ApiToken, User
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.scopes import Scope
from seatbeacon.web.accounts.tokens import make_token

if TYPE_CHECKING:
    from collections.abc import Callable

OPERATIONS = [
    (method, operation.path, scope_of(operation))
    for operation in operations(the_api)
    for method in operation.methods
]


@pytest.mark.parametrize(("method", "path", "needed"), OPERATIONS, ids=[f"{m} {p}" for m, p, _ in OPERATIONS])
def test_an_operation_lets_in_the_scopes_it_says(
    method: str, path: str, needed: Scope, token_of: Callable[..., str]
) -> None:
    address = path.replace("{connection_id}", "987654").replace("{run_id}", "987654")
    address = address.replace("{schedule_id}", "987654").replace("{tenant_id}", "nothing")
    assert Client().generic(method, f"/api/v1{address}").status_code == 401
    for scope in Scope:
        answer = Api(token_of(Role.ADMINISTRATOR, scope))(address, method)
        assert (answer.status_code == 403) == (not scope.role.allows(needed.role)), answer.content
        assert answer.status_code != 401
        answer.close()  # an export stands in a temporary file until then


def test_a_session_does_not_open_the_api(administrator: Client) -> None:
    answer = administrator.get("/api/v1/users")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="Seatbeacon"'
    assert answer.json()["remedy"] == "Make a token in your profile: Profile, API tokens."


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Basic dGVzdA==", "Bearer sbt_x", "Bearer " + "x" * 9999]
)
def test_what_is_no_token_is_refused(home: object, header: str) -> None:
    answer = Client(headers={"Authorization": header}).get("/api/v1/me")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_only_a_hash_of_a_token_is_kept(token_of: Callable[..., str]) -> None:
    token = token_of(Role.VIEWER, Scope.READ)
    kept = ApiToken.objects.get()
    assert kept.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token.startswith(kept.prefix)
    assert len(kept.prefix) == 10
    stored = str(list(ApiToken.objects.values())) + str(list(AuditEntry.objects.values()))
    assert token not in stored
    assert AuditEntry.objects.get(action="api-access.added").details["name"] == "test"


def test_a_token_tells_whose_it_is_and_when_it_was_used(reader: Api) -> None:
    assert ApiToken.objects.get().last_used_at is None
    body = reader("/me").body
    assert (body["email"], body["role"], body["scope"]) == ("viewer@example.com", "viewer", "read")
    assert ApiToken.objects.get().last_used_at is not None


def test_a_token_ends_with_its_day(reader: Api) -> None:
    ApiToken.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert reader("/me").status_code == 401


def test_a_token_does_no_more_than_its_persons_role_by_now(api: Callable[[Scope], Api]) -> None:
    program = api(Scope.OPERATE)
    assert program("/runs/1/cancel", "POST").status_code != 403
    User.objects.update(role=Role.VIEWER)
    answer = program("/runs/1/cancel", "POST")
    assert answer.status_code == 403
    assert "This needs the role Operator" in answer.body["detail"]
    assert program("/runs").status_code == 200


def test_a_person_who_is_deactivated_or_reset_has_no_tokens_left(
    api: Callable[[Scope], Api], make_user: Callable[..., User]
) -> None:
    program = api(Scope.READ)
    user = User.objects.get()
    services.set_active(Actor("a test"), user, active=False)
    assert program("/me").status_code == 401
    services.set_active(Actor("a test"), user, active=True)
    assert program("/me").status_code == 401
    again = api(Scope.READ)
    assert again("/me").status_code == 200
    services.reset(Actor("a test"), user)
    assert again("/me").status_code == 401


@pytest.mark.parametrize(
    ("scope", "days", "field"),
    [(Scope.OPERATE, 30, "scope"), (Scope.READ, -1, "ends_on"), (Scope.READ, 400, "ends_on")],
)
def test_a_token_above_the_role_or_without_an_end_in_sight_is_not_made(
    make_user: Callable[..., User], scope: Scope, days: int, field: str
) -> None:
    user = make_user(Role.VIEWER)
    ends = datetime.now(UTC).date() + timedelta(days=days)
    with pytest.raises(InvalidToken) as refused:
        make_token(Actor("a test"), user, name="x", scope=scope, ends_on=ends)
    assert refused.value.field == field
    assert not ApiToken.objects.exists()


def test_too_many_requests_are_told_when_to_ask_again(reader: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seatbeacon.api.auth.PER_TOKEN", Limit(per_minute=6, burst=3))
    assert [reader("/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert 1 <= int(reader("/me")["Retry-After"]) <= 10


def test_guessing_tokens_is_throttled_and_stops_right_ones_of_that_address_too(reader: Api) -> None:
    answers = [Api(f"sbt_{n}")("/me").status_code for n in range(limits.FAILURES.burst + 1)]
    assert answers[-2:] == [401, 429]
    assert reader("/me").status_code == 429


def test_a_bucket_fills_again_steadily_and_each_key_has_its_own() -> None:
    limit = Limit(per_minute=60, burst=2)
    assert [limit.take("a", 0.0), limit.take("a", 0.0), limit.take("a", 0.0)] == [0, 0, 1]
    assert limit.take("b", 0.0) == 0
    assert limit.take("a", 1.0) == 0
    assert limit.take("a", 1.0) == 1
    assert limit.look("a", 3.0) == 0


def test_a_person_makes_sees_and_revokes_a_token_on_pages(administrator: Client, home: object) -> None:
    assert "You have no token" in administrator.get("/profile/tokens/").content.decode()
    ends = (datetime.now(UTC).date() + timedelta(days=7)).isoformat()
    given = {"name": "Power <b>BI</b>", "scope": "operate", "ends_on": ends}
    made = administrator.post("/profile/tokens/new/", given).content.decode()
    token = made.partition('id="token" readonly value="')[2].partition('"')[0]
    assert Api(token)("/me").body["token"] == "Power <b>BI</b>"
    page = administrator.get("/profile/tokens/").content.decode()
    assert "Power &lt;b&gt;BI&lt;/b&gt;" in page
    assert token not in page
    assert token[:10] in page
    assert "Power &lt;b&gt;BI&lt;/b&gt;" in administrator.get("/administration/tokens/").content.decode()
    administrator.post(f"/profile/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert Api(token)("/me").status_code == 401
    told = list(AuditEntry.objects.values_list("action", flat=True))
    assert {"api-access.added", "api-access.revoked"} <= set(told)


def test_wrong_words_on_the_form_make_nothing(sign_in: Callable[[Role], Client]) -> None:
    viewer = sign_in(Role.VIEWER)
    for given in (
        {"name": "", "scope": "read", "ends_on": "2999-01-01"},
        {"name": "x", "scope": "administer", "ends_on": "2999-01-01"},
        {"name": "x", "scope": "read", "ends_on": "2999-01-01"},
        {"name": "x", "scope": "read", "ends_on": "soon"},
    ):
        assert viewer.post("/profile/tokens/new/", given).status_code == 400
    assert not ApiToken.objects.exists()


def test_nobody_revokes_another_persons_token_but_an_administrator(
    token_of: Callable[..., str], sign_in: Callable[[Role], Client]
) -> None:
    token = token_of(Role.OPERATOR, Scope.READ)
    number = ApiToken.objects.get().pk
    viewer = sign_in(Role.VIEWER)
    assert viewer.post(f"/profile/tokens/{number}/revoke/").status_code == 404
    assert viewer.post(f"/administration/tokens/{number}/revoke/").status_code == 403
    assert Api(token)("/me").status_code == 200
    sign_in(Role.ADMINISTRATOR).post(f"/administration/tokens/{number}/revoke/")
    assert Api(token)("/me").status_code == 401


def test_the_audit_log_tells_which_token_did_it(api: Callable[[Scope], Api]) -> None:
    program: Any = api(Scope.ADMINISTER)
    assert program("/connections/1/disable", "POST").body["enabled"] is False
    entry = AuditEntry.objects.get(action="connection.disabled")
    assert entry.actor == "Administrator <administrator@example.com> by the API token test"
