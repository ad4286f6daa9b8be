"""Generate…: through the sign-in pages and back, and what must not pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from seatbeacon.beacon.audit import Actor
from seatbeacon.beacon.authorization.begin import begin
from seatbeacon.beacon.authorization.candidates import candidate, discard, matches, open_candidate
from seatbeacon.beacon.authorization.finish import finish, finish_query
from seatbeacon.beacon.authorization.status import authorization_status
from seatbeacon.beacon.connections.access import open_access
from seatbeacon.beacon.connections.drafts import Given
from seatbeacon.beacon.connections.facts import authorized_facts
from seatbeacon.beacon.connections.services import GivenSecrets, add_connection, edit_connection, would_forget
from seatbeacon.beacon.errors import AuthorizationError, AuthorizationKind, InvalidConnection
from seatbeacon.beacon.models import Authorization, Connection, SecretField, StoredSecret
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.beacon.secrets.store import get_secret
from seatbeacon.graph.oauth.token_request import Patience
from seatbeacon.graph.retry import RetryPolicy
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.authorization.begin import Begun
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.simulator.server import Simulator

ME = "session of Ada"
ADA = Actor("ada@contoso.example", "1", "127.0.0.1")


def _begin(home: Settings, form: Given, **more: Any) -> Begun:
    return begin(home, given=form, asker=ME, actor=ADA, **more)


def _finish(home: Settings, address: str, **more: Any) -> Any:
    return finish(home, address, asker=ME, actor=ADA, **more)


def _refused(home: Settings, address: str, **more: Any) -> AuthorizationKind:
    """Finishing is refused, in words, and nothing is kept; which kind of refusal."""
    secrets = StoredSecret.objects.count()
    with pytest.raises(AuthorizationError) as refusal:
        _finish(home, address, **more)
    assert refusal.value.problem
    assert refusal.value.remedy
    assert len(str(refusal.value)) < 600
    assert StoredSecret.objects.count() == secrets
    assert not Authorization.objects.filter(candidate__isnull=False).exists()
    return refusal.value.kind


def _saved(home: Settings, form: Given, address: str, name: str = "Contoso") -> Connection:
    ring = load_key_ring(home)
    token = open_candidate(ring, _finish(home, address).id, asker=ME)
    return add_connection(ring, name, form, GivenSecrets(authorized=token), actor=ADA)


def test_the_address_asks_for_the_three_permissions_and_an_account(home: Settings, form: Given) -> None:
    begun = _begin(home, form)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begun.url).query).items()}
    scopes = asked["scope"].split()
    assert {scope.rpartition("/")[2] for scope in scopes} >= {
        "Directory.Read.All",
        "Reports.Read.All",
        "offline_access",
    }
    assert asked["prompt"] == "select_account"
    assert asked["code_challenge_method"] == "S256"
    assert asked["state"] == begun.state
    assert begun.comes_back == "paste"


def test_a_pasted_address_becomes_a_token_that_save_attaches(
    home: Settings, form: Given, browser: Any, simulator: Simulator
) -> None:
    begun = _begin(home, form)
    found = _finish(home, browser.sign_in(begun.url), id=begun.id)
    assert found.facts.username == "reports-reader@contoso.example"
    assert found.facts.display_name == "Rita Reader"
    assert found.facts.tenant_id == simulator.tenant.id
    assert found.facts.scopes == ("Directory.Read.All", "Reports.Read.All")
    assert found.facts.dies_on == (found.facts.obtained_at + timedelta(days=90)).date()
    assert not StoredSecret.objects.exists()

    ring = load_key_ring(home)
    secrets = GivenSecrets(authorized=open_candidate(ring, found.id, asker=ME))
    connection = add_connection(ring, "Contoso", form, secrets, actor=ADA)
    assert connection.tenant_id == simulator.tenant.id
    assert authorized_facts(connection) == found.facts
    assert not Authorization.objects.exists()
    with open_access(home, connection) as access:
        assert access.tokens.token()


def test_the_answer_is_found_by_its_state_at_an_address_of_our_own(
    home: Settings, form: Given, browser: Any
) -> None:
    begun = _begin(home, replace(form, redirect_uri="http://localhost:8365/callback"))
    assert begun.comes_back == "here"
    assert authorization_status(begun.id, asker=ME).state == "waiting"
    query = urlsplit(browser.sign_in(begun.url)).query
    found = finish_query(home, query, asker=ME, actor=ADA)
    assert authorization_status(begun.id, asker=ME).candidate == found


def test_the_code_alone_will_do_where_the_sign_in_is_named(home: Settings, form: Given, browser: Any) -> None:
    begun = _begin(home, form)
    (code,) = parse_qs(urlsplit(browser.sign_in(begun.url)).query)["code"]
    assert _refused(home, code) is AuthorizationKind.NOT_THE_REDIRECT
    assert _finish(home, code, id=begun.id).facts.tenant_id


def test_an_own_app_proves_itself_with_the_secret_of_the_unsaved_form(
    home: Settings, form: Given, browser: Any, simulator: Simulator
) -> None:
    endpoints = {
        "token_endpoint": simulator.token_endpoint.replace("/common/", f"/{simulator.tenant.id}/"),
        "authorization_endpoint": simulator.authorization_endpoint.replace(
            "/common/", f"/{simulator.tenant.id}/"
        ),
    }
    own = replace(form, client_id=simulator.own_client_id, **endpoints)
    secrets = GivenSecrets(client_secret=Secret(simulator.client_secret))
    begun = _begin(home, own, secrets=secrets)
    stored = Authorization.objects.get()
    assert simulator.client_secret.encode() not in bytes(stored.sealed)
    assert simulator.client_secret not in str(stored.settings)
    assert _finish(home, browser.sign_in(begun.url)).facts.tenant_id == simulator.tenant.id


def test_declining_is_told_and_uses_the_sign_in_up(home: Settings, form: Given, browser: Any) -> None:
    begun = _begin(home, form)
    address = browser.sign_in(begun.url, cancel="1")
    assert _refused(home, address) is AuthorizationKind.DECLINED
    status = authorization_status(begun.id, asker=ME)
    assert (status.state, status.kind) == ("failed", "declined")
    assert "declined" in status.problem.lower()
    assert _refused(home, address) is AuthorizationKind.USED


def test_an_account_that_may_not_consent_is_told_who_may(home: Settings, form: Given, browser: Any) -> None:
    address = browser.sign_in(_begin(home, form).url, "ordinary", denied="1")
    with pytest.raises(AuthorizationError, match="admin") as refusal:
        _finish(home, address)
    assert refusal.value.kind is AuthorizationKind.CONSENT_MISSING


def test_a_callback_counts_once(home: Settings, form: Given, browser: Any) -> None:
    address = browser.sign_in(_begin(home, form).url)
    first = _finish(home, address)
    with pytest.raises(AuthorizationError, match="already") as refusal:
        _finish(home, address)
    assert refusal.value.kind is AuthorizationKind.USED
    assert candidate(first.id, asker=ME) == first


def test_a_state_of_another_session_is_refused_and_stays_open_for_its_own(
    home: Settings, form: Given, browser: Any
) -> None:
    begun = _begin(home, form)
    address = browser.sign_in(begun.url)
    for number in (None, begun.id):
        with pytest.raises(AuthorizationError) as refusal:
            finish(home, address, asker="session of Eve", actor=ADA, id=number)
        assert refusal.value.kind is AuthorizationKind.OTHER_SESSION
    with pytest.raises(AuthorizationError):
        authorization_status(begun.id, asker="session of Eve")
    discard(begun.id, asker="session of Eve")
    found = _finish(home, address)
    with pytest.raises(AuthorizationError) as refusal:
        open_candidate(load_key_ring(home), found.id, asker="session of Eve")
    assert refusal.value.kind is AuthorizationKind.OTHER_SESSION


def test_what_cannot_be_the_answer_is_told_apart_and_leaves_the_sign_in_open(
    home: Settings, form: Given, browser: Any
) -> None:
    begun = _begin(home, form)
    other = _begin(home, form)
    address = browser.sign_in(begun.url)
    place, _, query = address.partition("?")
    wrong = {
        "": AuthorizationKind.NO_CODE,
        "   ": AuthorizationKind.NO_CODE,
        place: AuthorizationKind.NO_CODE,
        f"{place}?state={begun.state}": AuthorizationKind.NO_CODE,
        f"{address}&code=another": AuthorizationKind.NO_CODE,
        f"{place}#{query}": AuthorizationKind.FRAGMENT,
        f"{address}#top": AuthorizationKind.FRAGMENT,
        query: AuthorizationKind.NOT_THE_REDIRECT,
        "javascript:alert(1)": AuthorizationKind.NOT_THE_REDIRECT,
        "<script>alert(1)</script>": AuthorizationKind.NOT_THE_REDIRECT,
        f"http://[::1?{query}": AuthorizationKind.NOT_THE_REDIRECT,
        f"https://evil.example/common/oauth2/nativeclient?{query}": AuthorizationKind.NOT_THE_REDIRECT,
        f"{place.upper()}?{query}": AuthorizationKind.NOT_THE_REDIRECT,
        f"{place}/more?{query}": AuthorizationKind.NOT_THE_REDIRECT,
        address.replace(begun.state, "made-up"): AuthorizationKind.WRONG_STATE,
        address.replace(begun.state, other.state): AuthorizationKind.WRONG_STATE,
        address + "x" * 1_000_000: AuthorizationKind.TOO_LONG,
        "x" * 1_000_000: AuthorizationKind.TOO_LONG,
    }
    for text, kind in wrong.items():
        assert _refused(home, text, id=begun.id) is kind, text[:200]
        assert authorization_status(begun.id, asker=ME).state == "waiting"
    assert _finish(home, f"  {address}\n", id=begun.id)


def test_a_sign_in_that_took_too_long_is_expired(home: Settings, form: Given, browser: Any) -> None:
    begun = _begin(home, form)
    address = browser.sign_in(begun.url)
    Authorization.objects.update(expires_at=begun.expires_at - timedelta(minutes=15, seconds=1))
    assert _refused(home, address) is AuthorizationKind.EXPIRED
    assert authorization_status(begun.id, asker=ME).state == "expired"
    _begin(home, form)
    assert Authorization.objects.count() == 1
    assert _refused(home, address) is AuthorizationKind.WRONG_STATE


def test_an_account_of_another_tenant_than_the_forms_is_refused(
    home: Settings, form: Given, browser: Any, monkeypatch: pytest.MonkeyPatch, simulator: Simulator
) -> None:
    begun = _begin(home, form)
    row = Authorization.objects.get()
    row.settings["tenant_id"] = "11111111-2222-3333-4444-555555555555"
    # The endpoints stay those of every tenant, so that only the account tells which one it is of.
    monkeypatch.setattr("seatbeacon.graph.oauth.OAuthApp.for_tenant", lambda app, tenant: app)
    row.save()
    assert _refused(home, browser.sign_in(begun.url)) is AuthorizationKind.WRONG_TENANT


def test_a_code_that_somebody_made_up_is_refused_in_words(home: Settings, form: Given) -> None:
    begun = _begin(home, form)
    address = f"{begun.redirect_uri}?code=made-up&state={begun.state}"
    assert _refused(home, address) in {AuthorizationKind.FAILED, AuthorizationKind.EXPIRED}


def test_a_dead_sign_in_host_is_told_in_words(home: Settings, form: Given) -> None:
    begun = _begin(home, replace(form, token_endpoint="http://127.0.0.1:9/common/oauth2/v2.0/token"))
    row = Authorization.objects.get()
    assert row.settings["token_endpoint"].startswith("http://127.0.0.1:9/")
    quick = Patience(policy=RetryPolicy(give_up_after=0.001))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("seatbeacon.beacon.authorization.finish.PATIENCE", quick)
        assert _refused(home, f"{begun.redirect_uri}?code=c&state={begun.state}") is AuthorizationKind.FAILED


def test_a_second_connection_to_the_same_tenant_is_refused_with_the_name_of_the_first(
    home: Settings, form: Given, browser: Any
) -> None:
    first = _saved(home, form, browser.sign_in(_begin(home, form).url))
    address = browser.sign_in(_begin(home, form).url)
    with pytest.raises(AuthorizationError, match="Contoso") as refusal:
        _finish(home, address)
    assert refusal.value.kind is AuthorizationKind.TENANT_TAKEN
    again = _begin(home, Given(), connection=first)
    assert _finish(home, browser.sign_in(again.url)).facts.tenant_id == first.tenant_id


def test_a_candidate_does_not_fit_a_form_that_changed_meanwhile(
    home: Settings, form: Given, browser: Any
) -> None:
    found = _finish(home, browser.sign_in(_begin(home, form).url))
    other = replace(form, client_id="66666666-7777-8888-9999-aaaaaaaaaaaa")
    assert matches(found.id, form, asker=ME)
    assert not matches(found.id, other, asker=ME)
    ring = load_key_ring(home)
    token = open_candidate(ring, found.id, asker=ME)
    with pytest.raises(AuthorizationError, match=r"Application \(client\) ID") as refusal:
        add_connection(ring, "Contoso", other, GivenSecrets(authorized=token))
    assert refusal.value.kind is AuthorizationKind.CANDIDATE_MISMATCH
    assert not Connection.objects.exists()
    connection = add_connection(ring, "Contoso", form, GivenSecrets(authorized=token))
    with pytest.raises(AuthorizationError) as refusal:
        edit_connection(ring, connection, Given(), GivenSecrets(authorized=token))
    assert refusal.value.kind is AuthorizationKind.CANDIDATE_GONE


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "66666666-7777-8888-9999-aaaaaaaaaaaa"},
        {"redirect_uri": "http://localhost/other"},
        {"graph_root": "http://127.0.0.1:1"},
        {"flow": "device-code"},
    ],
)
def test_a_token_is_forgotten_where_what_was_authorised_changes(
    home: Settings, form: Given, browser: Any, change: dict[str, str]
) -> None:
    connection = _saved(home, form, browser.sign_in(_begin(home, form).url))
    assert would_forget(connection, Given(**change)) == [SecretField.REFRESH_TOKEN]
    assert would_forget(connection, Given(proxy="proxy.example:8080")) == []
    ring = load_key_ring(home)
    assert edit_connection(ring, connection, Given(**change), GivenSecrets()) == [SecretField.REFRESH_TOKEN]
    assert authorized_facts(connection) is None


def test_the_audit_log_tells_of_it_without_any_secret(
    home: Settings, form: Given, browser: Any, audit: Callable[[], Any]
) -> None:
    begun = _begin(home, form, name="Contoso")
    address = browser.sign_in(begun.url)
    connection = _saved(home, form, address)
    token = get_secret(load_key_ring(home), connection, SecretField.REFRESH_TOKEN)
    assert token is not None
    told = audit()
    assert [action for action, _, _ in told] == [
        "connection.authorization-begun",
        "connection.authorized",
        "connection.added",
    ]
    (code,) = parse_qs(urlsplit(address).query)["code"]
    for secret in (token.reveal(), code, begun.state):
        assert secret not in str(told)


def test_no_other_flow_has_a_page_to_sign_in_at(home: Settings, form: Given) -> None:
    with pytest.raises(InvalidConnection, match="Device Code"):
        _begin(home, replace(form, flow="device-code", authorization_endpoint=None))
