"""Graph's listings as a plain client sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.simulator.truth import truth

if TYPE_CHECKING:
    from collections.abc import Callable

EVENTUAL = {"ConsistencyLevel": "eventual"}


def test_all_pages_together_hold_every_user_once(start: Callable[..., Any]) -> None:
    client = start(page_size_cap=17)
    pages = list(client.pages("/users?$select=id,userPrincipalName&$top=999"))
    ids = [row["id"] for page in pages for row in page["value"]]
    assert len(pages) == 8
    assert ids == [row["id"] for row in truth(client.simulator.tenant).users]
    assert client.simulator.violations == []


def test_reading_twice_gives_the_same_pages(client: Any) -> None:
    path = "/users?$select=id,assignedLicenses,licenseAssignmentStates&$top=50"
    assert client.rows(path) == client.rows(path)


def test_a_listing_without_select_shows_the_default_properties_alone(client: Any) -> None:
    (row,) = client.get("/users?$top=1").json()["value"]
    assert set(row) == {
        "businessPhones",
        "displayName",
        "givenName",
        "id",
        "jobTitle",
        "mail",
        "mobilePhone",
        "officeLocation",
        "preferredLanguage",
        "surname",
        "userPrincipalName",
    }


def test_a_manager_comes_only_when_expanded(client: Any) -> None:
    rows = client.rows("/users?$select=id&$expand=manager($select=id,displayName,userPrincipalName)&$top=999")
    managers = [row["manager"] for row in rows if "manager" in row]
    assert managers
    assert set(managers[0]) == {"@odata.type", "id", "displayName", "userPrincipalName"}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/users?$top=1000", 400, "Request_UnsupportedQuery"),
        ("/users?$top=0", 400, "Request_UnsupportedQuery"),
        ("/users?$select=aboutMe", 501, "NotImplemented"),
        ("/users?$select=nonsense", 400, "BadRequest"),
        ("/users?$skip=10", 400, "BadRequest"),
        ("/users?$filter=startswith(userPrincipalName", 400, "BadRequest"),
        ("/users?$filter=userPrincipalName gt 'a'", 400, "Request_UnsupportedQuery"),
        ("/users?$filter=licenseAssignmentStates eq 'x'", 400, "Request_UnsupportedQuery"),
        ("/users?$filter=accountEnabled ne true", 400, "Request_UnsupportedQuery"),
        ("/users?$filter=not startswith(userPrincipalName,'a')", 400, "Request_UnsupportedQuery"),
        ("/users?$filter=endswith(userPrincipalName,'x')&$count=true", 400, "Request_UnsupportedQuery"),
        ("/users/$count", 400, "Request_BadRequest"),
        ("/subscribedSkus?$filter=skuId eq 'x'", 400, "Request_UnsupportedQuery"),
        ("/users/00000000-0000-4000-8000-000000000000", 404, "Request_ResourceNotFound"),
        ("/planets", 400, "BadRequest"),
        ("/admin/reportSettings", 403, "Authorization_RequestDenied"),
        ("/users?$select=id,signInActivity", 403, "Authentication_MSGraphPermissionMissing"),
    ],
)
def test_what_graph_refuses_is_refused(client: Any, path: str, status: int, code: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["innerError"]["request-id"] == answer.headers["request-id"]


def test_more_than_fifteen_alternatives_are_refused(client: Any) -> None:
    clauses = [f"startswith(userPrincipalName,'{letter}')" for letter in "abcdefghijklmnop"]
    assert client.get(f"/users?$filter={' or '.join(clauses)}").status_code == 400
    assert client.get(f"/users?$filter={' or '.join(clauses[:15])}").status_code == 200


def test_prefixes_and_their_complement_are_everybody(client: Any) -> None:
    some = " or ".join(f"startswith(userPrincipalName,'{letter}')" for letter in "abcj")
    inside = client.rows(f"/users?$filter={some}&$select=id&$top=999")
    outside = client.rows(f"/users?$filter=not({some})&$count=true&$select=id&$top=20", **EVENTUAL)
    everybody = client.rows("/users?$select=id&$top=999")
    assert sorted(row["id"] for row in inside + outside) == sorted(row["id"] for row in everybody)
    assert inside
    assert outside


def test_a_prefix_ignores_case(client: Any) -> None:
    lower = client.rows("/users?$filter=startswith(userPrincipalName,'a')&$select=userPrincipalName")
    upper = client.rows("/users?$filter=startswith(userPrincipalName,'A')&$select=userPrincipalName")
    assert lower == upper
    assert all(row["userPrincipalName"].lower().startswith("a") for row in lower)


def test_ranges_of_names_and_of_creation_split_everybody(client: Any) -> None:
    names = "/users?$select=id&$top=999&$filter=userPrincipalName {} 'm'"
    assert len(client.rows(names.format("ge"))) + len(client.rows(names.format("le"))) == 120
    days = "/users?$select=id&$top=999&$filter=createdDateTime {} 2022-01-01T00:00:00Z"
    assert len(client.rows(days.format("ge"))) + len(client.rows(days.format("le"))) == 120


def test_the_count_is_a_bare_number_and_stands_on_the_first_page_only(client: Any) -> None:
    answer = client.get("/users/$count", **EVENTUAL)
    assert answer.headers["Content-Type"] == "text/plain"
    assert int(answer.content.decode("utf-8-sig")) == 120
    first, second, *_ = client.pages("/users?$count=true&$top=50&$select=id", **EVENTUAL)
    assert first["@odata.count"] == 120
    assert "@odata.count" not in second


def test_a_later_page_of_an_advanced_query_needs_the_header_again(client: Any) -> None:
    path = "/users?$filter=accountEnabled ne false&$count=true&$top=10&$select=id"
    link = client.get(path, **EVENTUAL).json()["@odata.nextLink"]
    assert client.get(link).status_code == 400
    assert client.simulator.violations[0].startswith("ConsistencyLevel dropped")
    assert client.get(link, **EVENTUAL).status_code == 200


def test_an_altered_next_link_is_refused_and_noted(client: Any) -> None:
    link = client.get("/users?$top=10&$select=id").json()["@odata.nextLink"]
    assert client.get(link.replace("$top=10", "$top=99")).status_code == 400
    assert client.simulator.violations[0].startswith("next link altered")


def test_page_tokens_grow_old(start: Callable[..., Any]) -> None:
    client = start(page_token_seconds=0)
    link = client.get("/users?$top=10&$select=id").json()["@odata.nextLink"]
    answer = client.get(link)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "Directory_ExpiredPageToken")


def test_products_count_what_is_assigned(client: Any) -> None:
    skus = client.rows("/subscribedSkus")
    assigned = {row["sku_id"]: row["assigned"] for row in truth(client.simulator.tenant).licenses}
    assert all(sku["consumedUnits"] == assigned[sku["skuId"]] for sku in skus)
    ids = {lot["id"] for lot in client.rows("/directory/subscriptions")}
    assert ids == {one for sku in skus for one in sku["subscriptionIds"]}


def test_groups_show_licenses_only_on_select_and_can_be_filtered_by_them(client: Any) -> None:
    assert "assignedLicenses" not in client.rows("/groups?$top=999")[0]
    path = "/groups?$select=id,displayName,assignedLicenses&$filter=assignedLicenses/$count ne 0&$count=true"
    licensed = client.rows(path, **EVENTUAL)
    everything = client.rows("/groups?$select=id,displayName,assignedLicenses&$top=999")
    assert licensed == [row for row in everything if row["assignedLicenses"]]
    assert len(everything) > len(licensed) > 3


def test_enterprise_applications_tell_who_is_assigned(client: Any) -> None:
    tag = "WindowsAzureActiveDirectoryIntegratedApp"
    apps = client.rows(f"/servicePrincipals?$filter=tags/any(t:t eq '{tag}')&$top=999")
    assert len(apps) < len(client.rows("/servicePrincipals?$top=999"))
    counted = {}
    for app in apps:
        rows = client.rows(f"/servicePrincipals/{app['id']}/appRoleAssignedTo?$top=999")
        counted[app["displayName"]] = len(
            {row["principalId"] for row in rows if row["principalType"] == "User"}
        )
    told = truth(client.simulator.tenant).applications
    assert counted == {
        row["application"]: row["entitled_users"] for row in told if row["kind"].startswith("ent")
    }


def test_one_user_is_found_by_id_and_by_name(client: Any) -> None:
    row = client.get("/users?$top=1&$select=id,userPrincipalName").json()["value"][0]
    for key in (row["id"], row["userPrincipalName"]):
        assert client.get(f"/users/{key}?$select=id").json()["id"] == row["id"]


def test_sign_ins_need_their_permission_a_plan_and_small_pages(start: Callable[..., Any]) -> None:
    client = start()
    token = client.simulator.issue_access_token(permissions=("Directory.Read.All", "AuditLog.Read.All"))
    authorization = {"Authorization": f"Bearer {token}"}
    assert client.get("/users?$select=id,signInActivity&$top=999", **authorization).status_code == 400
    rows = client.rows("/users?$select=id,signInActivity&$top=500", **authorization)
    assert 0 < sum("signInActivity" in row for row in rows) < len(rows) == 120
    poor = start(premium=False)
    answer = poor.get("/users?$select=id,signInActivity&$top=500", **authorization)
    assert answer.json()["error"]["code"] == "Authentication_RequestFromNonPremiumTenantOrB2CTenant"


def test_days_pass(client: Any) -> None:
    before = {row["id"]: row for row in client.rows("/users?$top=999&$select=id,department")}
    client.simulator.set_day(60)
    after = {row["id"]: row for row in client.rows("/users?$top=999&$select=id,department")}
    assert after.keys() - before.keys()
    assert before.keys() - after.keys()
    assert any(after[one] != before[one] for one in after.keys() & before.keys())


def test_a_write_is_refused_and_noted(client: Any) -> None:
    answer = client.session.post(f"{client.simulator.graph_root}/v1.0/users", json={}, timeout=20)
    assert answer.status_code == 405
    assert client.simulator.violations == ["a write: POST graph /v1.0/users: POST is no reading"]


def test_a_token_at_another_host_is_noted_and_nowhere_written_down(client: Any) -> None:
    client.session.get(f"{client.simulator.download_root}/data/download/x", timeout=20)
    assert client.simulator.violations[0].startswith("token sent to the wrong host")
    kept = repr(client.simulator.journal.entries) + repr(client.simulator.violations)
    assert client.session.headers["Authorization"].removeprefix("Bearer ") not in kept


def test_a_warmed_listing_is_the_same_and_no_request_is_counted(client: Any) -> None:
    path = "/users?$select=id,userPrincipalName&$top=50"
    client.simulator.warm([f"/v1.0{path}"])
    assert client.simulator.journal.requests == 0
    assert [row["id"] for row in client.rows(path)] == [user.id for user in client.simulator.tenant.users()]
