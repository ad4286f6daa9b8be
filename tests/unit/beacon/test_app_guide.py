from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from seatbeacon.beacon.connections.drafts import Draft, Given, draft_connection
from seatbeacon.beacon.connections.guide import admin_consent_url, app_guide
from seatbeacon.beacon.connections.permissions import NARROWER
from seatbeacon.collection.datasets import DATASETS

TENANT = "11111111-2222-3333-4444-555555555555"
APP = "66666666-7777-8888-9999-aaaaaaaaaaaa"
APP_ONLY = Given(flow="client-credentials", client_id=APP, tenant_id=TENANT)


def _draft(**fields: str) -> Draft:
    return draft_connection(Given(client_id=APP, **fields))


def test_the_permissions_are_the_documented_ones_with_their_ids() -> None:
    ids = {one.name: one.id for one in app_guide(_draft()).permissions}
    assert ids == {
        "Directory.Read.All": "06da0dbc-49e2-44d2-8312-53f166ab848a",
        "Reports.Read.All": "02e97553-ed7b-43d0-ab3c-f8bace0d040c",
        "offline_access": "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
    }
    app_only = {one.name: (one.kind, one.id) for one in app_guide(draft_connection(APP_ONLY)).permissions}
    assert app_only == {
        "Directory.Read.All": ("Application", "7ab1d382-f21e-4acd-a863-ba3e13f7da61"),
        "Reports.Read.All": ("Application", "230c1aed-a721-4c5d-9cb4-a90514e508ef"),
    }


def test_the_narrower_permissions_reach_every_dataset_that_is_no_extra() -> None:
    guide = app_guide(draft_connection(APP_ONLY))
    reached = {name for one in guide.narrower for name in one.datasets}
    assert reached == {dataset.name for dataset in DATASETS if not dataset.extra}
    assert "Directory.Read.All" not in {one.name for one in guide.narrower}
    assert set(NARROWER) == {each.name for each in DATASETS if each.permission == "Directory.Read.All"}
    assert {one.name for one in guide.optional} == {"AuditLog.Read.All", "ReportSettings.Read.All"}


def test_the_redirect_uris_are_told_with_their_platform() -> None:
    guide = app_guide(_draft(), callback="https://beacon.example/connections/callback/")
    platforms = {uri.value: uri.platform for uri in guide.redirect_uris}
    assert platforms == {
        "https://beacon.example/connections/callback/": "Web",
        "https://login.microsoftonline.com/common/oauth2/nativeclient": "Mobile and desktop applications",
        "http://localhost": "Mobile and desktop applications",
    }
    assert app_guide(draft_connection(APP_ONLY)).redirect_uris == ()


def test_the_consent_link_names_the_tenant_or_organizations_never_common() -> None:
    url = admin_consent_url(_draft()) or ""
    assert url.startswith("https://login.microsoftonline.com/organizations/v2.0/adminconsent?")
    query = parse_qs(urlsplit(url).query)
    assert query["client_id"] == [APP]
    assert query["scope"] == [
        "https://graph.microsoft.com/Directory.Read.All https://graph.microsoft.com/Reports.Read.All"
    ]
    own = admin_consent_url(draft_connection(APP_ONLY), state="s") or ""
    assert f"/{TENANT}/v2.0/adminconsent?" in own
    assert parse_qs(urlsplit(own).query)["scope"] == ["https://graph.microsoft.com/.default"]
    assert parse_qs(urlsplit(own).query)["state"] == ["s"]
    odd = replace(_draft(), token_endpoint="https://login.example/token")
    assert admin_consent_url(odd) is None
    assert app_guide(odd).consent_url is None


def test_the_steps_fit_the_flow() -> None:
    delegated = " ".join(step.title for step in app_guide(_draft()).steps)
    app_only = " ".join(step.title for step in app_guide(draft_connection(APP_ONLY)).steps)
    assert "redirect URI" in delegated
    assert "usage reports" in delegated
    assert "redirect URI" not in app_only
    assert "client secret" in app_only
    assert app_guide(_draft()).reports_role == "Reports Reader"
    assert app_guide(draft_connection(APP_ONLY)).reports_role is None
