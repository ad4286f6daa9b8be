"""Every request of every dataset, held against Microsoft's own machine-readable description of Graph v1.0."""

from __future__ import annotations

import inspect
import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import seatbeacon.collection
from seatbeacon.collection.datasets import BY_NAME, DATASETS, Dataset, Kind
from seatbeacon.collection.package import REQUIRED_DATASETS
from seatbeacon.collection.package.schemas import SCHEMAS
from seatbeacon.graph.client import GraphClient

SPEC = Path(__file__).resolve().parents[4] / "shared" / "facts" / "spec"
pytestmark = pytest.mark.skipif(
    not (SPEC.is_dir() or "CI" in os.environ), reason="Microsoft's descriptions are not beside this clone"
)

TYPES = {
    "organization": "organization",
    "users": "user",
    "subscribedSkus": "subscribedSku",
    "subscriptions": "companySubscription",
    "groups": "group",
    "servicePrincipals": "servicePrincipal",
    "appRoleAssignedTo": "appRoleAssignment",
    "signInActivity": "user",
    "reportSettings": "adminReportSettings",
}
OBJECTS = [dataset for dataset in DATASETS if dataset.kind is not Kind.REPORT]
DOCUMENTED = {"Directory.Read.All", "Reports.Read.All"}


def templates() -> list[tuple[re.Pattern[str], set[str]]]:
    """Each request template as a pattern of its path, and the query options it takes."""
    found = []
    for line in (SPEC / "graph-request-templates-v1.0.txt").read_text().splitlines():
        match = re.fullmatch(r"\{\+baseurl\}(.*?)(?:\{\?([^}]*)\})?", line.strip())
        assert match, line
        path = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(match[1]).replace("%2D", "-"))
        options = {each.replace("%24", "$") for each in (match[2] or "").split(",") if each}
        found.append((re.compile(path), options))
    return found


def properties(name: str) -> dict[str, str]:
    """Properties and navigation of a type, its base types' included."""
    types: dict[str, Any] = json.loads((SPEC / "graph-types-v1.0.json").read_text())
    found: dict[str, str] = {}
    full: str | None = f"microsoft.graph.{name}"
    while full is not None:
        kind = types[full]
        found |= kind["properties"] | kind["navigation"]
        full = kind["base"] and f"microsoft.{kind['base'].removeprefix('microsoft.')}"
    return found


def permissions(path: str) -> dict[str, Any]:
    """Which permissions Graph takes for a GET of `path`."""
    known: dict[str, Any] = json.loads((SPEC / "graph-read-permissions.json").read_text())
    key = re.sub(r"='[^']*'", "={value}", path.removesuffix("()")).lower()
    return dict(known[re.sub(r"/\{id\}|/parent-id", "/{id}", key)])


def request_url(dataset: Dataset) -> str:
    return dataset.request(parent_id="parent-id" if dataset.parent else None).path


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_every_path_and_query_option_is_one_that_graph_takes(dataset: Dataset) -> None:
    parts = urlsplit(request_url(dataset))
    taken = [options for path, options in templates() if path.fullmatch(parts.path)]
    if dataset.name == "copilotUsage":  # not in this list of templates; the permissions know it
        assert permissions(parts.path)
        assert not parts.query
        return
    assert taken, parts.path
    assert set(parse_qs(parts.query)) <= set.union(*taken)


@pytest.mark.parametrize("dataset", OBJECTS, ids=lambda dataset: dataset.name)
def test_every_selected_and_expanded_name_exists(dataset: Dataset) -> None:
    known = properties(TYPES[dataset.name])
    assert dataset.select
    assert set(dataset.select) <= set(known)
    if dataset.expand:
        match = re.fullmatch(r"(\w+)\(\$select=([\w,]+)\)", dataset.expand)
        assert match
        assert match[1] in known
        assert set(match[2].split(",")) <= set(properties("user"))


@pytest.mark.parametrize("dataset", OBJECTS, ids=lambda dataset: dataset.name)
def test_what_the_package_promises_is_what_is_asked_for(dataset: Dataset) -> None:
    asked = set(dataset.select) | ({"manager"} if dataset.expand else set())
    assert set(SCHEMAS[dataset.name].columns) == asked


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_the_named_permission_is_enough_for_delegated_and_app_only_access(dataset: Dataset) -> None:
    if (
        dataset.name == "subscriptions"
    ):  # documented on its page (directory-list-subscriptions), not in this list
        assert dataset.permission == "Directory.Read.All"
        return
    known = permissions(urlsplit(dataset.path).path)
    if (
        dataset.name == "signInActivity"
    ):  # a property of users with a permission of its own, besides the users'
        assert dataset.permission == "AuditLog.Read.All"
        return
    assert {"DelegatedWork", "Application"} <= set(known[dataset.permission]["schemes"])


def test_only_extra_datasets_need_more_than_the_two_documented_permissions() -> None:
    assert {dataset.name for dataset in DATASETS if dataset.permission not in DOCUMENTED} == {
        dataset.name for dataset in DATASETS if dataset.extra
    }


def test_every_name_in_a_filter_exists() -> None:
    for dataset in DATASETS:
        if dataset.filter:
            assert re.split(r"[/ ]", dataset.filter)[0] in properties(TYPES[dataset.name])


def test_nothing_but_reads_can_be_asked_of_the_client() -> None:
    used = set()
    for path in Path(seatbeacon.collection.__file__).parent.rglob("*.py"):
        used |= set(re.findall(r"\bclient\.(\w+)\(", path.read_text()))
    assert used == {"get_object", "pages", "count", "download", "part"}
    for name in used - {"part"}:
        assert not set(inspect.signature(getattr(GraphClient, name)).parameters) & {"method", "body", "json"}


def test_the_other_requests_are_ones_that_graph_takes_too() -> None:
    users, roles = BY_NAME["users"], BY_NAME["appRoleAssignedTo"]
    for request in (
        users.count_request("startswith(userPrincipalName,'a')"),
        users.names_request("startswith(userPrincipalName,'a')"),
        users.request(advanced=True, where="not startswith(userPrincipalName,'a')"),
        BY_NAME["signInActivity"].probe_request(),
        roles.owner_request("parent-id"),
    ):
        parts = urlsplit(request.path)
        taken = [options for path, options in templates() if path.fullmatch(parts.path)]
        assert taken, parts.path
        assert set(parse_qs(parts.query)) <= set.union(*taken)


def test_page_sizes_are_the_most_that_graph_gives() -> None:
    assert BY_NAME["users"].top == 999
    assert BY_NAME["signInActivity"].top == 500


def test_every_dataset_has_its_file_and_required_ones_are_marked() -> None:
    assert [dataset.name for dataset in DATASETS] == list(SCHEMAS)
    assert {dataset.name for dataset in DATASETS if dataset.required} == set(REQUIRED_DATASETS)
    assert {dataset.name for dataset in DATASETS if dataset.clouds == "reports"} == {
        *(dataset.name for dataset in DATASETS if dataset.kind is Kind.REPORT),
        "reportSettings",
    }


def test_users_carry_their_manager_and_no_assigned_plans() -> None:
    path = request_url(BY_NAME["users"])
    assert "assignedPlans" not in path
    assert "$expand=manager($select=id,displayName,userPrincipalName)" in path


def test_advanced_queries_carry_count_and_consistency_level() -> None:
    request = BY_NAME["groups"].request()
    assert "$count=true" in request.path
    assert request.headers == {"ConsistencyLevel": "eventual"}
    assert "assignedLicenses/$count%20ne%200" in request.path
