"""Every fault, as it looks to a plain client."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, Any

import pytest
import requests
import urllib3

from seatbeacon.simulator.faults import CONNECTION_KINDS, CONTENT_KINDS, KINDS, Fault, parse_fault

if TYPE_CHECKING:
    from collections.abc import Callable

USERS = "/users?$select=id&$top=20"
BROKEN = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 403, 404, 410, 418])
def test_a_status_shows_at_the_request_it_was_placed_at(start: Callable[..., Any], status: int) -> None:
    client = start(faults=(Fault(kind=str(status), match="/users", at=2, times=2),))
    assert [client.get(USERS).status_code for _ in range(4)] == [200, status, status, 200]
    assert client.get("/organization").status_code == 200
    assert client.simulator.faults.shown() == 2


@pytest.mark.parametrize("form", ["2", "2.5", "date:3"])
def test_coming_back_before_retry_after_ended_is_noted(start: Callable[..., Any], form: str) -> None:
    client = start(faults=(Fault(kind="429", retry_after=form),))
    answer = client.get(USERS)
    assert answer.status_code == 429
    assert answer.json()["error"]["code"] == "TooManyRequests"
    assert answer.headers["Retry-After"].endswith("GMT" if form.startswith("date") else form)
    assert client.get("/organization").status_code == 200
    assert client.simulator.violations == []
    assert client.get(USERS).status_code == 200
    assert client.simulator.violations[0].startswith("request before Retry-After ended")


def test_without_retry_after_coming_back_at_once_is_nobodys_fault(start: Callable[..., Any]) -> None:
    client = start(faults=(Fault(kind="503"),))
    assert "Retry-After" not in client.get(USERS).headers
    client.get(USERS)
    assert client.simulator.violations == []


def test_an_expired_token_and_one_refused_for_good(start: Callable[..., Any]) -> None:
    client = start(faults=(parse_fault("401:path=/users"), parse_fault("401:path=/groups,times=always")))
    assert [client.get(USERS).status_code for _ in range(2)] == [401, 200]
    assert [client.get("/groups").status_code for _ in range(3)] == [401, 401, 401]


def test_a_claims_challenge_carries_the_claims_in_base64(start: Callable[..., Any]) -> None:
    client = start(faults=(Fault(kind="claims"),))
    answer = client.get(USERS)
    assert answer.status_code == 401
    assert 'error="insufficient_claims"' in answer.headers["WWW-Authenticate"]


def test_a_page_token_can_expire_on_demand(start: Callable[..., Any]) -> None:
    client = start(faults=(Fault(kind="expired-page", match="skiptoken", at=2),))
    first = client.get(USERS).json()
    second = client.get(first["@odata.nextLink"]).json()
    answer = client.get(second["@odata.nextLink"])
    assert answer.json()["error"]["code"] == "Directory_ExpiredPageToken"


@pytest.mark.parametrize("kind", ["reset", "truncated", "truncated-chunked"])
def test_a_body_that_breaks_off_is_an_error_of_the_connection(start: Callable[..., Any], kind: str) -> None:
    client = start(faults=(Fault(kind=kind),))
    with pytest.raises(BROKEN):
        client.get("/subscribedSkus")
    assert client.get("/subscribedSkus").status_code == 200


def test_a_truncated_gzip_body_is_whole_as_http_and_broken_inside(start: Callable[..., Any]) -> None:
    client = start(faults=(Fault(kind="truncated-gzip"),))
    with urllib3.PoolManager() as pool:
        answer = pool.request(
            "GET",
            f"{client.simulator.graph_root}/v1.0/subscribedSkus",
            headers={"Authorization": client.session.headers["Authorization"], "Accept-Encoding": "gzip"},
            decode_content=False,
        )
    assert len(answer.data) == int(answer.headers["Content-Length"])
    with pytest.raises((EOFError, zlib.error)):
        gzip.decompress(answer.data)


def test_a_refused_connection_is_refused_until_the_listener_is_back(start: Callable[..., Any]) -> None:
    client = start(faults=(Fault(kind="refused", seconds=0.4),))
    with pytest.raises(requests.ConnectionError):
        client.get(USERS)
    with pytest.raises(requests.ConnectionError):
        client.get(USERS)
    for _ in range(2000):
        try:
            answer = client.get(USERS)
        except requests.ConnectionError:
            continue
        break
    assert answer.status_code == 200


def test_a_stalled_answer_never_comes(start: Callable[..., Any]) -> None:
    client = start(faults=(Fault(kind="stall", seconds=30),))
    with pytest.raises(requests.ReadTimeout):
        client.session.get(f"{client.simulator.graph_root}/v1.0{USERS}", timeout=0.2)


def test_a_slow_answer_comes(start: Callable[..., Any]) -> None:
    client = start(faults=(Fault(kind="slow", seconds=0.05),))
    assert client.get(USERS).status_code == 200


def test_invalid_json_comes_with_200(start: Callable[..., Any]) -> None:
    client = start(faults=(Fault(kind="bad-json"),))
    answer = client.get(USERS)
    assert answer.status_code == 200
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_a_proxys_login_page_comes_with_200_or_by_redirect(start: Callable[..., Any]) -> None:
    client = start(faults=(Fault(kind="html"), Fault(kind="login-redirect", at=2)))
    page, redirect = client.get(USERS), client.get(USERS)
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert redirect.status_code == 302
    assert redirect.headers["Location"].startswith("https://login.proxy.invalid/")


def test_an_empty_page_has_a_next_link_and_nothing_is_lost(start: Callable[..., Any]) -> None:
    client = start(faults=(Fault(kind="empty-page", at=2, times=2),))
    sizes = [len(page["value"]) for page in client.pages(USERS)]
    assert sizes == [20, 0, 0, 20, 20, 20, 20, 20]


def test_duplicates_repeat_users_of_the_page_before(start: Callable[..., Any]) -> None:
    client = start(faults=(Fault(kind="duplicates", at=2),))
    ids = [row["id"] for row in client.rows(USERS)]
    assert (len(ids), len(set(ids))) == (125, 120)


def test_a_repeating_next_link_leads_to_its_own_page(start: Callable[..., Any]) -> None:
    client = start(faults=(Fault(kind="repeat-link", at=2),))
    link = client.get(USERS).json()["@odata.nextLink"]
    assert client.get(link).json()["@odata.nextLink"] == link


def test_a_foreign_next_link_leads_to_another_host_where_a_token_is_noted(start: Callable[..., Any]) -> None:
    client = start(faults=(Fault(kind="foreign-link"),))
    link = client.get(USERS).json()["@odata.nextLink"]
    assert link.startswith(client.simulator.download_root)
    client.get(link)
    assert client.simulator.violations[0].startswith("token sent to the wrong host")


def test_a_listing_can_end_early_without_a_word(start: Callable[..., Any]) -> None:
    client = start(faults=(Fault(kind="early-end", at=3),))
    assert len(client.rows(USERS)) == 60


def test_a_report_download_breaks_too(start: Callable[..., Any]) -> None:
    client = start(
        faults=(Fault(kind="truncated", role="download"), Fault(kind="503", role="download", at=2))
    )
    location = client.get("/reports/getMailboxUsageDetail(period='D180')").headers["Location"]
    with pytest.raises(BROKEN):
        requests.get(location, timeout=20)
    assert requests.get(location, timeout=20).status_code == 503
    assert requests.get(location, timeout=20).status_code == 200


def test_a_sign_in_can_fail_with_any_code(start: Callable[..., Any]) -> None:
    client = start(faults=(Fault(kind="aadsts", code="53003", role="login"),))
    simulator = client.simulator
    form = {"grant_type": "refresh_token", "client_id": simulator.multi_tenant_client_id}
    form["refresh_token"] = simulator.issue_refresh_token()
    answer = requests.post(simulator.token_endpoint, data=form, timeout=20)
    assert (answer.status_code, answer.json()["error_codes"]) == (400, [53003])


def test_every_kind_that_is_offered_is_played_somewhere_here() -> None:
    shown = {
        "429",
        "500",
        "502",
        "503",
        "504",
        "401",
        "claims",
        "403",
        "404",
        "410",
        "expired-page",
        "aadsts",
    }
    assert shown | set(CONNECTION_KINDS) | set(CONTENT_KINDS) == set(KINDS)
