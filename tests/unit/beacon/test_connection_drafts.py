from __future__ import annotations

import pytest

from seatbeacon.beacon.connections.drafts import Given, draft_connection
from seatbeacon.beacon.connections.fields import check_name
from seatbeacon.beacon.errors import InvalidConnection
from seatbeacon.beacon.models import Connection, Flow

TENANT = "11111111-2222-3333-4444-555555555555"
APP = "66666666-7777-8888-9999-aaaaaaaaaaaa"
LOOPBACK = "http://127.0.0.1:8400"


def test_without_anything_given_the_fields_are_those_of_the_documented_app() -> None:
    draft = draft_connection(Given())
    assert draft.cloud == "global"
    assert draft.flow is Flow.AUTHORIZATION_CODE
    assert draft.token_endpoint == "https://login.microsoftonline.com/common/oauth2/v2.0/token"
    assert draft.authorization_endpoint == "https://login.microsoftonline.com/common/oauth2/v2.0/authorize"
    assert draft.client_id == "5bb1a5a2-0d97-4335-9448-119f7b27aff9"
    assert draft.redirect_uri == "https://login.microsoftonline.com/common/oauth2/nativeclient"
    assert draft.graph_root == "https://graph.microsoft.com"
    assert (draft.tenant_id, draft.proxy_url, draft.proxy_username) == ("", "", "")


def test_a_cloud_fills_all_endpoints() -> None:
    draft = draft_connection(Given(cloud="us-gov-l5"))
    assert draft.token_endpoint == "https://login.microsoftonline.us/common/oauth2/v2.0/token"
    assert draft.authorization_endpoint == "https://login.microsoftonline.us/common/oauth2/v2.0/authorize"
    assert draft.redirect_uri == "https://login.microsoftonline.us/common/oauth2/nativeclient"
    assert draft.graph_root == "https://dod-graph.microsoft.us"


def test_the_authorization_endpoint_follows_from_a_token_endpoint_of_our_own() -> None:
    draft = draft_connection(Given(token_endpoint=f"{LOOPBACK}/common/oauth2/v2.0/token"))
    assert draft.authorization_endpoint == f"{LOOPBACK}/common/oauth2/v2.0/authorize"


def test_where_it_does_not_follow_it_is_asked_for() -> None:
    with pytest.raises(InvalidConnection, match="--authorization-endpoint"):
        draft_connection(Given(token_endpoint=f"{LOOPBACK}/oauth/token"))


def test_client_credentials_get_the_tenant_into_the_endpoint() -> None:
    draft = draft_connection(Given(flow="client-credentials", client_id=APP, tenant_id=TENANT.upper()))
    assert draft.token_endpoint == f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"
    assert (draft.tenant_id, draft.authorization_endpoint) == (TENANT, "")


def test_client_credentials_without_a_tenant_are_refused_with_the_reason() -> None:
    with pytest.raises(InvalidConnection, match="--tenant-id") as caught:
        draft_connection(Given(flow="client-credentials", client_id=APP))
    assert "tenant's own endpoint" in str(caught.value)


def test_client_credentials_need_an_app_of_ones_own() -> None:
    with pytest.raises(InvalidConnection, match="--client-id"):
        draft_connection(Given(flow="client-credentials", tenant_id=TENANT))


def test_a_token_endpoint_that_names_a_tenant_says_which_it_is() -> None:
    endpoint = f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"
    assert draft_connection(Given(token_endpoint=endpoint)).tenant_id == TENANT
    with pytest.raises(InvalidConnection, match="the tenant id says"):
        draft_connection(Given(token_endpoint=endpoint, tenant_id=APP))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Given(token_endpoint="http://login.example/common/oauth2/v2.0/token"), "token-endpoint"),
        (Given(token_endpoint="javascript:alert(1)"), "token-endpoint"),
        (Given(token_endpoint="https://login.example/token?x=1"), "token-endpoint"),
        (Given(token_endpoint="https://user:pw@login.example/oauth2/v2.0/token"), "token-endpoint"),
        (Given(authorization_endpoint="ftp://login.example"), "authorization-endpoint"),
        (Given(client_id="my app"), "client-id"),
        (Given(tenant_id="contoso.example"), "tenant-id"),
        (Given(redirect_uri="https://beacon.example/back#here"), "redirect-uri"),
        (Given(redirect_uri="https://beacon.example/" + "x" * 300), "redirect-uri"),
        (Given(graph_root="https://graph.microsoft.com/v1.0"), "graph-root"),
        (Given(graph_root="http://graph.example"), "graph-root"),
        (Given(proxy="socks5://proxy.example:1080"), "proxy"),
        (Given(proxy="proxy.example"), "proxy"),
        (Given(proxy="http://me:hunter2@proxy.example:8080"), "proxy"),
        (Given(proxy_username="me"), "proxy-username"),
        (Given(cloud="moon"), "cloud"),
        (Given(flow="password"), "flow"),
        (Given(cloud="custom"), "token-endpoint"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(given: Given, field: str) -> None:
    with pytest.raises(InvalidConnection) as caught:
        draft_connection(given)
    assert caught.value.field == field
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("address", ["http://proxy.example:8080", "proxy.example:8080", "10.0.0.5:8080"])
def test_a_proxy_is_kept_in_one_spelling(address: str) -> None:
    draft = draft_connection(Given(proxy=address, proxy_username="me"))
    assert draft.proxy_url == f"http://{address.removeprefix('http://')}"
    assert draft.proxy_username == "me"


def _existing(**fields: str) -> Connection:
    draft = draft_connection(Given(client_id=APP, proxy="proxy.example:8080", proxy_username="me"))
    values = {name: getattr(draft, name) for name in draft.__dataclass_fields__} | fields
    return Connection(name="Contoso", **values)


def test_only_what_is_given_changes() -> None:
    before = _existing()
    draft = draft_connection(Given(redirect_uri="http://localhost:8365/back"), before)
    assert draft.redirect_uri == "http://localhost:8365/back"
    assert draft.client_id == APP
    assert draft.proxy_url == "http://proxy.example:8080"


def test_an_empty_proxy_takes_the_proxy_away() -> None:
    draft = draft_connection(Given(proxy=""), _existing())
    assert (draft.proxy_url, draft.proxy_username) == ("", "")


def test_another_cloud_fills_the_endpoints_anew() -> None:
    draft = draft_connection(Given(cloud="china"), _existing())
    assert draft.token_endpoint.startswith("https://login.partner.microsoftonline.cn/")
    assert draft.client_id == APP


@pytest.mark.parametrize("name", ["Contoso 365", "0_1", "Ünïcode", "株式会社"])
def test_a_name_of_letters_digits_underscores_and_spaces_is_taken(name: str) -> None:
    assert check_name(f" {name} ") == name


@pytest.mark.parametrize("name", ["", "  ", "_x", "a-b", "a/b", "a\nb", "<b>", "x" * 101, "a\u202eb"])
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidConnection) as caught:
        check_name(name)
    assert "\u202e" not in str(caught.value)
    assert "\n" not in str(caught.value)
