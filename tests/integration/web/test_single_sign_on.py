"""People sign in with `oidc-provider` as the issuer, a certified one that we did not write."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client, override_settings
from tests.real_parts.conftest import missing
from tests.real_parts.openid.provider import SECRET, SIGN_ON_CLIENT, Provider, made_certificate, running

from seatbeacon.beacon.models import AuditEntry
from seatbeacon.web.accounts.models import User
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.urls import SINGLE_SIGN_ON
from seatbeacon.web.urls import urlpatterns as every_route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seatbeacon.beacon.settings import Settings

urlpatterns = [*every_route, *SINGLE_SIGN_ON]
handler403 = "seatbeacon.web.errors.forbidden"
handler404 = "seatbeacon.web.errors.not_found"
ADELE = {"sub": "adele", "name": "Adele Vance", "email": "Adele@Contoso.com", "email_verified": True}


@pytest.fixture(scope="module")
def issuer() -> Iterator[Provider]:
    with running(made_certificate(), missing) as provider:
        yield provider


@pytest.fixture
def configured(issuer: Provider, home: Settings) -> Iterator[Callable[..., Any]]:
    """Sets single sign-on up as the settings do: `configured(role="viewer")`."""
    entered: list[Any] = []

    def configure(role: str = "none", server: str = "", secret: str = SECRET) -> None:
        app = {
            "provider_id": "oidc",
            "name": "Contoso",
            "client_id": SIGN_ON_CLIENT,
            "secret": secret,
            "settings": {"server_url": server or issuer.issuer, "token_auth_method": "client_secret_post"},
        }
        providers = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        using = override_settings(
            ROOT_URLCONF=__name__,
            SINGLE_SIGN_ON=True,
            SINGLE_SIGN_ON_NAME="Contoso",
            SINGLE_SIGN_ON_ROLE=role,
            SOCIALACCOUNT_PROVIDERS=providers,
        )
        using.enable()
        entered.append(using)

    yield configure
    for using in reversed(entered):
        using.disable()


def browser() -> Client:
    return Client(SERVER_NAME="127.0.0.1")


def begin(client: Client, **given: str) -> str:
    """Press the button; the address that the page leads on to."""
    page = client.post("/account/oidc/login/", given)
    assert page.status_code == 200
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())
    assert found, page.content.decode()
    return unescape(found[1])


def sign_in_as(client: Client, issuer: Provider, claims: dict[str, Any], **given: str) -> Any:
    address = begin(client, **given)
    return back(client, issuer.browse(address, login=json.dumps(claims))[-1])


def back(client: Client, address: str) -> Any:
    assert address.startswith("http://127.0.0.1/account/oidc/callback/?")
    return client.get(address.removeprefix("http://127.0.0.1"))


def words(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_somebody_unknown_is_refused_where_people_come_by_invitation(
    issuer: Provider, configured: Callable[..., None]
) -> None:
    configured()
    client = browser()
    assert "Contoso" in words(client.get("/account/login/"))
    answer = sign_in_as(client, issuer, ADELE)
    assert answer.status_code == 403
    assert "Accounts come by invitation. There is no account for adele@contoso.com." in words(answer)
    assert not User.objects.exists()
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("role", ["viewer", "operator"])
def test_newcomers_get_the_role_of_the_setting_whatever_the_issuer_says(
    issuer: Provider, configured: Callable[..., None], role: str
) -> None:
    configured(role)
    client = browser()
    answer = sign_in_as(client, issuer, ADELE | {"role": "administrator", "roles": ["administrator"]})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/").status_code == 200
    user = User.objects.get()
    assert (user.email, user.name, user.role) == ("adele@contoso.com", "Adele Vance", role)
    assert not user.has_usable_password()
    told = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert told == ["people.came-by-single-sign-on", "session.signed-in"]


def test_somebody_comes_back_to_their_account_under_another_address(
    issuer: Provider, configured: Callable[..., None]
) -> None:
    configured("viewer")
    sign_in_as(browser(), issuer, ADELE)
    configured("none")
    client = browser()
    assert sign_in_as(client, issuer, ADELE | {"email": "adele.smith@contoso.com"}).status_code == 302
    assert client.get("/").status_code == 200
    assert User.objects.get().email == "adele@contoso.com"


def test_an_invited_person_is_known_by_the_verified_address_and_keeps_role_and_password(
    issuer: Provider, configured: Callable[..., None], make_user: Callable[..., User], password: str
) -> None:
    configured()
    make_user(Role.OPERATOR, "adele@contoso.com")
    client = browser()
    assert sign_in_as(client, issuer, ADELE).status_code == 302
    assert client.get("/").status_code == 200
    user = User.objects.get()
    assert user.role == Role.OPERATOR
    assert user.check_password(password)
    assert AuditEntry.objects.filter(action="profile.single-sign-on-added").exists()


@pytest.mark.parametrize("role", ["none", "administrator"])
@pytest.mark.parametrize("verified", [{"email_verified": False}, {"email_verified": "false"}, {}])
def test_an_account_is_not_given_to_whom_the_issuer_does_not_vouch_for(
    issuer: Provider,
    configured: Callable[..., None],
    make_user: Callable[..., User],
    role: str,
    verified: dict[str, Any],
) -> None:
    configured(role)
    make_user(Role.ADMINISTRATOR, "adele@contoso.com")
    client = browser()
    mallory = {"sub": "mallory", "email": "adele@contoso.com"} | verified
    answer = sign_in_as(client, issuer, mallory)
    assert answer.status_code == 403
    assert "the issuer does not say that it verified this address" in words(answer)
    assert client.get("/").status_code == 302
    assert User.objects.count() == 1


def test_entra_ids_claim_vouches_for_an_address(
    issuer: Provider, configured: Callable[..., None], make_user: Callable[..., User]
) -> None:
    configured()
    make_user(Role.VIEWER, "adele@contoso.com")
    entra = {"sub": "pairwise", "email": "adele@contoso.com", "xms_edov": "1"}
    assert sign_in_as(browser(), issuer, entra).status_code == 302


def test_somebody_deactivated_stays_out(
    issuer: Provider, configured: Callable[..., None], make_user: Callable[..., User]
) -> None:
    configured("viewer")
    make_user(Role.VIEWER, "adele@contoso.com", is_active=False)
    client = browser()
    answer = sign_in_as(client, issuer, ADELE)
    assert answer["Location"] == "/account/inactive/"
    assert client.get("/").status_code == 302


def test_who_signed_in_by_password_adds_single_sign_on_in_the_profile(
    issuer: Provider, configured: Callable[..., None], make_user: Callable[..., User], password: str
) -> None:
    configured()
    make_user(Role.VIEWER, "grace@contoso.com")
    client = browser()
    client.post("/account/login/", {"login": "grace@contoso.com", "password": password})
    asked = client.get("/account/oidc/login/?process=connect")
    assert "Contoso" in words(asked)
    address = begin_connecting(client)
    grace = {"sub": "grace", "email": "other@home.example"}
    back(client, issuer.browse(address, login=json.dumps(grace))[-1])
    assert "other@home.example" in words(client.get("/profile/single-sign-on/"))
    other = browser()
    assert sign_in_as(other, issuer, grace).status_code == 302
    assert other.get("/profile/").status_code == 200


def begin_connecting(client: Client) -> str:
    page = client.post("/account/oidc/login/?process=connect").content.decode()
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)
    assert found, page
    return unescape(found[1])


def test_declining_says_so(issuer: Provider, configured: Callable[..., None]) -> None:
    configured("viewer")
    client = browser()
    answer = back(client, issuer.browse(begin(client), decline="login")[-1])
    assert answer.status_code == 403
    assert "The sign-in was declined." in words(answer)


def test_an_answer_to_another_browser_or_a_second_time_is_refused(
    issuer: Provider, configured: Callable[..., None]
) -> None:
    configured("viewer")
    client = browser()
    address = issuer.browse(begin(client), login=json.dumps(ADELE))[-1]
    assert back(browser(), address).status_code == 400
    assert back(client, address).status_code == 302
    assert "begun in another browser, or was used already" in words(back(client, address))


def test_a_dead_issuer_and_one_that_is_no_issuer_are_told(
    issuer: Provider, configured: Callable[..., None], home: Settings, free_port: int
) -> None:
    for server, told in (
        (f"http://127.0.0.1:{free_port}", "The issuer of single sign-on cannot be reached."),
        (f"{issuer.issuer}/test/journal?/.well-known/", "is no discovery document: it lacks issuer"),
        (issuer.issuer.replace("127.0.0.1", "localhost"), f"says that it is the issuer {issuer.issuer}."),
    ):
        configured("viewer", server)
        answer = browser().post("/account/oidc/login/")
        assert answer.status_code == 502
        assert told in words(answer)


def test_an_issuer_that_dies_before_the_answer_is_told(
    issuer: Provider, configured: Callable[..., None], free_port: int
) -> None:
    configured("viewer")
    client = browser()
    address = issuer.browse(begin(client), login=json.dumps(ADELE))[-1]
    configured("viewer", f"http://127.0.0.1:{free_port}")
    assert "cannot be reached" in words(back(client, address))


def test_a_wrong_secret_is_told_and_nothing_of_it_shown(
    issuer: Provider, configured: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    configured("viewer", secret="quite-another-secret")
    client = browser()
    answer = sign_in_as(client, issuer, ADELE)
    assert answer.status_code == 502
    assert "does not know Seatbeacon by its client id and secret" in words(answer)
    assert "quite-another-secret" not in answer.content.decode() + caplog.text
    assert "Single sign-on failed" in caplog.text


def test_signing_out_ends_the_session_here(issuer: Provider, configured: Callable[..., None]) -> None:
    configured("viewer")
    client = browser()
    sign_in_as(client, issuer, ADELE)
    assert client.post("/account/logout/").status_code == 302
    assert client.get("/").status_code == 302


def test_signing_in_leads_back_to_the_page_that_asked_for_it_and_nowhere_else(
    issuer: Provider, configured: Callable[..., None]
) -> None:
    configured("viewer")
    assert sign_in_as(browser(), issuer, ADELE, next="/imports/")["Location"] == "/imports/"
    assert sign_in_as(browser(), issuer, ADELE, next="https://evil.example/")["Location"] == "/"


def test_there_is_one_issuer(issuer: Provider, configured: Callable[..., None]) -> None:
    configured("viewer")
    assert browser().post("/account/other/login/").status_code == 404
